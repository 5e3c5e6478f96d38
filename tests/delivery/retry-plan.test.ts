import { describe, expect, it } from 'vitest';
import {
  decideDelivery,
  MAX_ALERT_AGE_MS,
  parseRetryAfter,
  RETRY_SCHEDULE_MS,
  type SendOutcome,
} from '../../src/delivery/retry-plan.ts';

const HOUR_MS = 3_600_000;
const nowMs = Date.parse('2023-08-16T08:00:00Z');
const answer = (status: number, retryAfterMs: number | null = null): SendOutcome => ({
  kind: 'response',
  status,
  retryAfterMs,
  tookMs: 5,
});
const decide = (outcome: SendOutcome, more: Partial<Parameters<typeof decideDelivery>[0]> = {}) =>
  decideDelivery({ outcome, attempts: 1, ageMs: 0, nowMs, random: 0.5, ...more });

/** Runs a whole delivery on a bent clock; returns when each attempt was made, in ms after the first, and how it ended. */
function simulate(answers: (attempt: number) => SendOutcome, random = 0.5) {
  const at: number[] = [];
  let now = 0;
  for (let attempts = 0, tries = 1; tries < 10_000; tries++) {
    at.push(now);
    const decision = decideDelivery({
      outcome: answers(tries),
      attempts: attempts + 1,
      ageMs: now,
      nowMs: now,
      random,
    });
    if (decision.countAttempt) attempts++;
    if (decision.action === 'retry') now += decision.afterMs;
    else if (decision.action === 'wait') now = decision.untilMs;
    else return { at, end: decision.action, attempts };
  }
  throw new Error('the delivery never ended');
}

describe('the retry plan', () => {
  it('makes ten attempts over about 75 hours and then gives up', () => {
    const { at, end, attempts } = simulate(() => answer(500));
    const waits = RETRY_SCHEDULE_MS.map((_, n) => RETRY_SCHEDULE_MS.slice(0, n + 1).reduce((a, b) => a + b, 0));
    expect(at).toEqual(waits);
    expect(at.at(-1)! / HOUR_MS).toBeGreaterThan(75);
    expect(at.at(-1)! / HOUR_MS).toBeLessThan(76);
    expect([end, attempts]).toEqual(['dead', 10]);
  });

  it('spreads each wait by a fifth to either side', () => {
    for (let attempts = 1; attempts < 10; attempts++) {
      const planned = RETRY_SCHEDULE_MS[attempts]!;
      expect(decide(answer(500), { attempts, random: 0 })).toMatchObject({ afterMs: planned * 0.8 });
      expect(decide(answer(500), { attempts, random: 1 })).toMatchObject({ afterMs: planned * 1.2 });
    }
  });

  it('still delivers at the tenth attempt', () => {
    expect(simulate((attempt) => answer(attempt < 10 ? 500 : 200))).toMatchObject({ end: 'done', attempts: 10 });
  });

  it.each([
    [200, 'done'],
    [204, 'done'],
    [301, 'retry'],
    [304, 'retry'],
    [307, 'retry'],
    [400, 'retry'],
    [404, 'retry'],
    [410, 'disable'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('takes %i for: %s', (status, action) => {
    expect(decide(answer(status)).action).toBe(action);
  });

  it('retries whatever the network did', () => {
    const outcome: SendOutcome = { kind: 'error', code: 'reset', message: 'closed', tookMs: 1 };
    expect(decide(outcome)).toMatchObject({ action: 'retry', afterMs: 5000, reason: expect.stringContaining('reset') });
  });

  it('does not blame an endpoint for the worker’s own stop', () => {
    const outcome: SendOutcome = { kind: 'error', code: 'shutdown', message: 'stopping', tookMs: 1 };
    expect(decide(outcome)).toMatchObject({ action: 'wait', countAttempt: false });
  });

  it.each([429, 503])('obeys Retry-After with %i, never early, and uses up no attempt', (status) => {
    for (const random of [0, 0.99]) {
      const decision = decide(answer(status, 120_000), { random });
      expect(decision).toMatchObject({ action: 'wait', countAttempt: false });
      if (decision.action === 'wait') {
        expect(decision.untilMs - nowMs).toBeGreaterThanOrEqual(120_000);
        expect(decision.untilMs - nowMs).toBeLessThan(135_000);
      }
    }
  });

  it('obeys Retry-After with no other status', () => {
    expect(decide(answer(500, 120_000))).toMatchObject({ action: 'retry', afterMs: 5000 });
  });

  it('ends an endpoint that asks to wait for ever when the alert is 75 hours old', () => {
    const { at, end, attempts } = simulate(() => answer(429, HOUR_MS), 0);
    expect([end, attempts]).toEqual(['dead', 1]);
    expect(at.at(-1)).toBe(MAX_ALERT_AGE_MS);
    const farAway = simulate(() => answer(503, 365 * 24 * HOUR_MS), 0);
    expect(farAway.at).toEqual([0, MAX_ALERT_AGE_MS]);
  });

  it('never turns a Retry-After of nothing into a busy loop', () => {
    const decision = decide(answer(429, 0));
    expect(decision.action === 'wait' && decision.untilMs - nowMs).toBeGreaterThanOrEqual(1000);
  });

  it.each([
    ['120', 120_000],
    ['0.5', 500],
    [' 7 ', 7000],
    ['Wed, 16 Aug 2023 08:00:30 GMT', 30_000],
    ['Wed, 16 Aug 2023 07:00:00 GMT', 0],
    ['-5', null],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('reads Retry-After %j', (value, ms) => {
    expect(parseRetryAfter(value, nowMs)).toBe(ms);
  });
});
