import type { Article, Source } from './article.ts';
import { articleId, guidKey, itemKey, reliableGuids, revisionOf, sharedAddresses } from './article-id.ts';
import { detectLanguage } from './language.ts';
import { type RawItem, titleOf, toArticle } from './normalise-item.ts';

/** What of a read feed its articles are made from; a `ParsedFeed` fits. */
export interface FeedOfItems {
  readonly link: string | null;
  readonly language: string | null;
  readonly items: readonly RawItem[];
}

export interface FeedArticle {
  /** The item's key in the feed's seen set. */
  readonly key: string;
  /** Under which the feed's seen set keeps the id of the article that has the item's guid; null where the guid cannot be relied on. */
  readonly guidKey: string | null;
  /** The article's id, unless an earlier poll knows its guid under another. */
  readonly id: string;
  /** The article's revision. */
  readonly revision: string;
  /** Made when first asked for: most items of a poll have been seen before, and telling their language costs more than reading them. */
  readonly article: Article;
}

/**
 * The articles of one document, in its order and number. Addresses that several of its items share are told apart here, where all of them are in view.
 *
 * @param url where the document came from: the base of links that are still relative
 */
export function feedArticles(
  feed: FeedOfItems,
  { source, url, seenAtMs }: { source: Source; url?: string | undefined; seenAtMs: number },
): FeedArticle[] {
  const origin = {
    source,
    feedLanguage: feed.language,
    base: url ?? feed.link ?? undefined,
    seenAt: new Date(seenAtMs).toISOString(),
    shared: sharedAddresses(feed.items),
    detectLanguage,
  };
  const guids = reliableGuids(feed.items);
  return feed.items.map((item) => {
    let made: Article | null = null;
    return {
      key: itemKey(item),
      guidKey: item.guid !== null && guids.has(item.guid) ? guidKey(item.guid) : null,
      id: articleId({ ...item, title: titleOf(item) }, source.id, origin.shared),
      revision: revisionOf({ title: titleOf(item), summary: item.summary, text: item.text }),
      get article(): Article {
        made ??= toArticle(item, origin);
        return made;
      },
    };
  });
}
