/**
 * Fills a store with made-up stories, each article committed by the store's own script, its story known beforehand instead of looked up.
 *
 *   node bench/stories/fill-store.ts SOCKET PREFIX EVENTS FROM STEP SPAN_MS      every STEP-th event, FROM the first
 */

import { Redis } from 'ioredis';
import { commitJoin } from '../../src/stories/commit-story.ts';
import type { JoinDecision } from '../../src/stories/decide-join.ts';
import { planJoin } from '../../src/stories/plan-join.ts';
import { openStoryDatabase, recordKey } from '../../src/stories/story-commands.ts';
import { BEGAN_MS, madeUpBackground, reportsOf } from './made-up-news.ts';

const AT_ONCE = 48;
const NO_COUNTS = { stories: 0, holding: [] };
const [socket, prefix, events, first, step, spanMs] = process.argv.slice(2) as [string, string, ...string[]];
const redis = new Redis(socket);
const database = openStoryDatabase(redis, prefix, {});
const background = madeUpBackground();

const decisionOf = (story: number | null, of: string | null, origin: string): JoinDecision => ({
  verdict: story === null ? 'new' : 'same-story',
  story,
  of,
  similarity: null,
  origin,
  merge: [],
  reason: 'log-odds 1.23 of the same event, 0 asked for',
});

async function fill(event: number): Promise<void> {
  const reports = reportsOf(event, BEGAN_MS + (event / Number(events)) * Number(spanMs));
  let story: number | null = null;
  for (const { input } of reports) {
    const plan = planJoin(input, background);
    const decision = decisionOf(story, story === null ? null : reports[0]!.input.id, input.id);
    await commitJoin(database, plan, plan.member(NO_COUNTS), decision, null);
    if (reports.length > 1 && story === null)
      story = (await redis.getrangeBuffer(recordKey(prefix, input.id), 1, 4)).readUInt32LE(0);
  }
}

let next = Number(first);
async function work(): Promise<void> {
  while (next < Number(events)) {
    const event = next;
    next += Number(step);
    await fill(event);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
redis.disconnect();
