import type { StoryInput, StorySummary } from './story.ts';

/**
 * What a story's record says, as the stores keep it. Sets are lines, in the order in which they came (`"en\nru"`): Redis' Lua appends to them with the
 * same rules as here (story-script-parts.ts; a test holds the two together).
 */
export interface StoryState {
  /** The story's id. */
  readonly id: string;
  readonly headline: string;
  /** The article that gave the headline. */
  readonly founder: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly articles: number;
  readonly sources: string;
  readonly origins: string;
  readonly languages: string;
  readonly entities: string;
  readonly topics: string;
}

/** How many of each a story remembers. */
export const SET_LIMITS = { sources: 256, origins: 256, languages: 32, entities: 48, topics: 16 } as const;

/** What one article adds to its story. */
export function stateOf(input: StoryInput, origin: string, storyId: string): StoryState {
  return {
    id: storyId,
    headline: (input.title || input.summary.slice(0, 120) || input.text.slice(0, 120)).toWellFormed(),
    founder: input.id,
    firstAt: input.at,
    lastAt: input.at,
    articles: 1,
    sources: lineOf(input.source.id || input.source.host || ''),
    origins: lineOf(origin),
    languages: lineOf(input.lang),
    entities: linesOf(input.entities, SET_LIMITS.entities),
    topics: linesOf(input.topics, SET_LIMITS.topics),
  };
}

/** Two states as one: the older's id and headline, the union of their sets. Used for an article that joins and for stories that merge. */
export function foldStates(older: StoryState, newer: StoryState): StoryState {
  return {
    ...older,
    firstAt: Math.min(older.firstAt, newer.firstAt),
    lastAt: Math.max(older.lastAt, newer.lastAt),
    articles: older.articles + newer.articles,
    sources: union(older.sources, newer.sources, SET_LIMITS.sources),
    origins: union(older.origins, newer.origins, SET_LIMITS.origins),
    languages: union(older.languages, newer.languages, SET_LIMITS.languages),
    entities: union(older.entities, newer.entities, SET_LIMITS.entities),
    topics: union(older.topics, newer.topics, SET_LIMITS.topics),
  };
}

/** What others see of a story. */
export function summaryOf(state: StoryState): StorySummary {
  return {
    id: state.id,
    headline: state.headline,
    firstSeenAt: new Date(state.firstAt).toISOString(),
    lastArticleAt: new Date(state.lastAt).toISOString(),
    articles: state.articles,
    sources: membersOf(state.sources).length,
    origins: membersOf(state.origins).length,
    languages: membersOf(state.languages),
    entities: membersOf(state.entities),
    topics: membersOf(state.topics),
  };
}

/** A line of a set. Half a surrogate pair would be no JSON to Redis. */
const lineOf = (text: string): string => text.replaceAll('\n', ' ').toWellFormed() || '-';
const linesOf = (all: readonly string[], limit: number): string => all.slice(0, limit).map(lineOf).join('\n');
const membersOf = (lines: string): string[] => (lines === '' ? [] : lines.split('\n'));
const union = (one: string, other: string, limit: number): string =>
  [...new Set([...membersOf(one), ...membersOf(other)])].slice(0, limit).join('\n');
