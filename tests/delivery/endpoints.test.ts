import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../../src/alerts/alert-schema.ts';
import { type DeliverDeps, deliverAlert, type Endpoint } from '../../src/delivery/deliver-alert.ts';
import type { DeliveryJob } from '../../src/delivery/delivery-job.ts';
import { createDeliveryStore } from '../../src/delivery/delivery-store.ts';
import { decideHealth, freshEndpoint, HEALTH_POLICY } from '../../src/delivery/endpoint-health.ts';
import { createEndpointSlots } from '../../src/delivery/endpoint-slots.ts';
import { createEndpointStore } from '../../src/delivery/endpoint-store.ts';
import { createHoldStore } from '../../src/delivery/hold-store.ts';
import { pingEndpoint } from '../../src/delivery/ping-endpoint.ts';
import { anAlert } from '../support/alerts.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2023-08-16T08:00:00Z');

let redis: TestRedis;
let deps: DeliverDeps;
let nowMs = START_MS;
let queued: DeliveryJob[] = [];
let attempts = 0;
/** What the endpoint answers. */
let status = 500;

beforeAll(async () => {
  redis = await startRedis();
  const store = { redis: redis.client(), prefix: 'attache:{deliveries}:v1' };
  deps = {
    deliveries: createDeliveryStore(store),
    holds: createHoldStore(store),
    endpoints: createEndpointStore(store),
    queue: { add: async (job) => void queued.push(job), addDigest: async () => {} },
    client: {
      async post() {
        attempts++;
        return { status, headers: {} };
      },
    },
    now: () => nowMs,
    random: () => 0.5,
  };
});
beforeEach(async () => {
  [nowMs, queued, attempts, status] = [START_MS, [], 0, 500];
  await redis.flush();
});
afterAll(() => redis.stop());

const endpoint = (url = 'http://receiver.example'): Endpoint => ({
  url,
  signer: null,
  render: (alert) => JSON.stringify(alert),
  limits: {},
  fallback: 'duty-officer',
});
const deliver = (n: number) => {
  const alertId = `alert-${n}`;
  return deliverAlert(deps, { subscriberId: 'desk', alertId, round: 0, alert: anAlert({ alertId }) }, endpoint());
};
const notices = () => queued.map(({ subscriberId, alert }) => [subscriberId, (alert as Notice).data.code]);

/** A new alert every hour, as an endpoint that has gone away would see it. */
async function failFor(hours: number): Promise<void> {
  for (let n = 0; n <= hours; n++) {
    await deliver(n);
    nowMs += HOUR_MS;
  }
}

describe('an endpoint that fails for long', () => {
  it('is paused after a day, said once to its fallback, and left alone but for one probe at a time', async () => {
    await failFor(25);
    expect(notices()).toEqual([['duty-officer', 'endpoint-paused']]);
    const before = attempts;
    // The pause's first quarter of an hour has gone by: one of many deliveries probes.
    const results = await Promise.all([100, 101, 102, 103, 104].map(deliver));
    expect(attempts - before).toBe(1);
    expect(results.filter(({ reason }) => reason.includes('paused'))).toHaveLength(4);
    expect(notices()).toHaveLength(1);
  });

  it('is taken up at the first probe that gets through, and hears what it missed', async () => {
    await failFor(25);
    status = 200;
    expect(await deliver(100)).toMatchObject({ action: 'done' });
    expect(await deliver(101)).toMatchObject({ action: 'done' });
    expect(notices().slice(1)).toEqual([
      ['desk', 'endpoint-resumed'],
      ['duty-officer', 'endpoint-resumed'],
    ]);
    const { message, details } = (queued[1]!.alert as Notice).data;
    expect(message).toContain('answers again; it had failed since 2023-08-16T08:00:00.000Z');
    expect(details).toMatchObject({ pending: 26, dead: 0 });
  });

  it('uses up no attempt while it is paused, and loses no alert: it ends in the dead letter after 75 hours', async () => {
    await failFor(25);
    await deliver(99);
    const waiting = await deliver(100);
    expect(waiting).toMatchObject({ action: 'delay', outcome: null });
    const [newest] = await deps.deliveries.list('desk', 'pending', 2);
    expect([newest?.state?.attempts, (await deps.deliveries.readLog('desk', '', 200)).alerts.length]).toEqual([0, 28]);
    nowMs += 76 * HOUR_MS;
    await deliver(101);
    expect(await deliver(100)).toMatchObject({ action: 'dead' });
    expect(await deps.deliveries.counts('desk')).toMatchObject({ dead: 1 });
  });

  it('is not paused for a short outage, nor for asking to wait', async () => {
    await failFor(20);
    status = 200;
    await deliver(50);
    status = 500;
    await failFor(20);
    expect(notices()).toEqual([]);
    const outcome = { kind: 'response', status: 429, retryAfterMs: 5000, tookMs: 1 } as const;
    const failing = { ...freshEndpoint('x'), failures: 99, failingSinceMs: START_MS };
    const asked = { outcome, disable: false, reason: '', nowMs: START_MS + 99 * HOUR_MS };
    expect(decideHealth(failing, asked, HEALTH_POLICY)).toEqual({ state: failing, event: null });
  });

  it('starts afresh under another URL', async () => {
    await failFor(25);
    status = 200;
    const job = { subscriberId: 'desk', alertId: 'other', round: 0, alert: anAlert({ alertId: 'other' }) };
    expect(await deliverAlert(deps, job, endpoint('http://other.example'))).toMatchObject({ action: 'done' });
  });
});

