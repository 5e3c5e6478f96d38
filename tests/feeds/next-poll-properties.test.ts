import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FeedState, newFeedState, readFeedState } from '../../src/feeds/feed-state.ts';
import type { FetchOutcome } from '../../src/feeds/fetch-feed.ts';
import { planNextPoll } from '../../src/feeds/next-poll.ts';
import type { FeedHints } from '../../src/feeds/parsed-feed.ts';
import { DEFAULT_POLL_POLICY as policy } from '../../src/feeds/poll-policy.ts';
import { mayAsk } from '../../src/feeds/poll-request.ts';

const feed = { id: 'mod', url: 'https://mod.test/rss' };
const START = Date.parse('2023-08-16T10:30:00Z');
const DAY = 86_400;
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const sec = fc.option(fc.integer({ min: 0, max: 40 * DAY }));
const step = fc.record({
  waitSec: fc.integer({ min: 0, max: 3 * DAY }),
  kind: fc.constantFrom('not-modified', 'unchanged-body', 'body', 'gone', 'error'),
  code: fc.constantFrom('dns', 'dns-timeout', 'not-found', 'server-error', 'too-many-requests', 'too-large'),
  freshForSec: sec,
  retryAfterSec: sec,
  isConditional: fc.boolean(),
  hasValidators: fc.boolean(),
  isUnreadable: fc.boolean(),
  articles: fc.array(fc.integer({ min: -90 * DAY, max: DAY }), { maxLength: 30 }),
  random: fc.double({ min: 0, max: 0.999999, noNaN: true }),
  hints: fc.record(
    {
      ttlMin: fc.integer({ min: 1, max: 100_000 }),
      updatePeriodSec: fc.integer({ min: 1, max: 400 * DAY }),
      skipHours: fc.array(fc.integer({ min: 0, max: 24 })),
      skipDays: fc.array(fc.constantFrom(...DAYS)),
    },
    { requiredKeys: [] },
  ),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function outcomeOf(one: Step, now: number): FetchOutcome {
  const answered = {
    isConditional: one.isConditional,
    requestedAt: now,
    status: 200,
    url: feed.url,
    permanentUrl: null,
    validators: one.hasValidators ? { etag: '"1"', lastModified: null, date: null } : null,
    freshForSec: one.freshForSec,
    retryAfterSec: one.retryAfterSec,
  };
  const code = one.code as 'dns';
  switch (one.kind) {
    case 'body':
      return { ...answered, kind: 'body', bodyHash: 'h', bytes: new Uint8Array(), contentType: null, headers: {} };
    case 'unchanged-body':
      return { ...answered, kind: 'unchanged-body', bodyHash: 'h' };
    case 'error':
      return { ...answered, kind: 'error', code, message: code };
    default:
      return { ...answered, kind: one.kind as 'gone' };
  }
}

/** Whether the feed's document closes this hour, and does not close all of them. */
function isClosed(at: number, { skipHours = [], skipDays = [] }: FeedHints): boolean {
  const closed = (ms: number) => {
    const date = new Date(ms);
    return (
      skipHours.map((hour) => hour % 24).includes(date.getUTCHours()) || skipDays.includes(DAYS[date.getUTCDay()]!)
    );
  };
  return closed(at) && !Array.from({ length: 168 }, (_, hour) => at + hour * 3_600_000).every(closed);
}

describe('any history of a feed', () => {
  it('never leads to a poll that is early, in a closed hour, or never comes; the state survives being stored', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        let state: FeedState = newFeedState(feed);
        let now = START;
        for (const one of steps) {
          now += one.waitSec * 1000;
          const unreadable = one.isUnreadable ? { code: 'html', message: 'html' } : null;
          const news = unreadable ?? {
            items: one.articles.length,
            newArticleTimes: one.articles.map((at) => now + at * 1000),
          };
          const isRead = one.kind === 'body' && !unreadable;
          const outcome = outcomeOf(one, now);
          const hints = isRead ? one.hints : null;
          const plan = planNextPoll({
            feed,
            state,
            outcome,
            hints,
            news: one.kind === 'body' ? news : null,
            policy,
            now,
            random: one.random,
          });
          expect(readFeedState(JSON.stringify(plan.state), feed)).toEqual(plan.state);
          state = plan.state;
          if (one.kind === 'gone') {
            expect(plan.at).toBeNull();
            continue;
          }
          const waitSec = (plan.at! - now) / 1000;
          const known = state.hints ?? {};
          const wishes = [one.freshForSec ?? 0, (known.ttlMin ?? 0) * 60, known.updatePeriodSec ?? 0];
          // Where the name was not found, no host was asked: trying again sooner troubles nobody.
          const least = one.kind === 'error' && one.code.startsWith('dns') ? 60 : policy.minIntervalSec;
          expect(waitSec).toBeGreaterThanOrEqual(Math.max(least, one.retryAfterSec ?? 0));
          for (const wish of wishes) expect(waitSec).toBeGreaterThanOrEqual(Math.min(wish, policy.maxWishSec));
          expect(waitSec).toBeLessThanOrEqual(Math.max(DAY, one.retryAfterSec ?? 0) + 8 * DAY);
          expect(isClosed(plan.at!, known)).toBe(false);
          expect(mayAsk(state, 'due', plan.at!)).toBeNull();
          expect(state.arrivals.length).toBeLessThanOrEqual(16);
        }
      }),
      { numRuns: 300 },
    );
  });
});
