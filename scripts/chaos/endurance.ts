import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pino } from 'pino';
import { writeTestConfig } from '../../tests/support/test-worker.ts';
import { loadKnowledge } from '../../workers/load-knowledge.ts';
import { ROLES } from '../../workers/roles.ts';
import { runConfig } from '../../workers/running-config.ts';
import { startWorker } from '../../workers/start.ts';
import type { Stores } from '../../workers/stores.ts';
import { type LeapingClock, startLeapingClock } from './endurance/leaping-clock.ts';
import { createMadeUpNews, type MadeUpNews } from './endurance/made-up-news.ts';
import { weighJobs, weighKeys } from './endurance/weigh-keys.ts';
import { say } from './say.ts';

export interface EnduranceOptions {
  readonly feeds: number;
  readonly days: number;
  readonly articlesADay: number;
}

interface DayFigures {
  readonly day: number;
  readonly redisMb: number;
  readonly archiveMb: number;
  readonly heapMb: number;
  readonly keys: number;
}

const MAX_MB = 256;
const SETTLED_DAY = 10;
const SPREAD = 0.05;
const LEAP_SEC = 2 * 3600;
const WEIGH_EVERY_DAYS = 5;
const DAY_SEC = 86_400;
/** Of a key, for its places in the tables of keys and of times to live. */
const PLACE_BYTES = 60;
const STUCK_MS = 600_000;
/** About one article in forty matches. */
const WATCHES = [
  { id: 'ministers', query: '("defence minister" OR "foreign minister") AND country:BY' },
  { id: 'ships', query: '(frigate OR navy) AND (country:CN OR country:TR)' },
  { id: 'minsk', query: 'country:CN AND country:BY' },
  { id: 'missiles', query: '"missile test" AND country:IR' },
];

/**
 * Many days of many feeds through the worker's own processors on a real Redis, and what they leave in memory, day by day. The clock of both leaps two hours whenever
 * nothing is left to do; only the network is made up. Answers how many promises were broken: Redis flat from day ten, under 256 MB without the archive.
 */
export async function endurance(options: EnduranceOptions): Promise<number> {
  const clock = await startLeapingClock();
  if (clock === null) {
    say('endurance: LEFT OUT, for there is no C compiler to bend the clock of redis-server (apt-get install gcc)');
    return 0;
  }
  try {
    return await liveThrough(clock, options);
  } finally {
    await clock.stop();
  }
}

async function liveThrough(clock: LeapingClock, options: EnduranceOptions): Promise<number> {
  const { feeds, days, articlesADay } = options;
  const startMs = Date.now();
  const news = createMadeUpNews({ feeds, articlesADay, startMs, now: () => Date.now() });
  const worker = await startEnduring(clock, news, feeds);
  const figures: DayFigures[] = [];
  try {
    let aheadSec = 0;
    for (let day = 1; day <= days; day++) {
      for (; aheadSec < day * DAY_SEC; aheadSec += LEAP_SEC) {
        await worker.settle();
        clock.leapTo(aheadSec + LEAP_SEC);
      }
      await worker.settle();
      figures.push(await dayFigures(clock, day));
      say(inWords(figures.at(-1)!, news, await worker.articles()));
      if (day % WEIGH_EVERY_DAYS === 0) await sayWeights(clock);
    }
  } finally {
    await worker.stop();
  }
  return judge(figures);
}

