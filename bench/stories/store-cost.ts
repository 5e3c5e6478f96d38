/**
 * What joining an article costs in Redis, and what a story takes there, by the number of stories in the window.
 *
 *   node bench/stories/store-cost.ts [STORIES…]        (default 1000 10000 100000)
 *
 * Articles are made up: 60 words of a Zipf-like vocabulary of 200,000, a title of eight. After each size 500
 * joins one after another are timed; Redis' CPU time is its process's own.
 */

import type { StoryInput } from '../../src/stories/story.ts';
import { createStoryStore } from '../../src/stories/story-store.ts';
import { startRedis } from '../../tests/support/redis-server.ts';

const VOCABULARY = 200_000;
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000, 10_000, 100_000];
const server = await startRedis();
const redis = server.client();
const stories = createStoryStore({ redis, keyPrefix: 'attache:{stories}:v1' });

let state = 7;
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
/** Zipf: the n-th word with a chance of about 1 / n. */
const word = (): string => `w${Math.floor(VOCABULARY ** random()).toString(36)}`;
const words = (count: number): string => Array.from({ length: count }, word).join(' ');

let made = 0;
function article(): StoryInput {
  const id = `article-${made++}`;
  return {
    id,
    revision: '1',
    title: words(8),
    summary: '',
    text: words(60),
    lang: 'en',
    at: 1_700_000_000_000 + made,
    url: null,
    source: { id: `s${made % 500}` },
    entities: [],
    topics: ['defense'],
  };
}

/** CPU time of the Redis process so far, which a busy machine does not lengthen. */
async function redisCpuMs(): Promise<number> {
  const info = await redis.info('cpu');
  const seconds = ['sys', 'user'].map((kind) => Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(info)![1]));
  return (seconds[0]! + seconds[1]!) * 1000;
}

const percentile = (sorted: readonly number[], share: number): string =>
  sorted[Math.floor(sorted.length * share)]!.toFixed(2);

try {
  console.log('stories   join p50 / p95 ms   Redis CPU µs a join   bytes a story   keys a story');
  for (const size of sizes) {
    const fill = async (): Promise<void> => {
      while (made < size) await stories.join(article());
    };
    await Promise.all(Array.from({ length: 20 }, fill));
    const before = await redisCpuMs();
    const times: number[] = [];
    for (let index = 0; index < 500; index++) {
      const startMs = performance.now();
      await stories.join(article());
      times.push(performance.now() - startMs);
    }
    times.sort((one, other) => one - other);
    const after = await redisCpuMs();
    const memory = Number(/used_memory_dataset:(\d+)/.exec(await redis.info('memory'))![1]);
    const count = Number(await redis.hget('attache:{stories}:v1:n', 'n'));
    const [each, bytes, keys] = [((after - before) * 1000) / 500, memory / count, (await redis.dbsize()) / count];
    console.log(
      `${String(count).padStart(7)}   ${percentile(times, 0.5)} / ${percentile(times, 0.95)}   ${each.toFixed(0)}   ${bytes.toFixed(0)}   ${keys.toFixed(1)}`,
    );
  }
} finally {
  await server.stop();
}
