import type { FeedSpec, FeedState, LimitHit } from './feed-state.ts';
import type { Answered, FetchOutcome } from './fetch-feed.ts';
import type { FeedHints } from './parsed-feed.ts';
import { rememberMove } from './permanent-move.ts';
import { backoffSec, type PollPolicy } from './poll-policy.ts';
import { addArrivals, rhythmSec } from './rhythm.ts';
import { afterSkippedTimes } from './skip-times.ts';

/** What parsing and comparing a body told. */
export interface PollNews {
  /** Items in the document. */
  readonly items: number;
  /** When its new articles appeared, ms; one entry for each, those without a date at the poll's time. */
  readonly newArticleTimes: readonly number[];
  readonly limits?: readonly LimitHit[];
}

/** The body came but could not be read. */
export interface Unreadable {
  readonly code: string;
  readonly message: string;
  /** The fault may have been ours (a parser that was killed): the body is worth fetching again. */
  readonly isTransient?: boolean;
}

export interface PlanInput {
  readonly feed: FeedSpec;
  readonly state: FeedState;
  readonly outcome: FetchOutcome;
  /** What the parsed document says; null when none was parsed this time. */
  readonly hints: FeedHints | null;
  /** Set with the outcome `body`: what it held, or why it could not be read. */
  readonly news?: PollNews | Unreadable | null;
  readonly policy: PollPolicy;
  /** ms since 1970. */
  readonly now: number;
  /** From 0 to below 1. */
  readonly random: number;
}

export interface NextPoll {
  /** ms since 1970; null: never again, until its address changes. */
  readonly at: number | null;
  /** A word and a sentence: what decided. */
  readonly reason: string;
  readonly state: FeedState;
}

type Heard = Exclude<FetchOutcome, { kind: 'deferred' }>;

/**
 * Decides when a feed is asked again, and what is remembered of this poll. The latest of these wins: the interval
 * (the operator's `every`, else a share of the feed's rhythm between the operator's bounds, longer after errors), what
 * the publisher wishes (Cache-Control and Expires, ttl, sy:updatePeriod; at most a day), and a Retry-After; then the
 * end of the hours and days it closed. Jitter only ever adds.
 */
export function planNextPoll(input: PlanInput): NextPoll {
  const { outcome, now } = input;
  if (outcome.kind === 'deferred') {
    const at = Math.max(outcome.at, now);
    return { at, reason: outcome.reason, state: { ...input.state, nextAt: at, nextReason: outcome.reason } };
  }
  const heard = remember(input, outcome);
  if (outcome.kind === 'gone' && input.state.url === input.state.configUrl) {
    const reason = 'gone: the server answered 410';
    return { at: null, reason, state: { ...heard, ended: { at: now, reason }, nextAt: null, nextReason: reason } };
  }
  return schedule(input, outcome, heard);
}

/** The state after this poll, but for when the next one is. */
function remember(input: PlanInput, outcome: Heard): FeedState {
  const { now } = input;
  const base: FeedState = {
    ...input.state,
    lastPollAt: now,
    polls: input.state.polls + 1,
    lastUnconditionalAt: outcome.isConditional ? input.state.lastUnconditionalAt : outcome.requestedAt,
    freshForSec: outcome.freshForSec ?? (outcome.kind === 'not-modified' ? input.state.freshForSec : 0),
  };
  const failure = failureOf(input, outcome);
  if (!failure) return rememberSuccess(input, outcome, base);
  // Without its hash the body is read again when it comes unconditionally, at the latest a day later.
  const held = failure.isBody ? { ...base, ...bodyOf(outcome, now), bodyHash: null, isUnreadable: true } : base;
  const streak = base.errorStreak + 1;
  const moved = base.url !== base.configUrl;
  const givesUpMove = moved && (outcome.kind === 'gone' || streak >= input.policy.moveBackAfterErrors);
  return {
    ...held,
    ...(givesUpMove ? { url: base.configUrl, move: null, validators: null, bodyHash: null } : {}),
    errorStreak: streak,
    errorSinceAt: base.errorSinceAt ?? now,
    error: { code: failure.code, message: failure.message, status: outcome.status, at: now },
  };
}

interface Failure {
  readonly code: string;
  readonly message: string;
  /** The server did its part: its validators now stand for a body that is of no use. */
  readonly isBody: boolean;
}

function failureOf({ feed, state, news }: PlanInput, outcome: Heard): Failure | null {
  if (outcome.kind === 'gone') return { code: 'gone', message: `feed ${feed.id}: gone: status 410`, isBody: false };
  if (outcome.kind === 'error')
    return { code: outcome.code, message: outcome.message, isBody: outcome.validators !== null };
  if (outcome.kind === 'body')
    return news && 'code' in news ? { code: news.code, message: news.message, isBody: !news.isTransient } : null;
  if (!state.isUnreadable) return null;
  const known = state.error ?? { code: 'unreadable', message: `feed ${feed.id}: unreadable as before` };
  return { code: known.code, message: known.message, isBody: outcome.kind !== 'not-modified' };
}

/** What is kept of a response with a body, readable or not. */
function bodyOf(outcome: Heard, now: number): Partial<FeedState> {
  if (outcome.kind === 'not-modified' || outcome.kind === 'gone') return {};
  return {
    validators: outcome.validators,
    lastBodyAt: now,
    bodyHash: outcome.kind === 'error' ? null : outcome.bodyHash,
  };
}

