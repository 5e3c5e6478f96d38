import type { Source } from '../articles/article.ts';
import type { EntityTag } from '../entities/entity-tag.ts';
import type { Reading } from '../text/reading.ts';
import type { TopicTag } from '../topics/topic-tag.ts';
import type { WatchSet } from './compile-watches.ts';
import { tagName } from './compiled-clause.ts';
import { KeySet } from './key-set.ts';

/** An article with what was found out about it: all that watches judge. */
export interface Judged {
  readonly article: {
    readonly lang: string;
    readonly source: Source;
    /** ISO 8601, or null. */
    readonly publishedAt: string | null;
    /** The article's time, ISO 8601. */
    readonly at: string;
    readonly title: string;
    readonly summary: string;
    readonly text: string;
  };
  /** Made with the matcher whose builder the watches were compiled into. */
  readonly reading: Reading;
  /** Those over their thresholds. */
  readonly topics: readonly TopicTag[];
  readonly entities: readonly EntityTag[];
  /** Those under their thresholds, where they are at hand: they only help to say what lacked. */
  readonly topicsBelow?: readonly TopicTag[];
}

/** What a set's clauses can ask of one article, looked up once. */
export interface Facts {
  readonly judged: Judged;
  /** Keys of the set that the article has. */
  readonly present: KeySet;
  /** Milliseconds since 1970: the date it gives, but no future one; else the article's time. */
  readonly published: number;
}

export function factsOf(set: WatchSet, judged: Judged): Facts {
  const { fields } = judged.reading;
  const present = new KeySet(fields.reduce((hits, field) => hits + field.hits.length, 32));
  for (const { hits } of fields) {
    for (const { term } of hits) {
      const key = set.termKeys[term];
      if (key === undefined || key < 0 || present.has(key)) continue;
      present.add(key);
      for (const group of set.groupsOf.get(key) ?? []) present.add(group);
    }
  }
  for (const name of tagNames(judged)) {
    const key = set.tagKeys.get(name);
    if (key === undefined) continue;
    present.add(key);
    for (const group of set.groupsOf.get(key) ?? []) present.add(group);
  }
  return { judged, present, published: publishedTime(judged.article) };
}

/** All names an article's tags answer to: a subtopic to its parents' too, a role with its country to the bare role's. */
function tagNames({ article, topics, entities }: Judged): Set<string> {
  const names = new Set<string>([tagName('lang', article.lang), tagName('source', article.source.id)]);
  for (const tag of article.source.tags) names.add(tagName('source', tag));
  if (article.source.kind !== null) names.add(tagName('kind', article.source.kind));
  for (const { id } of topics) for (const topic of withParents(id)) names.add(tagName('topic', topic));
  for (const entity of entities) for (const name of entityNames(entity)) names.add(name);
  return names;
}

/** `defense/exercises` is `defense/exercises` and `defense`. */
export function withParents(topic: string): string[] {
  const parts = topic.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

const FIELD_OF_TYPE = { country: 'country', organisation: 'org', person: 'person', role: 'role' } as const;

export function entityNames(entity: EntityTag): string[] {
  const name = tagName(FIELD_OF_TYPE[entity.type], entity.id);
  return entity.type === 'role' && entity.country ? [name, `${name}@${entity.country}`] : [name];
}

function publishedTime({ publishedAt, at }: Judged['article']): number {
  const time = Date.parse(at);
  const published = publishedAt === null ? Number.NaN : Date.parse(publishedAt);
  return Number.isNaN(published) ? time : Math.min(published, Number.isNaN(time) ? published : time);
}
