import type { Article } from '../articles/article.ts';
import { hostOf } from '../articles/canonical-url.ts';
import type { StoryInput } from '../stories/story.ts';
import type { Reading } from '../text/reading.ts';
import type { Judgement } from './judge-article.ts';

const TOP_TOPIC = /^[^/]+/;

/**
 * What joining a story needs of a judged article: countries, organisations and people (a role alone says little of an event), and top topics. With the article's
 * `reading` its words are not read again.
 */
export function storyInputOf(
  article: Article,
  judgement: Pick<Judgement, 'entities' | 'topics'>,
  reading?: Reading,
): StoryInput {
  const { id, revision, title, summary, text, lang, url, source } = article;
  return {
    id,
    revision,
    title,
    summary,
    text,
    lang,
    url,
    at: Date.parse(article.at),
    isDated: article.publishedAt !== null,
    source: { id: source.id, name: source.name, host: url === null ? null : hostOf(url) },
    entities: judgement.entities.filter((one) => one.type !== 'role').map((one) => one.id),
    topics: [...new Set(judgement.topics.map((topic) => TOP_TOPIC.exec(topic.id)?.[0] ?? topic.id))],
    ...(reading === undefined ? {} : { reading }),
  };
}
