import { describe, expect, it } from 'vitest';
import { type FeedSpec, type FeedState, newFeedState, readFeedState } from '../../src/feeds/feed-state.ts';
import type { Answered, FetchOutcome } from '../../src/feeds/fetch-feed.ts';
import { type PlanInput, planNextPoll } from '../../src/feeds/next-poll.ts';
import { DEFAULT_POLL_POLICY as policy } from '../../src/feeds/poll-policy.ts';
import { mayAsk, planRequest } from '../../src/feeds/poll-request.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const NOW = Date.parse('2023-08-16T10:30:00Z');
const feed: FeedSpec = { id: 'mod', url: 'https://mod.test/rss' };

const answered: Answered = {
  isConditional: true,
  requestedAt: NOW,
  status: 200,
  url: feed.url,
  permanentUrl: null,
  validators: { etag: '"1"', lastModified: null, date: null },
  freshForSec: null,
  retryAfterSec: null,
};
const body = (more: Partial<Answered> = {}): FetchOutcome => ({
  ...answered,
  kind: 'body',
  bodyHash: 'hash',
  bytes: new Uint8Array(),
  contentType: null,
  headers: {},
  ...more,
});
const notModified = (more: Partial<Answered> = {}): FetchOutcome => ({
  ...answered,
  status: 304,
  kind: 'not-modified',
  ...more,
});
const failed = (
  code: 'dns' | 'not-found' | 'server-error' | 'too-many-requests',
  more: Partial<Answered> = {},
): FetchOutcome => ({
  ...answered,
  validators: null,
  kind: 'error',
  code,
  message: code,
  ...more,
});
const times = (count: number, every: number, end = NOW) =>
  Array.from({ length: count }, (_, index) => end - index * every);
const plan = (outcome: FetchOutcome, more: Partial<PlanInput> = {}) =>
  planNextPoll({ feed, state: newFeedState(feed), outcome, hints: null, policy, now: NOW, random: 0, ...more });
const news = (newArticleTimes: readonly number[], items = newArticleTimes.length) => ({ items, newArticleTimes });
const seconds = (at: number | null) => (at === null ? null : (at - NOW) / 1000);