interface Enduring {
  readonly stores: Stores;
  articles(): Promise<number>;
  /** Resolves when no feed is due and no job that is due is left. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** The whole worker of this process, but with made-up feeds and receivers in the place of the network. */
async function startEnduring(clock: LeapingClock, news: MadeUpNews, feeds: number): Promise<Enduring> {
  const desks = ['told', 'digests', 'broken'].map((id) => ({
    id,
    url: `https://${id}.example/hook`,
    ...(id === 'digests' ? { every: '1h' } : {}),
  }));
  const files = await writeTestConfig({
    feeds: Array.from({ length: feeds }, (_, feed) => ({ id: `outlet-${feed}`, url: news.url(feed), every: '6h' })),
    watches: WATCHES.map((watch) => ({ ...watch, notify: desks.map(({ id }) => id) })),
    subscribers: desks,
    ports: [443],
    poll: { tick: '5s' },
  });
  const config = runConfig(await loadKnowledge(files.dir, {}, new Date()));
  await files.remove();
  const webhooks = {
    post: async ({ url }: { readonly url: string }) => ({ status: url.includes('broken') ? 500 : 204, headers: {} }),
  };
  const worker = await startWorker({
    config,
    redisUrl: clock.redis.url,
    roles: new Set(ROLES),
    version: 'test',
    log: pino({ level: 'silent' }),
    outbound: { feeds: news.client, webhooks, close: async () => {} },
  });
  const { stores, metrics } = worker;
  return {
    stores,
    articles: async () => (await metrics.articles.get()).values.reduce((total, { value }) => total + value, 0),
    async settle() {
      await settle(stores);
      const lost = (await metrics.jobFailures.get()).values.filter(({ labels }) => labels.queue !== 'deliver');
      if (lost.some(({ value }) => value > 0)) throw new Error(`jobs were given up: ${JSON.stringify(lost)}`);
    },
    stop: () => worker.stop(),
  };
}

async function settle({ queues, due, redis }: Stores): Promise<void> {
  const deadline = performance.now() + STUCK_MS;
  for (let calm = 0; calm < 2; ) {
    await sleep(15);
    if (performance.now() > deadline) throw new Error(`work did not end within ${STUCK_MS / 1000} s of standing time`);
    let busy = ((await due.nextDueAt()) ?? Number.POSITIVE_INFINITY) <= Date.now();
    // What the tick does every five seconds.
    if (busy && (await queues.schedule.getWaitingCount()) === 0) {
      await queues.schedule.add('nudge', {}, { removeOnComplete: true, removeOnFail: 10 });
    }
    for (const name of ['schedule', 'poll', 'triage', 'deliver'] as const) {
      const {
        waiting = 0,
        active = 0,
        prioritized = 0,
      } = await queues[name].getJobCounts('waiting', 'active', 'prioritized');
      // BullMQ's scores of delayed jobs are ms times 4,096. Its worker sleeps by the clock of before the leap: the marker wakes it, as a new job would.
      const late = await redis.zcount(queues[name].toKey('delayed'), 0, Date.now() * 4096);
      if (late > 0) await redis.zadd(queues[name].toKey('marker'), 0, '0');
      busy ||= waiting + active + prioritized + late > 0;
    }
    calm = busy ? 0 : calm + 1;
  }
}

async function dayFigures(clock: LeapingClock, day: number): Promise<DayFigures> {
  const redis = clock.redis.client();
  const [memory, keys] = [await redis.info('memory'), await redis.dbsize()];
  const archiveMb = await archiveWeight(redis);
  redis.disconnect();
  await collectGarbage();
  return {
    day,
    redisMb: Number(/used_memory_dataset:(\d+)/.exec(memory)?.[1]) / 1e6,
    archiveMb,
    heapMb: process.memoryUsage().heapUsed / 1e6,
    keys,
  };
}

/** Several times: what has a finaliser is free only at the next collection. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let time = 0; time < 4; time++) {
    collect();
    await sleep(10);
  }
}

/** All that ages with the archive, its indexes by story and by watch too. */
async function archiveWeight(redis: ReturnType<LeapingClock['redis']['client']>): Promise<number> {
  const weights = [...(await weighKeys(redis))].filter(([kind]) => kind.startsWith('attache:{archive}'));
  return weights.reduce((total, [, { keys, bytes }]) => total + bytes + keys * PLACE_BYTES, 0) / 1e6;
}

function inWords({ day, redisMb, archiveMb, heapMb, keys }: DayFigures, news: MadeUpNews, articles: number): string {
  const { requests, bodies } = news.counts;
  return `day ${day}: Redis ${(redisMb - archiveMb).toFixed(1)} MB and ${archiveMb.toFixed(1)} MB of archive, ${keys} keys; heap ${heapMb.toFixed(1)} MB; so far ${requests} polls, ${bodies} with a body, ${articles} articles`;
}

async function sayWeights(clock: LeapingClock): Promise<void> {
  const redis = clock.redis.client();
  const weights = [...(await weighKeys(redis))].sort(([, a], [, b]) => b.bytes - a.bytes);
  for (const [kind, { keys, bytes }] of weights.slice(0, 12)) {
    say(`    ${(bytes / 1e6).toFixed(1).padStart(7)} MB  ${String(keys).padStart(7)} keys  ${kind}`);
  }
  const jobs = Object.entries(await weighJobs(redis)).map(
    ([queue, bytes]) => `${queue} ${(bytes / 1e6).toFixed(1)} MB`,
  );
  say(`    jobs: ${jobs.join(', ')}`);
  redis.disconnect();
}

/** Flat: no day after the tenth is more than a twentieth from their mean. */
function judge(figures: readonly DayFigures[]): number {
  const settled = figures.filter(({ day }) => day > SETTLED_DAY);
  if (settled.length === 0) return 0;
  let broken = 0;
  const check = (name: string, values: readonly number[]): void => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.max(...values.map((value) => Math.abs(value / mean - 1)));
    const isFlat = spread <= SPREAD;
    if (!isFlat) broken++;
    say(
      `${isFlat ? '' : 'BROKEN '}${name} from day ${SETTLED_DAY + 1}: ${mean.toFixed(1)} MB, ±${(spread * 100).toFixed(1)}%`,
    );
  };
  check(
    'Redis without the archive',
    settled.map(({ redisMb, archiveMb }) => redisMb - archiveMb),
  );
  check(
    'heap',
    settled.map(({ heapMb }) => heapMb),
  );
  const most = Math.max(...figures.map(({ redisMb, archiveMb }) => redisMb - archiveMb));
  if (most > MAX_MB) {
    broken++;
    say(`BROKEN Redis without the archive: ${most.toFixed(1)} MB at most, over ${MAX_MB}`);
  }
  return broken;
}
