/**
 * What joining an article costs in Redis and in the worker, and what a story takes there, by the number of stories in the window.
 *
 *   node bench/stories/store-cost.ts [STORIES…]        (default 1000 10000 100000)
 *
 * For each number a Redis of its own is filled with made-up news (made-up-news.ts) over one window that lies across two epochs. Then 600 articles, of new events and of
 * late ones, are joined one after another, and 600 more 16 at a time, as the worker does it. CPU times are the processes' own, which a busy machine does not lengthen much.
 */

import type { Redis } from 'ioredis';
import type { StoryIndex, StoryInput } from '../../src/stories/story.ts';
import { openStoryDatabase } from '../../src/stories/story-commands.ts';
import { createStoryStore } from '../../src/stories/story-store.ts';
import { startRedis } from '../../tests/support/redis-server.ts';
import { fillStore } from './fill-store.ts';
import { BEGAN_MS, madeUpBackground, reportsOf } from './made-up-news.ts';

const PREFIX = 'attache:{stories}:v1';
const WINDOW_MS = 72 * 3_600_000;
const WARM_UP = 100;
const JOINS = 600;
/** As many as a worker judges at a time. */
const AT_ONCE = 16;
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000, 10_000, 100_000];
const background = madeUpBackground();

/** Later reports of late events, and reports of events nobody knows yet, in turn. */
function* articles(events: number): Generator<StoryInput, never> {
  for (let index = 0; ; index++) {
    const isNew = index % 2 === 0;
    const [report] = reportsOf(isNew ? events + index : events - 1 - (index % events), BEGAN_MS + WINDOW_MS);
    yield {
      ...report!.input,
      id: `measured-${index}`,
      title: isNew ? report!.input.title : `${report!.input.title} again`,
    };
  }
}

interface Usage {
  readonly redisMs: number;
  readonly ownMs: number;
}

async function usage(redis: Redis): Promise<Usage> {
  const info = await redis.info('cpu');
  const seconds = ['sys', 'user'].map((kind) => Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(info)![1]));
  const own = process.cpuUsage();
  return { redisMs: (seconds[0]! + seconds[1]!) * 1000, ownMs: (own.user + own.system) / 1000 };
}

async function memory(redis: Redis): Promise<{ readonly dataset: number; readonly fragmentation: number }> {
  const info = await redis.info('memory');
  const read = (name: string): number => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)![1]);
  return { dataset: read('used_memory_dataset'), fragmentation: read('allocator_frag_ratio') };
}

/** Redis' time in the server's commands themselves, µs a join: the rest of its CPU time is reading and answering. */
async function commandTimes(redis: Redis, joins: number): Promise<string> {
  const info = await redis.info('commandstats');
  return ['evalsha', 'bitfield_ro', 'mget']
    .map(
      (name) =>
        `${name} ${(Number(new RegExp(`cmdstat_${name}:calls=\\d+,usec=(\\d+)`).exec(info)?.[1] ?? 0) / joins).toFixed(0)}`,
    )
    .join(', ');
}

const percentile = (sorted: readonly number[], share: number): string =>
  sorted[Math.floor(sorted.length * share)]!.toFixed(2);

/** µs a join. */
const eachOf = (beforeMs: number, afterMs: number): string => (((afterMs - beforeMs) * 1000) / JOINS).toFixed(0);

async function joinAtOnce(stories: StoryIndex, inputs: readonly StoryInput[]): Promise<void> {
  const waiting = [...inputs];
  const work = async (): Promise<void> => {
    for (let input = waiting.pop(); input !== undefined; input = waiting.pop()) await stories.join(input);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function measure(events: number): Promise<string[]> {
  const server = await startRedis();
  try {
    const redis = server.client();
    const filledMs = performance.now();
    await fillStore(openStoryDatabase(redis, PREFIX, {}), server.path, {
      events,
      beganMs: BEGAN_MS,
      spanMs: WINDOW_MS,
    });
    const seconds = (performance.now() - filledMs) / 1000;
    const stories = createStoryStore({ redis, keyPrefix: PREFIX, background });
    const stream = articles(events);
    for (let index = 0; index < WARM_UP; index++) await stories.join(stream.next().value);
    const { dataset, fragmentation } = await memory(redis);
    const [count, keys] = [Number(await redis.hget(`${PREFIX}:n`, 'n')), await redis.dbsize()];
    const inputs = Array.from({ length: JOINS }, () => stream.next().value);
    await redis.config('RESETSTAT');
    const before = await usage(redis);
    const times: number[] = [];
    const verdicts: Record<string, number> = {};
    for (const input of inputs) {
      const startMs = performance.now();
      const { verdict } = await stories.join(input);
      times.push(performance.now() - startMs);
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    }
    const after = await usage(redis);
    times.sort((one, other) => one - other);
    const together = Array.from({ length: JOINS }, () => stream.next().value);
    const beforeMany = await usage(redis);
    await joinAtOnce(stories, together);
    const afterMany = await usage(redis);
    console.error(
      `${count} stories filled in ${seconds.toFixed(0)} s; ${JSON.stringify(verdicts)}; µs a join: ${await commandTimes(redis, JOINS)}`,
    );
    return [
      String(count),
      `${percentile(times, 0.5)} / ${percentile(times, 0.95)}`,
      `${eachOf(before.redisMs, after.redisMs)} / ${eachOf(beforeMany.redisMs, afterMany.redisMs)}`,
      eachOf(beforeMany.ownMs, afterMany.ownMs),
      (dataset / count).toFixed(0),
      (keys / count).toFixed(1),
      fragmentation.toFixed(2),
    ];
  } finally {
    await server.stop();
  }
}

console.log(
  '| stories | join p50 / p95 ms | Redis CPU µs a join, alone / 16 at once | worker CPU µs a join | bytes a story | keys a story | fragmentation |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const size of sizes) console.log(`| ${(await measure(size)).join(' | ')} |`);