describe('planning the next poll', () => {
  it("follows the feed's own rhythm between the operator's bounds", () => {
    const waitAt = (every: number) => seconds(plan(body(), { news: news(times(16, every)) }).at);
    expect(waitAt(MIN)).toBe(policy.minIntervalSec);
    expect(waitAt(HOUR)).toBeCloseTo(3_600 * (15 / 16) * policy.rhythmShare, 0);
    expect(waitAt(7 * DAY)).toBe(policy.maxIntervalSec);
    expect(seconds(plan(body(), { news: news([]) }).at)).toBe(policy.defaultIntervalSec);
  });

  it('asks less often while a feed is silent and more often when news comes again', () => {
    let { state } = plan(body(), { news: news(times(16, 30 * MIN)) });
    const intervals = [0, 6 * HOUR, 12 * HOUR].map((later) => {
      const now = NOW + later;
      const next = plan(notModified(), { state, now });
      state = next.state;
      return next.at! - now;
    });
    expect(intervals[1]).toBeGreaterThan(intervals[0]!);
    expect(intervals[2]).toBeGreaterThan(intervals[1]!);
    const now = NOW + 12 * HOUR;
    const again = plan(body(), { state, now, news: news(times(16, 10 * MIN, now)) });
    expect(again.at! - now).toBe(policy.minIntervalSec * 1000);
  });

  it("takes the operator's own interval as it is, but never against the publisher's wish", () => {
    expect(seconds(plan(notModified(), { feed: { ...feed, every: 20 } }).at)).toBe(20);
    expect(seconds(plan(notModified({ freshForSec: 90 }), { feed: { ...feed, every: 20 } }).at)).toBe(90);
  });

  it('waits as long as Cache-Control, Expires, ttl or sy:updatePeriod wish, at most a day', () => {
    const wait = (more: Partial<PlanInput>, outcome = body()) =>
      seconds(plan(outcome, { news: news(times(16, MIN)), ...more }).at);
    expect(wait({}, body({ freshForSec: 1_200 }))).toBe(1_200);
    expect(wait({ hints: { ttlMin: 60 } })).toBe(3_600);
    expect(wait({ hints: { updatePeriodSec: 7_200 } })).toBe(7_200);
    expect(wait({ hints: { ttlMin: 60, updatePeriodSec: 7_200 } }, body({ freshForSec: 9_000 }))).toBe(9_000);
    expect(wait({ hints: { updatePeriodSec: 31_536_000 } })).toBe(86_400);
  });

  it('remembers the wishes of the last document and of the last headers over a 304 without any', () => {
    const first = plan(body({ freshForSec: 1_800 }), { news: news(times(16, MIN)), hints: { ttlMin: 10 } });
    expect(seconds(plan(notModified(), { state: first.state }).at)).toBe(1_800);
    expect(seconds(plan(notModified({ freshForSec: 60 }), { state: first.state }).at)).toBe(600);
  });

  it('obeys Retry-After whatever the status, longer than any other bound', () => {
    const threeDays = 3 * 86_400;
    for (const outcome of [failed('too-many-requests'), failed('server-error'), notModified(), body()]) {
      const next = plan({ ...outcome, retryAfterSec: threeDays } as FetchOutcome, { random: 0.99 });
      expect(seconds(next.at)).toBeGreaterThanOrEqual(threeDays);
      expect(next.reason).toMatch(/^retry-after/);
      expect(mayAsk(next.state, 'push', NOW + threeDays * 1000 - 1)).not.toBeNull();
      expect(mayAsk(next.state, 'push', NOW + threeDays * 1000)).toBeNull();
    }
  });

  it('skips the hours and days that the feed closed, also for a worker that comes late', () => {
    const next = plan(body(), { news: news(times(16, HOUR)), hints: { skipHours: [10, 11, 12] }, random: 0.5 });
    expect(new Date(next.at!).toISOString()).toBe('2023-08-16T13:05:00.000Z');
    const late = Date.parse('2023-08-17T11:00:00Z');
    expect(mayAsk(next.state, 'due', late)).toMatchObject({ at: Date.parse('2023-08-17T13:00:00Z') });
    expect(mayAsk(next.state, 'push', late)).toBeNull();
  });

  it('adds jitter and never takes any away', () => {
    const at = (random: number) =>
      plan(notModified({ freshForSec: 1_000 }), { random, feed: { ...feed, every: 10 } }).at!;
    expect(seconds(at(0))).toBe(1_000);
    expect(seconds(at(0.999))).toBeGreaterThan(1_050);
    expect(seconds(at(0.999))).toBeLessThan(1_101);
  });

  it('ends a feed at 410, and only there', () => {
    const gone: FetchOutcome = { ...answered, status: 410, kind: 'gone' };
    const next = plan(gone);
    expect(next.at).toBeNull();
    expect(next.state.ended).toMatchObject({ at: NOW });
    const moved = plan(gone, { state: { ...newFeedState(feed), url: 'https://elsewhere.test/' } });
    expect(moved.at).not.toBeNull();
    expect(moved.state.url).toBe(feed.url);
  });

  it('backs off through a streak of errors, and a 304 clears it', () => {
    let state = newFeedState(feed);
    const waits = [1, 2, 3].map(() => {
      const next = plan(failed('not-found', { status: 404 }), { state });
      state = next.state;
      return seconds(next.at);
    });
    expect(waits).toEqual([3_600, 7_200, 14_400]);
    expect(state).toMatchObject({ errorStreak: 3, error: { code: 'not-found', status: 404 } });
    expect(plan(notModified(), { state }).state).toMatchObject({ errorStreak: 0, error: null, lastSuccessAt: NOW });
  });

  it('moves for good after three polls and gives the new address up when it keeps failing', () => {
    let state = newFeedState(feed);
    for (const _ of [1, 2, 3]) state = plan(notModified({ permanentUrl: 'https://new.test/' }), { state }).state;
    expect(state.url).toBe('https://new.test/');
    for (const _ of [1, 2, 3]) state = plan(failed('dns', { status: null }), { state }).state;
    expect(state).toMatchObject({ url: feed.url, validators: null });
  });

  it('says who is silent on purpose: a deferred poll changes nothing but the time', () => {
    const state = newFeedState(feed);
    const next = plan({ kind: 'deferred', at: NOW + MIN, reason: 'busy' }, { state });
    expect(next).toMatchObject({ at: NOW + MIN, state: { polls: 0, lastPollAt: null } });
  });

  it('takes an unreadable body for an error that a 304 does not heal, and keeps its validators', () => {
    const unreadable = { code: 'not-a-feed', message: 'HTML' };
    const first = plan(body({ isConditional: false }), { news: unreadable });
    expect(first.state).toMatchObject({
      errorStreak: 1,
      validators: { etag: '"1"' },
      lastSuccessAt: null,
      importedAt: null,
    });
    const second = plan(notModified(), { state: first.state });
    expect(second.state).toMatchObject({ errorStreak: 2, error: { code: 'not-a-feed' } });
    const healed = plan(body(), { state: second.state, news: news([NOW]) });
    expect(healed.state).toMatchObject({ errorStreak: 0, isUnreadable: false, importedAt: NOW });
    const transient = plan(body(), { state: healed.state, news: { ...unreadable, isTransient: true } });
    expect(transient.state).toMatchObject({ isUnreadable: false, bodyHash: 'hash', errorStreak: 1 });
  });

  it('keeps count of documents without items and of limits that were hit', () => {
    const limits = [{ limit: 'items', seen: 2_500, kept: 2_000 }];
    const full = plan(body(), { news: { ...news(times(5, HOUR)), limits } }).state;
    expect(full).toMatchObject({ limits, zeroItemsStreak: 0, lastNewArticleAt: NOW });
    const empty = plan(body(), { state: full, news: news([], 0) }).state;
    expect(empty).toMatchObject({
      zeroItemsStreak: 1,
      lastSuccessAt: NOW,
      validators: { etag: '"1"' },
      bodyHash: 'hash',
    });
    expect(plan(body(), { state: empty, news: news([], 0) }).state.zeroItemsStreak).toBe(2);
  });
});

