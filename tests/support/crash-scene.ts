import { Worker } from 'bullmq';
import type { StoryAlert } from '../../src/alerts/alert-schema.ts';
import { attacheSchema } from '../../src/config/attache-schema.ts';
import { queuePrefix } from '../../src/queues/queues.ts';
import { openStores, type Stores } from '../../workers/stores.ts';
import type { KillPoint, LastWords, SourcePatch } from './crash-edge.ts';
import { NEWS_FEEDS, NEWS_WATCHES, type NewsRound } from './crash-news.ts';
import { jobsIn, type RoundReport, reportOf } from './crash-report.ts';
import { type CrashWorker, SHORT_WAITS, spawnCrashWorker } from './crash-worker.ts';
import { type FeedHost, startFeedHost } from './feed-host.ts';
import { writeTestConfig } from './test-worker.ts';
import { until } from './until.ts';
import { startReceiver, type WebhookReceiver } from './webhook-receiver.ts';

export interface SceneOptions {
  /** What the processes under test connect to. */
  readonly redisUrl: string;
  /** What the test itself looks with; the same by default. A proxy may stand in the way of the former. */
  readonly watchUrl?: string;
  /** One entry for each process; all roles by default. */
  readonly processes?: readonly string[];
  /** Faults to plant, beside the shortened waits. */
  readonly faults?: readonly SourcePatch[];
  /** Keeps a process loaded for each that dies: worth its while where many are killed, one after the other. */
  readonly spares?: boolean;
  /** Keeps the locks and leases as they are in use. */
  readonly realLocks?: boolean;
  /** Environment of the processes under test. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface PlayOptions {
  /** How long one step may take. */
  readonly withinMs?: number;
  /**
   * Redis itself is killed: it may lose the test's own push (with `everysec` a write waits while the file is being synced). The feed is then pushed once more, as its
   * next poll would come anyway.
   */
  readonly pushAgain?: boolean;
}

export interface Scene {
  readonly stores: Stores;
  readonly host: FeedHost;
  readonly receiver: WebhookReceiver;
  readonly workers: readonly CrashWorker[];
  /** Everything that any process logged so far. */
  logged(): string[];
  /** Plays one round: each step when the one before has been dealt with. A process that dies is replaced at once, `kills` being the points in turn. */
  play(news: NewsRound, kills?: readonly KillPoint[], options?: PlayOptions): Promise<RoundReport>;
  /** Ends the first process with SIGTERM and starts the next one; answers how that went, before the next one starts. */
  terminate(): Promise<{ readonly code: number | null; readonly tookMs: number; readonly active: number }>;
  /** Resolves when nothing is left to do; processes that die meanwhile are replaced. */
  settle(withinMs?: number): Promise<void>;
  stop(): Promise<void>;
}

interface Slot {
  readonly roles: string | undefined;
  worker: CrashWorker;
  spare: CrashWorker | null;
}

const NUDGE_MS = 100;

