import { DelayedError, type Job, type Queue } from 'bullmq';
import { createEndpointSlots } from '../src/delivery/endpoint-slots.ts';
import { DEFAULT_FETCH_LIMITS } from '../src/feeds/fetch-feed.ts';
import { DEFAULT_POLL_POLICY } from '../src/feeds/poll-policy.ts';
import { createUnreachableFeeds } from '../src/feeds/unreachable-feeds.ts';
import { deliveryQueue } from '../src/queues/delivery-queue.ts';
import { createReplicaWait } from '../src/queues/held-by-replica.ts';
import type { DeliverJob, PollJob, TriageJob } from '../src/queues/payloads.ts';
import { publishAlerts } from '../src/queues/publish-alerts.ts';
import type { Context } from './context.ts';
import { deliver } from './deliver.ts';
import { trimBacklog } from './housekeeping.ts';
import { partFromNeighbours } from './part-neighbours.ts';
import { pollFeeds } from './poll.ts';
import type { Role } from './roles.ts';
import type { QueueProcessor } from './run-queue-workers.ts';
import { FEEDS_A_JOB, queueDueFeeds } from './schedule.ts';
import { markTick } from './tick.ts';
import { type TriageDeps, triageArticle } from './triage.ts';

const TRIAGE_CONCURRENCY = 16;
const DELIVER_CONCURRENCY = 64;

const BY_ROLE: Readonly<Record<Exclude<Role, 'http'>, (context: Context) => QueueProcessor>> = {
  schedule: scheduleProcessor,
  poll: pollProcessor,
  triage: triageProcessor,
  deliver: deliverProcessor,
};

/** What the process does with the jobs of each queue of its roles. */
export function processorsFor(context: Context): QueueProcessor[] {
  return Object.entries(BY_ROLE).flatMap(([role, make]) => (context.roles.has(role as Role) ? [make(context)] : []));
}

function scheduleProcessor(context: Context): QueueProcessor {
  const { stores } = context;
  return {
    queue: 'schedule',
    concurrency: 1,
    process: async () => {
      await markTick(context);
      await queueDueFeeds({ due: stores.due, poll: stores.queues.poll });
      await trimBacklog(context);
    },
  };
}

function pollProcessor(context: Context): QueueProcessor {
  const { stores, metrics, log } = context;
  // Asked anew for each poll: a reload may have changed them.
  const settings = () => context.current.config.settings.poll;
  const deps = {
    feed: (id: string) => context.current.feeds.get(id),
    client: context.outbound.feeds,
    parse: context.parse,
    due: stores.due,
    store: stores.feeds,
    triage: handedOver(stores),
    get policy() {
      const { minInterval, maxInterval } = settings();
      return { ...DEFAULT_POLL_POLICY, minIntervalSec: minInterval, maxIntervalSec: maxInterval };
    },
    get limits() {
      const { maxBytes, timeout } = settings();
      return { ...DEFAULT_FETCH_LIMITS, maxBytes, totalTimeoutMs: timeout * 1000 };
    },
    get maxItems() {
      return settings().maxItems;
    },
    get firstAlertMaxAgeSec() {
      return settings().firstAlertMaxAge;
    },
    unreachable: createUnreachableFeeds(),
    metrics,
    log,
    now: context.storeNow,
    random: Math.random,
    stopping: context.stopping,
    onPolled: context.websub?.offer,
  };
  return {
    queue: 'poll',
    concurrency: Math.ceil(settings().concurrency / FEEDS_A_JOB),
    process: async (job: Job<PollJob>) => {
      await pollFeeds(deps, job);
      // A host with many feeds need not wait for the next tick with each of them.
      if (!context.stopping.aborted) await queueDueFeeds({ due: stores.due, poll: stores.queues.poll });
    },
  };
}

/** The queue `triage` for what is marked as seen, on another master of a Cluster, once it is added. */
function handedOver({ redis, queues }: Context['stores']): Pick<Queue<TriageJob>, 'addBulk'> {
  const heldByReplica = createReplicaWait(redis, () => performance.now());
  return {
    async addBulk(jobs) {
      const added = await queues.triage.addBulk(jobs);
      await heldByReplica(queues.triage.toKey('wait'));
      return added;
    },
  };
}

function triageProcessor(context: Context): QueueProcessor {
  const { stores, metrics, log } = context;
  const now = Date.now;
  const { queues, stories, alerts, archive, recent, deliveries } = stores;
  const publish: TriageDeps['publish'] = ({ overBudget, ...publication }) =>
    publishAlerts(
      { matches: queues.matches, deliver: deliveryQueue(queues.deliver), deliveries },
      {
        ...publication,
        wantsNotice: (subscriber, notice) => context.current.wants(subscriber, notice),
        rules: {
          overBudget,
          notify: (watch) => context.current.notify(watch),
          wants: (subscriber, alert) => context.current.wants(subscriber, alert),
        },
      },
    );
  const deps = { judge: () => context.current.judge, stories, alerts, archive, recent, publish, metrics, log, now };
  return {
    queue: 'triage',
    concurrency: TRIAGE_CONCURRENCY,
    process: async (job: Job<TriageJob>, token) => {
      const awayMs = partFromNeighbours(job.attemptsStarted, Math.random());
      if (awayMs !== null) {
        await job.moveToDelayed(now() + awayMs, token);
        throw new DelayedError();
      }
      await triageArticle(deps, job);
    },
  };
}

function deliverProcessor(context: Context): QueueProcessor {
  const { stores, metrics, log } = context;
  const now = Date.now;
  const deps = {
    deliveries: stores.deliveries,
    endpoints: stores.endpoints,
    holds: stores.holds,
    queue: deliveryQueue(stores.queues.deliver),
    client: context.outbound.webhooks,
    slots: createEndpointSlots(),
    endpoint: (id: string) => context.current.endpoints.get(id) ?? null,
    metrics,
    log,
    now,
    random: Math.random,
  };
  return {
    queue: 'deliver',
    concurrency: DELIVER_CONCURRENCY,
    process: (job: Job<DeliverJob>, token) => deliver(deps, job, token),
  };
}