describe('what is asked', () => {
  const known = (more: Partial<FeedState> = {}): FeedState => ({
    ...newFeedState(feed),
    validators: {
      etag: 'W/"a, b"',
      lastModified: 'Tue, 15 Aug 2023 07:00:00 GMT',
      date: 'Wed, 16 Aug 2023 10:00:00 GMT',
    },
    lastBodyAt: NOW - HOUR,
    lastUnconditionalAt: NOW - HOUR,
    importedAt: NOW - DAY,
    polls: 5,
    ...more,
  });

  it('carries the validators exactly as they came', () => {
    const { headers } = planRequest(feed, known(), NOW);
    expect(headers).toMatchObject({
      'if-none-match': 'W/"a, b"',
      'if-modified-since': 'Tue, 15 Aug 2023 07:00:00 GMT',
    });
  });

  it('lets the Date of the last answer stand in only where there is nothing better', () => {
    const validators = { etag: null, lastModified: null, date: 'Wed, 16 Aug 2023 10:00:00 GMT' };
    const { headers } = planRequest(feed, known({ validators }), NOW);
    expect(headers['if-modified-since']).toBe(validators.date);
    const tagged = planRequest(feed, known({ validators: { ...validators, etag: '"1"' } }), NOW);
    expect(tagged.headers).not.toHaveProperty('if-modified-since');
  });

  it('is unconditional once in a day without a body, and not again that day whatever comes of it', () => {
    const state = known({ lastBodyAt: NOW - DAY, lastUnconditionalAt: NOW - DAY });
    expect(planRequest(feed, state, NOW - 1).isConditional).toBe(true);
    expect(planRequest(feed, state, NOW).isConditional).toBe(false);
    const after = plan(failed('server-error', { isConditional: false, requestedAt: NOW }), { state }).state;
    expect(planRequest(feed, after, NOW + DAY - 1).isConditional).toBe(true);
    expect(planRequest(feed, after, NOW + DAY).isConditional).toBe(false);
  });

  it('trusts the next weaker validator when the daily look shows that one lied', () => {
    const state = known();
    const lie = body({ isConditional: false, validators: state.validators });
    const once = plan(lie, { state, news: news([NOW]) }).state;
    expect(once.validatorMode).toBe('last-modified');
    expect(planRequest(feed, once, NOW + HOUR).headers).toMatchObject({
      'if-modified-since': 'Tue, 15 Aug 2023 07:00:00 GMT',
    });
    expect(planRequest(feed, once, NOW + HOUR).headers).not.toHaveProperty('if-none-match');
    const twice = plan(lie, { state: once, news: news([NOW]) }).state;
    expect(planRequest(feed, twice, NOW + HOUR).headers['if-modified-since']).toBe('Wed, 16 Aug 2023 10:00:00 GMT');
    const honest = body({ isConditional: false, validators: { etag: '"new"', lastModified: null, date: null } });
    expect(plan(honest, { state, news: news([NOW]) }).state.validatorMode).toBe('all');
  });

  it("carries the feed's own headers and User-Agent, and marks them as its origin's secrets", () => {
    const own = { ...feed, userAgent: 'Reader/1', headers: { Authorization: 'Bearer x' } };
    const request = planRequest(own, newFeedState(own), NOW);
    expect(request.headers).toMatchObject({ authorization: 'Bearer x', 'user-agent': 'Reader/1' });
    expect(request.privateHeaders).toEqual(['authorization']);
  });
});

describe('a stored state', () => {
  it('survives a restart as it was, and anything unreadable counts as a new feed', () => {
    const { state } = plan(body(), { news: news(times(16, HOUR)) });
    expect(readFeedState(JSON.stringify(state), feed)).toEqual(state);
    for (const json of [null, '', 'null', '[]', '{"v":2}', '{'])
      expect(readFeedState(json, feed)).toEqual(newFeedState(feed));
  });

  it('forgets what belonged to an address the operator changed, but not that the backlog was read', () => {
    const { state } = plan(body(), { news: news(times(16, HOUR)) });
    const changed = readFeedState(JSON.stringify(state), { ...feed, url: 'https://other.test/' });
    expect(changed).toMatchObject({ url: 'https://other.test/', validators: null, bodyHash: null, importedAt: NOW });
    const followed = readFeedState(JSON.stringify({ ...state, url: 'https://new.test/' }), {
      ...feed,
      url: 'https://new.test/',
    });
    expect(followed).toMatchObject({ configUrl: 'https://new.test/', validators: state.validators });
  });
});