/** A whole installation with its outlets, its subscriber and a consumer of `matches`, on a Redis that is empty. */
export async function startScene(options: SceneOptions): Promise<Scene> {
  const host = await startFeedHost();
  for (const feed of NEWS_FEEDS) host.show(feed, []);
  const receiver = await startReceiver((response) => response.writeHead(204).end());
  const config = await writeTestConfig({
    feeds: NEWS_FEEDS.map((id) => ({ id, url: host.url(id), every: '1h' })),
    watches: NEWS_WATCHES,
    subscribers: [{ id: 'desk', url: receiver.url }],
    ports: [host.port, Number(new URL(receiver.url).port)],
    knowledge: false,
  });
  const stores = openStores(options.watchUrl ?? options.redisUrl, attacheSchema.parse({}), () => {});
  const consumer = consumeMatches(stores);
  const past: string[] = [];
  const deaths: LastWords[] = [];
  const patches = [...(options.realLocks === true ? [] : SHORT_WAITS), ...(options.faults ?? [])];
  const spawnOne = (roles: string | undefined): CrashWorker =>
    spawnCrashWorker({
      configDir: config.dir,
      redisUrl: options.redisUrl,
      patches,
      env: options.env ?? {},
      ...(roles === undefined ? {} : { roles }),
    });
  const spareOf = (roles: string | undefined) => (options.spares === true ? spawnOne(roles) : null);
  const replace = (slot: Slot, kill: KillPoint | null): void => {
    past.push(...slot.worker.lines);
    slot.worker = slot.spare ?? spawnOne(slot.roles);
    slot.worker.run(kill);
    slot.spare = spareOf(slot.roles);
  };
  const slots: Slot[] = (options.processes ?? [undefined]).map((roles) => ({
    roles,
    worker: spawnOne(roles),
    spare: spareOf(roles),
  }));
  let kills: KillPoint[] = [];

  const replaceDead = async (): Promise<void> => {
    for (const slot of slots) {
      if (slot.worker.alive()) continue;
      const { signal, code, lastWords } = await slot.worker.ended;
      if (signal !== 'SIGKILL') {
        throw new Error(`a process ended by itself (${code ?? signal}):\n${slot.worker.lines.slice(-8).join('\n')}`);
      }
      if (lastWords !== null) deaths.push(lastWords);
      replace(slot, kills.shift() ?? null);
    }
  };

  const settle = async (withinMs = 30_000): Promise<void> => {
    let nudgedMs = 0;
    await until(
      'all work is done',
      async () => {
        await replaceDead();
        if (Date.now() - nudgedMs > NUDGE_MS) {
          nudgedMs = Date.now();
          await nudge(stores);
        }
        return isQuiet(stores);
      },
      withinMs,
    );
  };

  for (const slot of slots) slot.worker.run();
  await until(
    'the feeds are known',
    async () => {
      await replaceDead(); // tells of one that did not start
      return (await stores.redis.hlen(feedKey('url'))) === NEWS_FEEDS.length;
    },
    60_000,
  );
  await settle();
  await Promise.all(NEWS_FEEDS.map((feed) => until(`${feed} was read`, () => host.asked(feed) > 0)));

  return {
    stores,
    host,
    receiver,
    get workers() {
      return slots.map((slot) => slot.worker);
    },
    logged: () => [...past, ...slots.flatMap((slot) => slot.worker.lines)],
    settle,
    async terminate() {
      const slot = slots[0]!;
      const startedMs = performance.now();
      slot.worker.signal('SIGTERM');
      const { code } = await slot.worker.ended;
      const tookMs = performance.now() - startedMs;
      const active = await jobsIn(stores, 'active');
      replace(slot, null);
      return { code, tookMs, active };
    },
    async play(news, points = [], { withinMs = 30_000, pushAgain = false } = {}) {
      const [first, ...later] = points;
      kills = [...later];
      if (first !== undefined) for (const slot of slots) slot.worker.aim(first);
      const before = deaths.length;
      for (const { feed, items } of news.steps) {
        const asked = host.asked(feed);
        host.show(feed, items);
        await stores.due.push(feed);
        await settle(withinMs);
        if (pushAgain && host.asked(feed) === asked) {
          await stores.due.push(feed);
          await settle(withinMs);
        }
      }
      for (const slot of slots) slot.worker.aim(null);
      return reportOf(news, {
        stores,
        received: receiver.received,
        consumed: consumer.consumed,
        deaths: deaths.slice(before),
      });
    },
    async stop() {
      for (const { worker, spare } of slots) await Promise.all([worker.kill(), spare?.kill()]);
      await consumer.close();
      await stores.close();
      await Promise.all([host.close(), receiver.stop(), config.remove()]);
    },
  };
}

const feedKey = (name: string): string => `attache:{feeds}:v1:${name}`;

/** Due feeds are looked for by a repeated job; one more saves the wait for the next. */
async function nudge({ queues }: Stores): Promise<void> {
  if ((await queues.schedule.getWaitingCount()) > 0) return;
  await queues.schedule.add('nudge', {}, { removeOnComplete: true, removeOnFail: 10 });
}

/** From upstream to downstream: what is empty stays empty when all before it is. */
async function isQuiet({ redis, queues }: Stores): Promise<boolean> {
  for (const key of ['pushed', 'lease']) if ((await redis.hlen(feedKey(key))) > 0) return false;
  for (const name of ['poll', 'triage', 'deliver', 'matches'] as const) {
    const counts = await queues[name].getJobCounts('waiting', 'active', 'delayed', 'prioritized');
    if (Object.values(counts).some((jobs) => jobs > 0)) return false;
  }
  return true;
}

function consumeMatches({ redis }: Stores) {
  const consumed: StoryAlert[] = [];
  const worker = new Worker<StoryAlert>('matches', async (job) => void consumed.push(job.data), {
    connection: redis,
    prefix: queuePrefix('attache'),
    drainDelay: 1,
  });
  worker.on('error', () => {});
  return { consumed, close: () => worker.close(true) };
}
