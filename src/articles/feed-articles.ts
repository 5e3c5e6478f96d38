import type { Article } from './article.ts';
import { itemKey, sharedAddresses } from './article-id.ts';
import { type ItemOrigin, type RawItem, toArticle } from './normalise-item.ts';

/** An item of a document as an article, with the key it has in its feed's seen set. */
export interface FeedArticle {
  readonly key: string;
  readonly article: Article;
}

/** The items of one feed document as articles, in its order. Pure: the clock is `seenAt`. */
export function feedArticles(items: readonly RawItem[], origin: Omit<ItemOrigin, 'shared'>): FeedArticle[] {
  const shared = sharedAddresses(items);
  return items.map((item) => ({ key: itemKey(item), article: toArticle(item, { ...origin, shared }) }));
}
