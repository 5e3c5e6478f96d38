import { describe, expect, it } from 'vitest';
import { feedHealth } from '../../src/feeds/feed-health.ts';
import { type FeedState, newFeedState } from '../../src/feeds/feed-state.ts';
import { mayAlert } from '../../src/feeds/first-import.ts';
import { addArrivals } from '../../src/feeds/rhythm.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2023-08-16T10:30:00Z');
const healthy = (more: Partial<FeedState> = {}): FeedState => ({
  ...newFeedState({ id: 'mod', url: 'https://mod.test/rss' }),
  importedAt: NOW - 30 * DAY,
  lastSuccessAt: NOW,
  ...more,
});
const codes = (state: FeedState, now = NOW) => feedHealth(state, now).problems.map(({ code }) => code);

/** Articles every hour from 6 to 22 o'clock, polled hourly for `days` days. */
function newspaper(days: number): FeedState {
  let state = healthy();
  for (let at = NOW - days * DAY; at <= NOW; at += HOUR) {
    const hour = new Date(at).getUTCHours();
    if (hour >= 6 && hour <= 22) state = { ...state, ...addArrivals(state, [at], at), lastNewArticleAt: at };
  }
  return state;
}

describe("a feed's health", () => {
  it('is ok or new without problems', () => {
    expect(feedHealth(healthy(), NOW)).toMatchObject({ status: 'ok', problems: [] });
    expect(feedHealth(newFeedState({ id: 'x', url: 'https://x.test/' }), NOW).status).toBe('new');
  });

  it('reports errors that last, not a blip, with their reason', () => {
    const error = { code: 'dns', message: 'feed mod: http: ENOTFOUND', status: null, at: NOW };
    expect(codes(healthy({ error, errorStreak: 1, errorSinceAt: NOW - DAY }))).toEqual([]);
    expect(codes(healthy({ error, errorStreak: 5, errorSinceAt: NOW - 60_000 }))).toEqual([]);
    const failing = feedHealth(healthy({ error, errorStreak: 5, errorSinceAt: NOW - 3 * HOUR }), NOW);
    expect(failing.status).toBe('broken');
    expect(failing.problems[0]!.message).toBe('feed mod: http: ENOTFOUND; 5 in a row for 3 h');
  });

  it('reports an end, documents without items, limits, lying validators and moves', () => {
    const state = healthy({
      ended: { at: NOW - HOUR, reason: 'gone: the server answered 410' },
      zeroItemsStreak: 3,
      limits: [{ limit: 'items', seen: 3_000, kept: 2_000 }],
      validatorMode: 'last-modified',
      url: 'https://elsewhere.test/secret-token',
    });
    expect(codes(state)).toEqual(['ended', 'no-items', 'truncated', 'validators-lie', 'moved']);
    expect(JSON.stringify(feedHealth(state, NOW))).not.toContain('secret-token');
  });

  it('does not take a night for silence, and reports three times the usual pause', () => {
    const state = newspaper(14);
    const evening = NOW - (NOW % DAY) + 22 * HOUR;
    expect(
      codes({ ...state, ...addArrivals(state, [evening], evening), lastNewArticleAt: evening }, evening + 10 * HOUR),
    ).toEqual([]);
    expect(codes(state, NOW + 20 * HOUR)).toEqual([]);
    expect(codes(state, NOW + 30 * HOUR)).toEqual(['silent']);
  });

  it('does not learn from one outage that silence is usual', () => {
    let state = newspaper(14);
    const back = NOW + 6 * DAY;
    state = { ...state, ...addArrivals(state, [back], back), lastNewArticleAt: back };
    expect(codes(state, back + 3 * DAY)).toEqual(['silent']);
  });
});

describe("a new feed's backlog", () => {
  it('alerts only for what is young, and stays quiet where nothing has a date', () => {
    const decide = (isFirstImport: boolean, publishedAt: number | null) =>
      mayAlert({ isFirstImport, publishedAt, seenAt: NOW, firstAlertMaxAgeSec: 86_400 }).mayAlert;
    expect(decide(true, NOW - 23 * HOUR)).toBe(true);
    expect(decide(true, NOW - 25 * HOUR)).toBe(false);
    expect(decide(true, null)).toBe(false);
    expect(decide(false, NOW - 25 * HOUR)).toBe(true);
    expect(decide(false, null)).toBe(true);
  });
});
