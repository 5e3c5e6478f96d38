/**
 * Articles a second through the role triage: a BullMQ job for each, judged with the shipped config, joined to its story, archived, its alerts claimed and queued.
 *
 *   node bench/triage/throughput.ts FILE.jsonl[.gz] [ARTICLES]        (default 3000, after as many as a third of them to warm up)
 *
 * FILE's lines are articles in the order in which they came: `{title, description|text, link, lang, published, feed}`. Redis keeps an append-only file, synced each second, as
 * the worker's own does. CPU times are the processes' own.
 */

import type { Redis } from 'ioredis';
import type { Article } from '../../src/articles/article.ts';
import { articleId } from '../../src/articles/article-id.ts';
import { jobId } from '../../src/queues/job-id.ts';
import { startRedis } from '../../tests/support/redis-server.ts';
import { loadKnowledge } from '../../workers/load-knowledge.ts';
import { createLogger } from '../../workers/logger.ts';
import { runConfig } from '../../workers/running-config.ts';
import { type RunningWorker, startWorker } from '../../workers/start.ts';
import { readJsonLines } from '../stories/read-json-lines.ts';

interface Row {
  readonly title?: string;
  readonly description?: string;
  readonly text?: string;
  readonly link?: string;
  readonly lang?: string;
  readonly published?: string;
  readonly feed?: string;
}

const [file, wanted = '3000'] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node bench/triage/throughput.ts FILE.jsonl[.gz] [ARTICLES]');
const measured = Number(wanted);
const warmUp = Math.ceil(measured / 3);

function articleOf(row: Row): Article {
  const title = row.title ?? '';
  const link = row.link ?? null;
  const at = new Date(row.published ?? '2023-08-01').toISOString();
  const feed = row.feed ?? 'feed';
  return {
    id: articleId({ guid: null, link, title }, feed),
    revision: '1',
    guid: null,
    url: link,
    title,
    summary: row.description ?? '',
    text: row.text ?? '',
    author: null,
    categories: [],
    lang: (row.lang ?? 'en').slice(0, 2),
    publishedAt: at,
    updatedAt: null,
    seenAt: at,
    at,
    source: { id: feed, name: feed, kind: null, country: null, tags: [] },
  };
}

async function queue({ stores }: RunningWorker, articles: readonly Article[]): Promise<void> {
  const jobs = articles.map((article) => ({
    name: 'article',
    data: { v: 1 as const, article, quiet: false },
    opts: { jobId: jobId('triage', article.id, article.revision) },
  }));
  for (let from = 0; from < jobs.length; from += 500) await stores.queues.triage.addBulk(jobs.slice(from, from + 500));
}

async function untilDone({ stores }: RunningWorker): Promise<void> {
  for (;;) {
    const counts = await stores.queues.triage.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
    if (Object.values(counts).every((count) => count === 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function redisCpuMs(redis: Redis): Promise<number> {
  const info = await redis.info('cpu');
  const seconds = ['sys', 'user'].map((kind) => Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(info)![1]));
  return (seconds[0]! + seconds[1]!) * 1000;
}

/** µs an article in each kind of command, those that scripts call included twice. */
async function commands(redis: Redis): Promise<string> {
  const lines = [...(await redis.info('commandstats')).matchAll(/cmdstat_(\S+):calls=(\d+),usec=(\d+)/g)];
  return lines
    .map(([, name, calls, usec]) => ({ name, calls: Number(calls) / measured, usec: Number(usec) / measured }))
    .sort((one, other) => other.usec - one.usec)
    .slice(0, 8)
    .map(({ name, calls, usec }) => `${name} ${usec.toFixed(0)} (${calls.toFixed(1)} calls)`)
    .join(', ');
}

const articles = readJsonLines<Row>(file)
  .slice(0, warmUp + measured)
  .map(articleOf);
const server = await startRedis({ appendonly: true, args: ['--appendfsync', 'everysec'] });
const log = createLogger('error');
const config = runConfig(await loadKnowledge('config', {}, new Date()));
const worker = await startWorker({ config, redisUrl: server.path, roles: new Set(['triage']), version: '0', log });
try {
  const redis = server.client();
  await queue(worker, articles.slice(0, warmUp));
  await untilDone(worker);
  await queue(worker, articles.slice(warmUp));
  await redis.config('RESETSTAT');
  const before = { startMs: performance.now(), own: process.cpuUsage(), redisMs: await redisCpuMs(redis) };
  await untilDone(worker);
  const seconds = (performance.now() - before.startMs) / 1000;
  const own = process.cpuUsage(before.own);
  const each = (ms: number): string => `${((ms * 1000) / measured).toFixed(0)} µs`;
  console.log(`${(measured / seconds).toFixed(0)} articles a second (${measured} in ${seconds.toFixed(1)} s)`);
  console.log(
    `CPU an article: worker ${each((own.user + own.system) / 1000)}, Redis ${each((await redisCpuMs(redis)) - before.redisMs)}`,
  );
  console.log(`Redis' commands, µs an article: ${await commands(redis)}`);
} finally {
  await worker.stop();
  await server.stop();
}
