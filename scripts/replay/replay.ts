/**
 * `npm run replay -- DIR [--json]`: serves captured feeds poll by poll to a real worker, and compares what it found with an independent reading: every article
 * once, none lost, edits seen as revisions. DIR holds one folder for each feed, with one file for each poll, named so that they sort by time. Exit code 0
 * only when all of it holds.
 */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { TriageJob } from '../../src/queues/payloads.ts';
import { startEmbeddedRedis } from '../../workers/embedded-redis.ts';
import { loadKnowledge } from '../../workers/load-knowledge.ts';
import { createLogger } from '../../workers/logger.ts';
import { ROLES } from '../../workers/roles.ts';
import { runConfig } from '../../workers/running-config.ts';
import { type RunningWorker, startWorker } from '../../workers/start.ts';
import { ensureRedisServer } from '../redis-binary.mjs';
import { compare, type FoundArticle } from './compare.ts';
import { type SnapshotServer, startSnapshotServer } from './snapshot-server.ts';
import { readSnapshots, type Snapshots } from './snapshots.ts';

const DEADLINE_MS = 10 * 60_000;

async function run(dir: string, asJson: boolean): Promise<number> {
  const feeds = readSnapshots(dir);
  const folder = await mkdtemp(join(tmpdir(), 'attache-replay-'));
  const server = await startSnapshotServer(feeds);
  const log = createLogger('warn');
  const serverProgram = () =>
    ensureRedisServer({ env: process.env, say: (line) => log.info({}, line), purpose: 'worker' });
  const redis = await startEmbeddedRedis({ log, serverProgram }, { dataDir: join(folder, 'data') });
  try {
    const config = runConfig(await loadKnowledge(await writeConfig(folder, feeds, server), {}, new Date()));
    const worker = await startWorker({ config, redisUrl: redis.url, roles: new Set(ROLES), version: '0', log });
    try {
      await pollAll(worker, feeds, server);
      await quiet(worker, Date.now() + DEADLINE_MS);
      const result = compare(feeds, await foundArticles(worker), await verdicts(worker), server.answered);
      process.stdout.write(asJson ? `${JSON.stringify(result, null, 1)}\n` : `${result.text}\n`);
      return result.ok ? 0 : 1;
    } finally {
      await worker.stop();
    }
  } finally {
    await redis.stop();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeConfig(
  folder: string,
  feeds: readonly Snapshots[],
  { base, port }: SnapshotServer,
): Promise<string> {
  const shipped = new URL('../../config/', import.meta.url).pathname;
  const dir = join(folder, 'config');
  for (const part of ['topics', 'entities', 'watches.yaml', 'subscribers.yaml']) {
    await cp(join(shipped, part), join(dir, part), { recursive: true });
  }
  const settings = {
    http: { port: 0 },
    poll: { tick: '1s', hostGap: '0s' },
    egress: { allow: ['127.0.0.0/8'], ports: [port] },
  };
  await writeFile(join(dir, 'attache.yaml'), stringify(settings));
  const list = feeds.map(({ feedId }) => ({ id: feedId, url: `${base}/${feedId}.xml`, every: '1s' }));
  await writeFile(join(dir, 'feeds.yaml'), stringify({ feeds: list }));
  return dir;
}

/**
 * Has each feed polled as often as it has snapshots, and once more, which shows that the last one was dealt with. Feeds that wish to be asked once an hour are
 * pushed, as their hub would, since the captured time has passed long ago.
 */
async function pollAll({ stores }: RunningWorker, feeds: readonly Snapshots[], server: SnapshotServer): Promise<void> {
  const rounds = Math.max(...feeds.map((feed) => feed.bodies.length)) + 1;
  const deadline = Date.now() + DEADLINE_MS;
  for (let round = 1; round <= rounds; round++) {
    const late = () => feeds.filter(({ feedId }) => server.asked(feedId) < round);
    while (late().length > 0) {
      if (Date.now() > deadline) throw new Error(`replay: not polled in time: ${late().map((feed) => feed.feedId)}`);
      for (const { feedId } of late()) await stores.due.push(feedId);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function quiet({ stores }: RunningWorker, deadlineMs: number): Promise<void> {
  for (;;) {
    const counts = await stores.queues.triage.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
    if (Object.values(counts).every((count) => count === 0)) return;
    if (Date.now() > deadlineMs) throw new Error(`replay: the worker did not come to rest: ${JSON.stringify(counts)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Every revision of every article that the worker judged, from the queue's finished jobs. */
async function foundArticles({ stores }: RunningWorker): Promise<FoundArticle[]> {
  const jobs = await stores.queues.triage.getCompleted(0, -1);
  return jobs.map((job) => {
    const { article } = job.data as TriageJob;
    return {
      feedId: article.source.id,
      id: article.id,
      key: article.guid ?? article.url ?? article.title,
      title: article.title,
    };
  });
}

async function verdicts({ metrics }: RunningWorker): Promise<Record<string, number>> {
  const { values } = await metrics.articles.get();
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels.verdict), value]));
}

const args = process.argv.slice(2);
const dir = args.find((arg) => !arg.startsWith('--'));
if (dir === undefined) {
  process.stderr.write('usage: npm run replay -- DIR [--json]\n');
  process.exitCode = 2;
} else {
  process.exitCode = await run(dir, args.includes('--json'));
}
