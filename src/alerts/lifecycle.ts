/** What a join and a match mean for one story and one watch. Pure: what was announced is an argument, nothing is stored here. */

import type { StorySummary, StoryVerdict } from '../stories/story.ts';

/** What subscribers of a watch were last told of a story; kept for each story and watch. */
export interface AnnouncedState {
  readonly v: 1;
  readonly sources: number;
  readonly origins: number;
  readonly languages: readonly string[];
  readonly countries: readonly string[];
  /** Top topics only: `defense`, not `defense/exercises`. */
  readonly topics: readonly string[];
}

export type StoryEvent = 'story.matched' | 'story.updated';

/** The kinds of change a subscriber may choose among: the part of a change before its colon. */
export const CHANGE_KINDS = ['new-origin', 'sources', 'language', 'country', 'topic', 'revision', 'merge'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Growth in sources is told at these counts only, about a factor of three apart: the first reprints, wide pick-up, everywhere. */
const SOURCE_STEPS: readonly number[] = [3, 10, 30];

/** Independent origins are told at these counts: each of the first confirmations, then growth by about two. Forty papers' own reports of one event are not forty alerts. */
const ORIGIN_STEPS: readonly number[] = [2, 3, 5, 10, 20, 40, 80, 160];

/** One article may name a whole alliance; the rest of its changes is in the story itself. */
const MAX_CHANGES = 24;

export interface AlertQuestion {
  readonly watch: { readonly id: string };
  readonly story: { readonly before: StorySummary | null; readonly after: StorySummary };
  readonly verdict: StoryVerdict;
  /** Ids of stories that this article's join merged into this one. */
  readonly merged: readonly string[];
  readonly articleMatchedItself: boolean;
  readonly announced: AnnouncedState | null;
}

export interface AlertDecision {
  readonly event: StoryEvent | null;
  readonly changes: readonly string[];
  /** To be stored with the claim; the same as before where there is no event. */
  readonly announced: AnnouncedState | null;
  readonly reason: string;
}

/**
 * Decides whether a watch's subscribers are told of a story now. `story.matched` comes once for each story and watch, when an article
 * matches by itself; after that every article of the story counts, and `story.updated` comes when the story has outgrown what was
 * announced. Comparing with the announced state, not with the story a moment ago, heals an update that a crash swallowed.
 */
export function decideAlert(question: AlertQuestion): AlertDecision {
  const { story, announced, articleMatchedItself } = question;
  if (announced === null) {
    if (!articleMatchedItself) {
      return { event: null, changes: [], announced, reason: 'no article of the story has matched the watch' };
    }
    return {
      event: 'story.matched',
      changes: [],
      announced: snapshot(story.after),
      reason: 'first match of the watch in this story',
    };
  }
  const changes = changesSince(announced, question);
  if (changes.length === 0) {
    return { event: null, changes, announced, reason: 'told already; nothing that matters has changed since' };
  }
  const next = grow(announced, snapshot(story.after), question.merged.length > 0);
  return { event: 'story.updated', changes, announced: next, reason: `the story grew: ${changes.join(', ')}` };
}

/** The kind of a change: `sources` for `sources:10`. Null for one that this version does not know. */
export function changeKind(change: string): ChangeKind | null {
  const kind = change.split(':', 1)[0];
  return CHANGE_KINDS.find((known) => known === kind) ?? null;
}

/** Joins the announced states of two stories that became one: what either was told of is told. */
export function mergeAnnounced(a: AnnouncedState, b: AnnouncedState): AnnouncedState {
  return {
    v: 1,
    // Distinct stories have distinct articles, so the sum is the most that has been told; the merge's own alert corrects it.
    sources: a.sources + b.sources,
    origins: a.origins + b.origins,
    languages: union(a.languages, b.languages),
    countries: union(a.countries, b.countries),
    topics: union(a.topics, b.topics),
  };
}

function changesSince(announced: AnnouncedState, question: AlertQuestion): string[] {
  const { before, after } = question.story;
  const changes: string[] = [];
  if (question.merged.length > 0) changes.push('merge');
  if (ORIGIN_STEPS.some((step) => announced.origins < step && after.origins >= step)) changes.push('new-origin');
  for (const step of SOURCE_STEPS) {
    if (announced.sources < step && after.sources >= step) changes.push(`sources:${step}`);
  }
  // A retitled article that matches is news only where the story's own headline changed with it.
  const retitled = before !== null && before.headline !== after.headline;
  if (question.verdict === 'revision' && question.articleMatchedItself && retitled) changes.push('revision');
  const now = snapshot(after);
  changes.push(...missing(announced.languages, now.languages).map((language) => `language:${language}`));
  changes.push(...missing(announced.topics, now.topics).map((topic) => `topic:${topic}`));
  changes.push(...missing(announced.countries, now.countries).map((country) => `country:${country}`));
  return changes.slice(0, MAX_CHANGES);
}

function snapshot(story: StorySummary): AnnouncedState {
  return {
    v: 1,
    sources: story.sources,
    origins: story.origins,
    languages: union([], story.languages).filter((language) => language !== 'und'),
    countries: union([], story.entities).filter((id) => /^[A-Z]{2}$/.test(id)),
    topics: union(
      [],
      story.topics.map((topic) => topic.split('/', 1)[0] ?? topic),
    ),
  };
}

function grow(old: AnnouncedState, now: AnnouncedState, merged: boolean): AnnouncedState {
  return {
    v: 1,
    // Counts never fall but at a merge, where the two stories' shared sources are counted once again.
    sources: merged ? now.sources : Math.max(old.sources, now.sources),
    origins: merged ? now.origins : Math.max(old.origins, now.origins),
    languages: union(old.languages, now.languages),
    countries: union(old.countries, now.countries),
    topics: union(old.topics, now.topics),
  };
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort();
}

function missing(told: readonly string[], now: readonly string[]): string[] {
  return now.filter((value) => !told.includes(value));
}