describe('an endpoint that answers 410', () => {
  it('is off, said once to its fallback, and asked no more', async () => {
    status = 410;
    expect(await deliver(1)).toMatchObject({ action: 'dead', disable: true });
    expect(await deliver(2)).toMatchObject({ action: 'dead', reason: expect.stringContaining('410') });
    expect(attempts).toBe(1);
    expect(notices()).toEqual([['duty-officer', 'endpoint-disabled']]);
    expect(await deps.deliveries.counts('desk')).toMatchObject({ dead: 2 });
  });

  it('is on again when it takes an operator’s ping', async () => {
    status = 410;
    await deliver(1);
    const ping = () => pingEndpoint({ ...deps, pingId: () => 'ping_1' }, 'desk', endpoint());
    await ping();
    expect(await deliver(2)).toMatchObject({ action: 'dead' });
    status = 200;
    await ping();
    expect(await deliver(3)).toMatchObject({ action: 'done' });
  });
});

describe('the places of an endpoint', () => {
  const policy = { slots: 4, slowSlots: 1, slowMs: 2000 };
  type Entered = ReturnType<ReturnType<typeof createEndpointSlots>['enter']>;
  const isIn = (entered: Entered): entered is { leave: (tookMs: number) => void } => 'leave' in entered;

  it('are bounded for each endpoint by itself', () => {
    const slots = createEndpointSlots(policy);
    const entered = Array.from({ length: 10 }, () => slots.enter('hanging', 0));
    expect(entered.filter(isIn)).toHaveLength(4);
    expect(isIn(slots.enter('other', 0))).toBe(true);
    entered.filter(isIn)[0]!.leave(100);
    expect(isIn(slots.enter('hanging', 0))).toBe(true);
  });

  it('are fewer for one that is slow, and more again when it is not', () => {
    const slots = createEndpointSlots(policy);
    const attempt = (tookMs: number) => {
      const entered = slots.enter('slow', 0);
      if (isIn(entered)) entered.leave(tookMs);
    };
    attempt(15_000);
    expect([1, 2].map(() => isIn(slots.enter('slow', 0)))).toEqual([true, false]);
    const quick = createEndpointSlots(policy);
    const first = quick.enter('x', 0);
    if (isIn(first)) first.leave(15_000);
    for (let n = 0; n < 10; n++) {
      const entered = quick.enter('x', 0);
      if (isIn(entered)) entered.leave(10);
    }
    expect([1, 2, 3].map(() => isIn(quick.enter('x', 0)))).toEqual([true, true, true]);
  });

  it('send the waiting away for as long as the endpoint needs, one after the other, and not for ever', () => {
    const slots = createEndpointSlots(policy);
    const first = slots.enter('hanging', 0);
    if (isIn(first)) first.leave(15_000); // now known to be slow: 4.6 s on average, one place
    slots.enter('hanging', 0);
    const waits = Array.from({ length: 1000 }, () => slots.enter('hanging', 0)).map((one) =>
      'untilMs' in one ? one.untilMs : 0,
    );
    expect(waits[0]).toBeGreaterThan(4000);
    expect(waits[1]! - waits[0]!).toBeGreaterThan(4000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(600_000);
  });
});
