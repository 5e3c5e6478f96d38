import type { FeedState } from './feed-state.ts';
import { rhythmSec, usualGapSec } from './rhythm.ts';

export type FeedProblemCode = 'ended' | 'failing' | 'no-items' | 'silent' | 'truncated' | 'validators-lie' | 'moved';

export interface FeedProblem {
  readonly code: FeedProblemCode;
  /** For people: what, since when or how often. */
  readonly message: string;
}

export interface FeedHealth {
  /** `new`: never read. `broken`: nothing comes from it. `warning`: something is odd. */
  readonly status: 'new' | 'ok' | 'warning' | 'broken';
  readonly problems: readonly FeedProblem[];
  readonly lastSuccessAt: number | null;
  readonly lastNewArticleAt: number | null;
  readonly errorStreak: number;
  readonly rhythmSec: number | null;
  readonly nextAt: number | null;
}

/** One bad answer is no news. */
const FAILING_STREAK = 3;
const FAILING_FOR_MS = 3_600_000;
const ZERO_ITEMS_STREAK = 3;
/** Silence is told after three times the usual pause, and never within half a day: a quiet night is no fault. */
const SILENCE_FACTOR = 3;
const MIN_SILENCE_SEC = 12 * 3_600;

/**
 * How a feed is doing, judged at `now` from what its polls left behind.
 *
 * Silence counts against the longest pause of the last weeks rather than the mean: a newspaper that sleeps at night and
 * rests on Sundays is not reported for it.
 */
export function feedHealth(state: FeedState, now: number): FeedHealth {
  const problems = [...broken(state, now), ...odd(state, now)];
  const isBroken = problems.some(({ code }) => code === 'ended' || code === 'failing');
  const warned = problems.some(({ code }) => code !== 'moved');
  const status = isBroken ? 'broken' : state.importedAt === null ? 'new' : warned ? 'warning' : 'ok';
  return {
    status,
    problems,
    lastSuccessAt: state.lastSuccessAt,
    lastNewArticleAt: state.lastNewArticleAt,
    errorStreak: state.errorStreak,
    rhythmSec: rhythmSec(state, now),
    nextAt: state.nextAt,
  };
}

function broken(state: FeedState, now: number): FeedProblem[] {
  if (state.ended) return [{ code: 'ended', message: `${state.ended.reason}, ${ago(state.ended.at, now)} ago` }];
  const { error, errorStreak, errorSinceAt } = state;
  if (!error || errorSinceAt === null) return [];
  if (errorStreak < FAILING_STREAK || now - errorSinceAt < FAILING_FOR_MS) return [];
  return [{ code: 'failing', message: `${error.message}; ${errorStreak} in a row for ${ago(errorSinceAt, now)}` }];
}

function odd(state: FeedState, now: number): FeedProblem[] {
  const problems: FeedProblem[] = [];
  if (state.zeroItemsStreak >= ZERO_ITEMS_STREAK)
    problems.push({ code: 'no-items', message: `answers without any item, ${state.zeroItemsStreak} times in a row` });
  const silence = silenceOf(state, now);
  if (silence) problems.push(silence);
  for (const { limit, seen, kept } of state.limits)
    problems.push({ code: 'truncated', message: `limit ${limit}: ${kept} of ${seen} kept` });
  if (state.validatorMode !== 'all')
    problems.push({
      code: 'validators-lie',
      message: `changed without a new ${lyingValidator(state)}; it is not sent any more`,
    });
  if (state.url !== state.configUrl)
    problems.push({ code: 'moved', message: `moved for good to ${URL.parse(state.url)?.origin ?? 'another address'}` });
  return problems;
}

function lyingValidator({ validatorMode }: FeedState): string {
  return validatorMode === 'date' ? 'ETag or Last-Modified' : 'ETag';
}

function silenceOf(state: FeedState, now: number): FeedProblem | null {
  const usual = usualGapSec(state, now);
  const last = Math.max(state.lastNewArticleAt ?? 0, state.arrivals.at(-1) ?? 0);
  if (usual === null || last === 0) return null;
  if ((now - last) / 1000 <= Math.max(usual * SILENCE_FACTOR, MIN_SILENCE_SEC)) return null;
  return {
    code: 'silent',
    message: `no new article for ${ago(last, now)}; its longest pause lately was ${span(usual)}`,
  };
}

function ago(at: number, now: number): string {
  return span((now - at) / 1000);
}

function span(sec: number): string {
  if (sec < 90) return `${Math.max(Math.round(sec), 0)} s`;
  if (sec < 5_400) return `${Math.round(sec / 60)} min`;
  return sec < 172_800 ? `${Math.round(sec / 3_600)} h` : `${Math.round(sec / 86_400)} days`;
}
