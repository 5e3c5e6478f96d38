import { DelayedError, type Job } from 'bullmq';
import { expect, test } from 'vitest';
import type { TriageJob } from '../../src/queues/payloads.ts';
import type { Context } from '../../workers/context.ts';
import { partFromNeighbours } from '../../workers/part-neighbours.ts';
import { processorsFor } from '../../workers/processors.ts';

const MAX_STARTS = 25;
const LOCK_MS = 10_000;

interface Article {
  readonly kills: boolean;
  starts: number;
  fromMs: number;
  state: 'waiting' | 'judged' | 'poison';
}

/** Always the same numbers in [0, 1) (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Judges a killer and its neighbours as the queue would: all that are due at a moment start together, and a killer among the judged ends them all, to be started again. */
function judgeBeside(neighbours: number, part: typeof partFromNeighbours, random: () => number): readonly Article[] {
  const articles = Array.from({ length: neighbours + 1 }, (_, index): Article => {
    return { kills: index === 0, starts: 0, fromMs: 0, state: 'waiting' };
  });
  for (;;) {
    const waiting = articles.filter(({ state }) => state === 'waiting');
    if (waiting.length === 0) return articles;
    const nowMs = Math.min(...waiting.map(({ fromMs }) => fromMs));
    const judged = waiting.filter((article) => {
      if (article.fromMs > nowMs) return false;
      article.starts++;
      if (article.starts > MAX_STARTS) article.state = 'poison';
      const awayMs = part(article.starts, random());
      if (awayMs !== null) article.fromMs = nowMs + awayMs;
      return awayMs === null && article.state === 'waiting';
    });
    const isKilled = judged.some(({ kills }) => kills);
    for (const article of judged) {
      if (isKilled) article.fromMs = nowMs + LOCK_MS;
      else article.state = 'judged';
    }
  }
}

test('an article that kills its process is poison in the end, and those judged beside it are not', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const [killer, ...neighbours] = judgeBeside(15, partFromNeighbours, seeded(seed));
    expect(killer!.state).toBe('poison');
    expect(neighbours.map(({ state }) => state)).toEqual(neighbours.map(() => 'judged'));
    expect(Math.max(...neighbours.map(({ starts }) => starts))).toBeLessThan(MAX_STARTS / 2);
  }
});

test('without the parting, those judged beside a killer would share its end', () => {
  const all = judgeBeside(15, () => null, seeded(1));
  expect(new Set(all.map(({ state }) => state))).toEqual(new Set(['poison']));
});

test('an article started for the first, second or fourth time is judged; at its third start it comes back later', async () => {
  const judged: number[] = [];
  const context = {
    roles: new Set(['triage']),
    stores: { queues: {} },
    get current() {
      judged.push(0);
      throw new Error('judged');
    },
  } as unknown as Context;
  const [triage] = processorsFor(context);
  const delayedTo: number[] = [];
  const start = (attemptsStarted: number): Promise<unknown> => {
    const job = {
      attemptsStarted,
      data: { article: {} },
      moveToDelayed: async (toMs: number) => void delayedTo.push(toMs),
    };
    return triage!.process(job as unknown as Job<TriageJob>, 'token').catch((error: unknown) => error);
  };
  for (const starts of [1, 2, 4]) expect(await start(starts)).toMatchObject({ message: 'judged' });
  const beforeMs = Date.now();
  expect(await start(3)).toBeInstanceOf(DelayedError);
  expect(delayedTo).toHaveLength(1);
  expect(delayedTo[0]).toBeGreaterThanOrEqual(beforeMs);
  expect(delayedTo[0]).toBeLessThanOrEqual(Date.now() + 10_000);
  expect(judged).toHaveLength(3);
});