function rememberSuccess(input: PlanInput, outcome: Heard, base: FeedState): FeedState {
  const { now, policy } = input;
  const news = input.news && 'items' in input.news ? input.news : null;
  const success: FeedState = {
    ...base,
    ...bodyOf(outcome, now),
    ...rememberMove(base, outcome.permanentUrl, policy.moveAfterPolls),
    isUnreadable: false,
    hints: input.hints ?? base.hints,
    lastSuccessAt: now,
    errorStreak: 0,
    errorSinceAt: null,
    error: null,
    retryNotBeforeAt: null,
  };
  if (outcome.kind === 'not-modified')
    return { ...success, validators: refreshed(base.validators, outcome.validators) };
  if (outcome.kind !== 'body' || !news) return success;
  return {
    ...success,
    ...addArrivals(base, news.newArticleTimes, now),
    validatorMode: didValidatorsLie(base, outcome, news) ? weaker(base.validatorMode) : base.validatorMode,
    lastNewArticleAt: news.newArticleTimes.length > 0 ? now : base.lastNewArticleAt,
    importedAt: base.importedAt ?? now,
    zeroItemsStreak: news.items === 0 ? base.zeroItemsStreak + 1 : 0,
    limits: news.limits ?? [],
  };
}

/** A 304 may bring new validators for the same content (RFC 9111, 3.2); its Date is the new date of comparison. */
function refreshed(known: FeedState['validators'], told: FeedState['validators']): FeedState['validators'] {
  if (!known || !told) return known ?? told;
  return {
    etag: told.etag ?? known.etag,
    lastModified: told.lastModified ?? known.lastModified,
    // Only a full answer's Date dates the content we hold.
    date: known.date,
  };
}

/** An unconditional answer had news although the validator we would have sent still stands. */
function didValidatorsLie(base: FeedState, outcome: Answered, news: PollNews): boolean {
  if (outcome.isConditional || !base.validators || !outcome.validators || news.newArticleTimes.length === 0)
    return false;
  if (base.polls === 0 || base.importedAt === null) return false;
  const key = base.validatorMode === 'all' && base.validators.etag ? 'etag' : 'lastModified';
  return base.validators[key] !== null && base.validators[key] === outcome.validators[key];
}

function weaker(mode: FeedState['validatorMode']): FeedState['validatorMode'] {
  return mode === 'all' ? 'last-modified' : 'date';
}

interface Bound {
  readonly sec: number;
  readonly reason: string;
}

function schedule(input: PlanInput, outcome: Heard, heard: FeedState): NextPoll {
  const { policy, now, random } = input;
  const interval = intervalOf(input, heard);
  const wishes = wishesOf(heard, policy);
  const retry: Bound = {
    sec: outcome.retryAfterSec ?? 0,
    reason: `retry-after: asked to wait ${outcome.retryAfterSec} s`,
  };
  const longest = [interval, ...wishes, retry].reduce((a, b) => (b.sec > a.sec ? b : a));
  const wishSec = Math.max(0, ...wishes.map(({ sec }) => sec));
  const dueAt = now + Math.ceil(longest.sec * 1000 + jitterMs(longest.sec, policy, random));
  const open = afterSkippedTimes(dueAt, heard.hints);
  // Not all feeds with the same closed hours at the same second: spread over the first ten minutes of the open one.
  const at = open > dueAt ? open + Math.floor(random * 600_000) : dueAt;
  const reason = open > dueAt ? `skip: closed by skipHours or skipDays; before that ${longest.reason}` : longest.reason;
  return {
    at,
    reason,
    state: {
      ...heard,
      nextAt: at,
      nextReason: reason,
      notBeforeAt: wishSec > 0 ? now + wishSec * 1000 : null,
      retryNotBeforeAt: outcome.retryAfterSec ? now + outcome.retryAfterSec * 1000 : null,
    },
  };
}

/** A tenth of an interval, but no more than ten minutes: spreading is the aim, not waiting. */
function jitterMs(sec: number, policy: PollPolicy, random: number): number {
  return Math.min(sec * 1000 * policy.jitterShare, 600_000) * random;
}

function intervalOf({ feed, policy, now, outcome }: PlanInput, heard: FeedState): Bound {
  const normal = normalInterval(feed, heard, policy, now);
  if (!heard.error || heard.errorStreak === 0) return normal;
  const backoff = backoffSec(heard.error.code, heard.errorStreak, normal.sec);
  // An error that is remembered from an earlier poll does not let this one's answer be followed early.
  const isThisPolls = outcome.kind === 'error' && outcome.code === heard.error.code;
  const sec = isThisPolls ? backoff : Math.max(backoff, normal.sec);
  return { sec, reason: `error: ${heard.error.code}, ${heard.errorStreak} in a row` };
}

function normalInterval(feed: FeedSpec, heard: FeedState, policy: PollPolicy, now: number): Bound {
  if (feed.every !== undefined) return { sec: feed.every, reason: `every: the operator set ${feed.every} s` };
  const rhythm = rhythmSec(heard, now);
  if (rhythm === null) return { sec: policy.defaultIntervalSec, reason: 'default: its rhythm is not known yet' };
  const sec = Math.min(Math.max(rhythm * policy.rhythmShare, policy.minIntervalSec), policy.maxIntervalSec);
  return { sec, reason: `rhythm: an article about every ${Math.round(rhythm)} s` };
}

function wishesOf({ hints, freshForSec }: FeedState, policy: PollPolicy): Bound[] {
  const bounded = (sec: number | null | undefined) => Math.min(Math.max(sec ?? 0, 0), policy.maxWishSec);
  return [
    { sec: bounded(freshForSec), reason: `fresh: Cache-Control or Expires says ${freshForSec} s` },
    { sec: bounded((hints?.ttlMin ?? 0) * 60), reason: `ttl: the feed says ${hints?.ttlMin} min` },
    { sec: bounded(hints?.updatePeriodSec), reason: `sy: the feed says every ${hints?.updatePeriodSec} s` },
  ];
}
