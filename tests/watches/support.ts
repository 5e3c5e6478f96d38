import type { SourceKind } from '../../src/articles/article.ts';
import type { EntityTag } from '../../src/entities/entity-tag.ts';
import { MatcherBuilder, type PhraseMatcher } from '../../src/text/phrase-matcher.ts';
import { readArticle } from '../../src/text/reading.ts';
import type { TopicTag } from '../../src/topics/topic-tag.ts';
import type { Judged } from '../../src/watches/article-facts.ts';
import { compileWatches, type WatchSet } from '../../src/watches/compile-watches.ts';
import type { QueryVocabulary, WatchConfig } from '../../src/watches/query.ts';

/** An article as a test writes it: a title, or some of its parts. Tags: `CN`, `org:nato`, `person:x`, `role:x@CN`. */
export type Written =
  | string
  | {
      readonly title?: string;
      readonly summary?: string;
      readonly text?: string;
      readonly lang?: string;
      readonly source?: string;
      readonly sourceTags?: readonly string[];
      readonly kind?: SourceKind;
      readonly publishedAt?: string | null;
      readonly at?: string;
      readonly topics?: readonly string[];
      readonly tags?: readonly string[];
    };

export const VOCABULARY: QueryVocabulary = {
  topics: ['defense', 'defense/exercises', 'defense/procurement', 'diplomacy', 'diplomacy/official-visit', 'conflict'],
  orgs: ['nato', 'european-union', 'united-nations'],
  persons: ['li-shangfu', 'viktor-khrenin'],
  roles: ['defence-minister', 'foreign-minister', 'head-of-state'],
  sources: ['bbc-world', 'belta', 'baltic'],
  terms: {
    navies: ['US Navy', '"Royal Navy"', 'naval*', '=PLAN'],
    baltics: ['EE', 'LV', 'lt'],
    regions: ['Crimea', 'Donbas', 'Kherson'],
    envoys: ['defence-minister@CN', 'foreign-minister'],
    empty: [],
    fleets: ['$navies', 'flotilla'],
    allies: ['$baltics', 'PL'],
    slavic: ['ru', 'uk'],
    'slavic-languages': ['ru'],
    doubled: ['Crimea', 'crimea'],
  },
  feeds: [
    { id: 'bbc-world', tags: [], kind: 'broadcaster' },
    { id: 'belta', tags: ['baltic'], kind: 'state-media' },
  ],
};

export function watch(query: string, more: Partial<WatchConfig> = {}): WatchConfig {
  return { id: 'w', title: 'W', query, notify: [], ...more };
}

export interface Compiled {
  readonly set: WatchSet;
  readonly matcher: PhraseMatcher;
  judge(written: Written): Judged;
}

export function compile(watches: readonly WatchConfig[], vocabulary: QueryVocabulary = VOCABULARY): Compiled {
  const builder = new MatcherBuilder();
  const set = compileWatches(watches, vocabulary, builder);
  const matcher = builder.build();
  return { set, matcher, judge: (written) => judge(written, matcher) };
}

function judge(written: Written, matcher: PhraseMatcher): Judged {
  const parts = typeof written === 'string' ? { title: written } : written;
  const { title = '', summary = '', text = '', lang = 'en', publishedAt = null, at = '2023-08-16T09:00:00Z' } = parts;
  const source = {
    id: parts.source ?? 'test',
    name: 'Test',
    kind: parts.kind ?? null,
    country: null,
    tags: parts.sourceTags ?? [],
  };
  return {
    article: { lang, source, publishedAt, at, title, summary, text },
    reading: readArticle({ title, summary, text }, lang, matcher),
    topics: (parts.topics ?? []).map((id): TopicTag => ({ id, score: 0.9, evidence: spans(title, id) })),
    entities: (parts.tags ?? []).map((tag) => entityOf(tag, title)),
  };
}

function entityOf(tag: string, title: string): EntityTag {
  const [type, id] = tag.includes(':') ? (tag.split(':') as [string, string]) : ['country', tag];
  const evidence = spans(title, tag);
  if (type === 'country') return { id, type, evidence };
  if (type === 'org') return { id, type: 'organisation', evidence };
  if (type === 'person') return { id, type, evidence };
  const [role, country] = id.split('@');
  return { id: role!, type: 'role', country: country ?? null, evidence };
}

/** Stands for a tag's own spans: the whole title. */
function spans(title: string, term: string) {
  return title === '' ? [] : [{ field: 'title' as const, start: 0, end: title.length, text: title, term }];
}
