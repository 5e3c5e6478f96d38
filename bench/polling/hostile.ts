/**
 * Servers that mean harm, all at once, under the shipped limits, while an ordinary feed is asked ten times a second:
 * `node bench/polling/hostile.ts [only those whose name begins so]`. See README.md.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { newFeedState } from '../../src/feeds/feed-state.ts';
import { fetchFeed } from '../../src/feeds/fetch-feed.ts';
import { createHttpClient } from '../../src/net/http-client.ts';

const MiB = 1024 * 1024;
const servers = fork(new URL('./hostile-servers.ts', import.meta.url));
const [{ friendly, hostile: all }] = (await once(servers, 'message')) as [
  { friendly: string; hostile: [string, string][] },
];
const only = process.argv[2];
const hostile = all.filter(([name]) => !only || name.startsWith(only));
const ports = [friendly, ...hostile.map(([, url]) => url)].map((url) => Number(new URL(url).port));
const client = createHttpClient({ policy: { allow: ['127.0.0.0/8'], ports }, userAgent: 'bench' });

const ask = async (url: string) => {
  const startedAt = performance.now();
  const feed = { id: 'x', url };
  const outcome = await fetchFeed({ client, clock: Date.now }, { feed, state: newFeedState(feed) });
  return {
    result: outcome.kind === 'error' ? outcome.code : outcome.kind,
    ms: Math.round(performance.now() - startedAt),
  };
};

await ask(friendly);
globalThis.gc?.();
const before = process.memoryUsage().rss;
let peak = before;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 20);
const waits: number[] = [];
const attacks = Promise.all(hostile.map(async ([name, url]) => [name, await ask(url)] as const));
let isDone = false;
void attacks.finally(() => {
  isDone = true;
});
while (!isDone) {
  waits.push((await ask(friendly)).ms);
  await new Promise((resolve) => setTimeout(resolve, 100));
}
clearInterval(watch);
for (const [name, { result, ms }] of await attacks) console.log(name.padEnd(28), result.padEnd(18), `${ms} ms`);
const sorted = waits.toSorted((a, b) => a - b);
console.log('memory grew by', ((peak - before) / MiB).toFixed(1), 'MiB');
console.log(
  'the ordinary feed:',
  sorted.length,
  'answers, p50',
  sorted[sorted.length >> 1],
  'ms, worst',
  sorted.at(-1),
  'ms',
);
await client.close(100);
servers.kill();
