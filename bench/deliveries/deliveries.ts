/**
 * Deliveries through BullMQ, the store, the guarded HTTP client and real signatures to real HTTP receivers.
 * `node bench/deliveries/deliveries.ts [count]`: throughput (50,000 deliveries to one fast endpoint of each of 10 subscribers), then the others' latency with
 * 1 of 100 endpoints hanging against the same run with none.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker as Thread } from 'node:worker_threads';
import { DelayedError, Queue, Worker } from 'bullmq';
import { type DeliverDeps, deliverAlert } from '../../src/delivery/deliver-alert.ts';
import type { DeliveryJob } from '../../src/delivery/delivery-job.ts';
import { createDeliveryStore } from '../../src/delivery/delivery-store.ts';
import { createEndpointSlots } from '../../src/delivery/endpoint-slots.ts';
import { createEndpointStore } from '../../src/delivery/endpoint-store.ts';
import { createHoldStore } from '../../src/delivery/hold-store.ts';
import { createSigner } from '../../src/delivery/sign.ts';
import { createWebhookClient } from '../../src/delivery/webhook-client.ts';
import { createHttpClient } from '../../src/net/http-client.ts';

import { deliveryQueue } from '../../src/queues/delivery-queue.ts';

import { queueOptions, queuePrefix, workerOptions } from '../../src/queues/queues.ts';
import { anAlert } from '../../tests/support/alerts.ts';
import { startRedis, type TestRedis } from '../../tests/support/redis-server.ts';

const CONCURRENCY = 50;

interface Report {
  readonly received: number;
  readonly distinct: number;
  readonly repeated: number;
  readonly badSignatures: number;
  readonly changedBytes: number;
  readonly latenciesMs: number[];
}

interface Rig {
  addAll(subscriberIds: readonly string[], from: number): Promise<void>;
  report(): Promise<Report>;
  close(): Promise<void>;
}

/** `hanging` names the subscribers whose endpoint never answers. */
async function startRig(redis: TestRedis, hanging: ReadonlySet<string>): Promise<Rig> {
  await redis.flush();
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const thread = new Thread(new URL('./receivers.ts', import.meta.url), { workerData: { secret } });
  const [{ port }] = (await once(thread, 'message')) as [{ port: number }];
  const http = createHttpClient({
    policy: { allow: ['127.0.0.0/8'], ports: [port] },
    userAgent: 'bench',
    connectionsPerOrigin: CONCURRENCY,
    keepAliveMs: 30_000,
  });
  const connection = redis.client({ maxRetriesPerRequest: null });
  const store = { redis: redis.client(), prefix: 'attache:{deliveries}:v1' };
  const prefix = queuePrefix('attache');
  const queue = new Queue('deliver', queueOptions('deliver', { connection, prefix }));
  const deps: DeliverDeps = {
    deliveries: createDeliveryStore(store),
    holds: createHoldStore(store),
    endpoints: createEndpointStore(store),
    queue: { add: async () => {}, addDigest: async () => {} },
    client: createWebhookClient(http),
    now: Date.now,
    random: Math.random,
  };
  const slots = createEndpointSlots();
  const signer = createSigner([secret]);
  const worker = new Worker<DeliveryJob>(
    'deliver',
    async (job, token) => {
      const { subscriberId } = job.data;
      const place = slots.enter(subscriberId, Date.now());
      if ('untilMs' in place) {
        await job.moveToDelayed(place.untilMs, token);
        throw new DelayedError();
      }
      const startedMs = performance.now();
      try {
        const url = `http://127.0.0.1:${port}/${hanging.has(subscriberId) ? 'hang' : 'hook'}/${subscriberId}`;
        const endpoint = { url, signer, render: (alert: unknown) => JSON.stringify(alert), limits: {} };
        const result = await deliverAlert(deps, job.data, endpoint);
        if (result.action !== 'delay') return;
        await job.moveToDelayed(result.untilMs, token);
        throw new DelayedError();
      } finally {
        place.leave(performance.now() - startedMs);
      }
    },
    {
      ...workerOptions('deliver', {
        connection: redis.client({ maxRetriesPerRequest: null }),
        prefix,
        concurrency: CONCURRENCY,
      }),
      autorun: true,
    },
  );
  worker.on('error', (error) => console.error(error.message));
  return {
    addAll: (subscriberIds, from) =>
      deliveryQueue(queue).addAll(
        subscriberIds.map((subscriberId, n) => {
          const alertId = `alert_${subscriberId}_${from + n}`;
          const alert = anAlert({ alertId, configHash: `queuedMs:${Date.now()}` });
          return { subscriberId, alertId, round: 0, alert };
        }),
      ),
    async report() {
      thread.postMessage('report');
      const [report] = (await once(thread, 'message')) as [Report];
      return report;
    },
    async close() {
      await http.close(0);
      await worker.close();
      await queue.close();
      thread.postMessage('end');
      await once(thread, 'exit');
    },
  };
}

async function until(rig: Rig, received: number): Promise<Report> {
  for (;;) {
    const report = await rig.report();
    if (report.distinct >= received) return report;
    await sleep(100);
  }
}

async function throughput(redis: TestRedis, count: number): Promise<void> {
  const rig = await startRig(redis, new Set());
  const startedMs = performance.now();
  for (let n = 0; n < count; n += 1000) {
    await rig.addAll(
      Array.from({ length: Math.min(1000, count - n) }, (_, k) => `s${(n + k) % 10}`),
      n,
    );
  }
  const report = await until(rig, count);
  const seconds = (performance.now() - startedMs) / 1000;
  const { latenciesMs: _, ...counts } = report;
  console.log(
    JSON.stringify({
      run: 'throughput',
      count,
      seconds: round(seconds),
      perSecond: Math.round(count / seconds),
      ...counts,
    }),
  );
  await rig.close();
}

/** A steady 200 alerts a second over 100 subscribers. */
async function steady(redis: TestRedis, seconds: number, hanging: ReadonlySet<string>): Promise<number> {
  const rig = await startRig(redis, hanging);
  const perTick = 20;
  let expected = 0;
  for (let tick = 0; tick < seconds * 10; tick++) {
    const subscribers = Array.from({ length: perTick }, (_, k) => `s${(tick * perTick + k) % 100}`);
    expected += subscribers.filter((id) => !hanging.has(id)).length;
    await rig.addAll(subscribers, tick * perTick);
    await sleep(100);
  }
  const { latenciesMs } = await until(rig, expected);
  await rig.close();
  const sorted = latenciesMs.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  console.log(
    JSON.stringify({
      run: 'steady',
      hanging: hanging.size,
      delivered: expected,
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
    }),
  );
  return at(0.99);
}

const round = (value: number) => Math.round(value * 10) / 10;

const redis = await startRedis();
try {
  await throughput(redis, Number(process.argv[2] ?? 50_000));
  await steady(redis, 3, new Set()); // warm up
  const baseline = await steady(redis, 20, new Set());
  const oneHangs = await steady(redis, 20, new Set(['s7']));
  console.log(JSON.stringify({ run: 'one of 100 hangs', p99Ratio: round(oneHangs / baseline) }));
} finally {
  await redis.stop();
}
