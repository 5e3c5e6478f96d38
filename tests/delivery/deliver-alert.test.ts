import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alertJsonSchema, alertSchema } from '../../src/alerts/alert-schema.ts';
import { type DeliverDeps, deliverAlert, type Endpoint } from '../../src/delivery/deliver-alert.ts';
import type { DeliveryJob, DigestJob } from '../../src/delivery/delivery-job.ts';
import { createDeliveryStore } from '../../src/delivery/delivery-store.ts';
import { createEndpointStore } from '../../src/delivery/endpoint-store.ts';
import { createHoldStore } from '../../src/delivery/hold-store.ts';
import { sendWebhook } from '../../src/delivery/send-webhook.ts';
import { createSigner } from '../../src/delivery/sign.ts';
import { anAlert } from '../support/alerts.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { startReceiver, testWebhookClient, type WebhookReceiver } from '../support/webhook-receiver.ts';

let redis: TestRedis;
let deps: DeliverDeps;
let queued: DeliveryJob[] = [];
let digests: DigestJob[] = [];
/** How far the clock is bent, ms. */
let bentMs = 0;
const client = testWebhookClient();
const receivers: WebhookReceiver[] = [];
const secret = `whsec_${randomBytes(32).toString('base64')}`;
const alert = anAlert();
const job = { subscriberId: 'desk', alertId: alert.data.alertId, round: 0, alert };

beforeAll(async () => {
  redis = await startRedis();
  deps = {
    deliveries: createDeliveryStore({ redis: redis.client(), prefix: 'attache:{deliveries}:v1' }),
    holds: createHoldStore({ redis: redis.client(), prefix: 'attache:{deliveries}:v1' }),
    endpoints: createEndpointStore({ redis: redis.client(), prefix: 'attache:{deliveries}:v1' }),
    queue: { add: async (added) => void queued.push(added), addDigest: async (digest) => void digests.push(digest) },
    client,
    now: () => Date.now() + bentMs,
    random: () => 0.5,
  };
});
beforeEach(async () => {
  bentMs = 0;
  queued = [];
  digests = [];
  await redis.flush();
});
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
});
afterAll(async () => {
  await client.close();
  await redis.stop();
});

async function receiver(...args: Parameters<typeof startReceiver>): Promise<WebhookReceiver> {
  const started = await startReceiver(...args);
  receivers.push(started);
  return started;
}

const endpointAt = (url: string, secrets = [secret], more: Partial<Endpoint> = {}): Endpoint => ({
  url,
  limits: {},
  ...more,
  signer: createSigner(secrets),
  render: (body) => JSON.stringify(body),
});

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    response.writeHead(code, headers).end();

describe('delivering', () => {
  it('sends a signed alert that verifies and validates, once', async () => {
    const { url, received } = await receiver();
    expect(await deliverAlert(deps, job, endpointAt(url))).toMatchObject({ action: 'done' });
    expect(await deliverAlert(deps, job, endpointAt(url))).toMatchObject({ action: 'done', outcome: null });
    expect(received).toHaveLength(1);
    const [webhook] = received;
    const verified = new Webhook(secret).verify(webhook!.body, webhook!.headers as Record<string, string>);
    expect(alertSchema.parse(verified)).toEqual(alert);
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema(alertJsonSchema({ closed: true }), 'alert');
    expect(ajv.validate('alert', verified), ajv.errorsText()).toBe(true);
    expect(ajv.validate('alert#/$defs/webhookHeaders', webhook!.headers), ajv.errorsText()).toBe(true);
    const { 'webhook-timestamp': _, ...incomplete } = webhook!.headers;
    expect(ajv.validate('alert#/$defs/webhookHeaders', incomplete)).toBe(false);
    expect(webhook!.headers).toMatchObject({
      'webhook-id': alert.data.alertId,
      'content-type': 'application/json; charset=utf-8',
    });
  });

  it('gets through to an endpoint that fails nine times, with the same id and bytes and a fresh timestamp each time', async () => {
    const { url, received } = await receiver((response, number) => status(number < 10 ? 500 : 200)(response));
    let result = await deliverAlert(deps, job, endpointAt(url));
    // What is made of the alert later does not matter: the first bytes are frozen.
    const changed = { ...job, alert: anAlert({ watch: { id: 'china-belarus-defence', title: 'Renamed' } }) };
    for (let n = 0; n < 20 && result.action === 'delay'; n++) {
      bentMs = result.untilMs - Date.now() + 1;
      result = await deliverAlert(deps, changed, endpointAt(url));
    }
    expect(result.action).toBe('done');
    expect(received).toHaveLength(10);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([alert.data.alertId]));
    const timestamps = received.map(({ headers }) => Number(headers['webhook-timestamp']));
    expect(timestamps.at(-1)! - timestamps[0]!).toBeGreaterThan(75 * 3600);
  });

  it('puts an alert that no attempt delivers into the dead letter, with its reason', async () => {
    const { url, received } = await receiver(status(500));
    let result = await deliverAlert(deps, job, endpointAt(url));
    expect(await deps.deliveries.list('desk', 'pending', 10)).toMatchObject([{ state: { attempts: 1 } }]);
    for (let n = 0; n < 20 && result.action === 'delay'; n++) {
      bentMs = result.untilMs - Date.now() + 1;
      result = await deliverAlert(deps, job, endpointAt(url));
    }
    expect(result).toMatchObject({ action: 'dead', disable: false });
    expect(received).toHaveLength(10);
    expect(await deps.deliveries.list('desk', 'pending', 10)).toEqual([]);
    expect(await deps.deliveries.list('desk', 'dead', 10)).toMatchObject([
      {
        alertId: alert.data.alertId,
        state: { status: 'dead', attempts: 10, lastReason: expect.stringContaining('500') },
      },
    ]);
    expect(await deps.deliveries.counts('desk')).toEqual({ pending: 0, dead: 1, dropped: 0 });
  });

  it('is not early when its job comes back before the time', async () => {
    const { url, received } = await receiver(status(500));
    const first = await deliverAlert(deps, job, endpointAt(url));
    const second = await deliverAlert(deps, job, endpointAt(url));
    expect(second).toMatchObject({
      action: 'delay',
      outcome: null,
      untilMs: first.action === 'delay' && first.untilMs,
    });
    expect(received).toHaveLength(1);
  });

  it('waits as long as Retry-After says without using up an attempt', async () => {
    const { url } = await receiver(status(429, { 'retry-after': '600' }));
    const result = await deliverAlert(deps, job, endpointAt(url));
    expect(result.action === 'delay' && result.untilMs - Date.now()).toBeGreaterThan(599_000);
    expect(await deps.deliveries.list('desk', 'pending', 10)).toMatchObject([{ state: { attempts: 0 } }]);
  });

  it('ends at 410 Gone, and says that the endpoint is to be turned off', async () => {
    const { url } = await receiver(status(410));
    expect(await deliverAlert(deps, job, endpointAt(url))).toMatchObject({ action: 'dead', disable: true });
  });

  it('begins anew in a new round, and leaves the old round’s job nothing to do', async () => {
    const { url, received } = await receiver();
    await deliverAlert(deps, job, endpointAt(url));
    const again = { subscriberId: 'desk', alertId: job.alertId, round: 1 };
    expect(await deliverAlert(deps, again, endpointAt(url))).toMatchObject({ action: 'done' });
    expect(await deliverAlert(deps, job, endpointAt(url))).toMatchObject({ action: 'done', outcome: null });
    expect(received).toHaveLength(2);
    expect(received[1]!.body).toBe(received[0]!.body);
    expect(await deps.deliveries.counts('desk')).toMatchObject({ dead: 0 });
  });

  it('does not let a slower process undo a success', async () => {
    const { url } = await receiver();
    await deliverAlert(deps, job, endpointAt(url));
    const state = { v: 1, status: 'pending', round: 0, attempts: 1, lastReason: 'late' } as const;
    expect(await deps.deliveries.record(job, { ...state, roundStartedMs: 0, lastAtMs: 1, nextMs: 2 })).toBe(false);
    expect(await deps.deliveries.counts('desk')).toMatchObject({ pending: 0 });
  });

  it('signs with both secrets while they are rotated', async () => {
    const { url, received } = await receiver();
    const next = `whsec_${randomBytes(32).toString('base64')}`;
    await deliverAlert(deps, job, endpointAt(url, [next, secret]));
    for (const known of [next, secret]) {
      new Webhook(known).verify(received[0]!.body, received[0]!.headers as Record<string, string>);
    }
  });
});

describe('a crash', () => {
  /** Dependencies of a process that is killed at its n-th step outside of itself: before the step, or after it but before it knows. */
  function dyingAt(step: number, when: 'before' | 'after', steps: { count: number }): DeliverDeps {
    const dying = <T extends object>(target: T): T =>
      new Proxy(target, {
        get(object, name, self) {
          const value: unknown = Reflect.get(object, name, self);
          if (typeof value !== 'function') return value;
          return async (...args: unknown[]) => {
            steps.count++;
            if (steps.count === step && when === 'before') throw new Error('killed');
            const result: unknown = await value.apply(object, args);
            if (steps.count === step) throw new Error('killed');
            return result;
          };
        },
      });
    const { deliveries, holds, endpoints, queue } = deps;
    return {
      ...deps,
      deliveries: dying(deliveries),
      holds: dying(holds),
      endpoints: dying(endpoints),
      queue: dying(queue),
      client: dying(client),
    };
  }

  it.each([
    ['an ordinary delivery', {}, 200],
    ['an endpoint that is gone', {}, 410],
    ['an alert held for a digest', { digestEverySec: 3600 }, 200],
  ])('at any step loses nothing and changes no byte: %s', async (_, limits, code) => {
    for (let step = 1, steps = { count: 99 }; step <= steps.count; step++) {
      for (const when of ['before', 'after'] as const) {
        await redis.flush();
        [queued, digests] = [[], []];
        const { url, received } = await receiver(status(code));
        const endpoint = endpointAt(url, [secret], { limits, fallback: 'duty-officer' });
        steps = { count: 0 };
        await deliverAlert(dyingAt(step, when, steps), job, endpoint).catch(() => {});
        const result = await deliverAlert(deps, job, endpoint);
        if ('digestEverySec' in limits) {
          expect(received).toHaveLength(0);
          expect(new Set(digests.map(({ slotMs }) => slotMs)).size).toBe(1);
          expect(await deps.holds.closeSlot('desk', digests[0]!.slotMs)).toHaveLength(1);
        } else {
          expect(result.action).toBe(code === 200 ? 'done' : 'dead');
          expect(received.length === 1 || received.length === 2).toBe(true);
          expect(new Set(received.map(({ body, headers }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
          expect(queued.length > 0).toBe(code === 410);
        }
        await receivers.pop()!.stop();
      }
    }
  });
});

describe('an attempt', () => {
  const send = (url: string, timeoutMs = 5000) =>
    sendWebhook(deps, { url, id: 'a', body: '{}', signer: createSigner([secret]), timeoutMs });

  it('does not follow a redirect', async () => {
    const target = await receiver();
    const { url } = await receiver(status(301, { location: target.url }));
    expect(await send(url)).toMatchObject({ kind: 'response', status: 301 });
    expect(target.received).toEqual([]);
  });

  it('gives up on an endpoint that hangs', async () => {
    const { url } = await receiver(() => {});
    expect(await send(url, 150)).toMatchObject({ kind: 'error', code: 'timeout' });
  });

  it('takes the status for the answer, and does not wait for a body that never ends', async () => {
    const { url } = await receiver((response) => response.writeHead(200).write('x'));
    expect(await send(url, 150)).toMatchObject({ kind: 'response', status: 200 });
  });

  it('takes a slow answer in time for an answer', async () => {
    const { url } = await receiver((response) => setTimeout(() => response.end(), 100));
    expect(await send(url)).toMatchObject({ kind: 'response', status: 200 });
  });

  it('tells a closed connection from a refused one, without the address, which may be a secret', async () => {
    const { url } = await receiver((response) => response.socket?.destroy());
    const reset = await send(url);
    await receivers.pop()!.stop();
    const refused = await send(url);
    expect([reset, refused]).toMatchObject([{ code: 'reset' }, { code: 'connect' }]);
    expect(JSON.stringify([reset, refused])).not.toContain('127.0.0.1');
  });
});

describe('past alerts of a subscriber', () => {
  const put = (n: number, nowMs = Date.now()) =>
    deps.deliveries.begin({ subscriberId: 'desk', alertId: `alert-${n}` }, `{"n":${n}}`, { nowMs, log: true });

  it('are read by a cursor that misses none and repeats none, also while more come in', async () => {
    for (let n = 0; n < 10; n++) await put(n);
    const seen: string[] = [];
    for (let cursor = '', n = 10; n < 15; n++) {
      const page = await deps.deliveries.readLog('desk', cursor, 4);
      seen.push(...page.alerts.map(({ body }) => body!));
      expect(page.gap).toBe(false);
      cursor = page.next;
      if (n < 12) await put(n);
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, n) => `{"n":${n}}`));
  });

  it('are logged once, however often they are tried, and apart for each subscriber', async () => {
    await put(1);
    await put(1);
    await deps.deliveries.begin({ subscriberId: 'press', alertId: 'alert-1' }, '{"other":1}', {
      nowMs: Date.now(),
      log: true,
    });
    expect((await deps.deliveries.readLog('desk', '', 10)).alerts).toMatchObject([{ body: '{"n":1}' }]);
    expect((await deps.deliveries.readLog('press', '', 10)).alerts).toMatchObject([{ body: '{"other":1}' }]);
  });

  it('are bounded, and a reader who comes too late is told', async () => {
    const small = createDeliveryStore({ redis: redis.client(), prefix: 'attache:{small}:v1', maxPerSubscriber: 5 });
    const cursors: string[] = [];
    for (let n = 0; n < 9; n++) {
      await small.begin({ subscriberId: 'desk', alertId: `alert-${n}` }, '{}', { nowMs: Date.now(), log: true });
      cursors.push((await small.readLog('desk', '', 100)).next);
    }
    expect((await small.readLog('desk', '', 100)).alerts).toHaveLength(5);
    expect((await small.readLog('desk', cursors[0]!, 100)).gap).toBe(true);
    expect((await small.readLog('desk', cursors[2]!, 100)).gap).toBe(true);
    expect((await small.readLog('desk', cursors[3]!, 100)).gap).toBe(false);
  });

  it('refuse a cursor that is none', async () => {
    await expect(deps.deliveries.readLog('desk', 'yesterday', 10)).rejects.toThrow('not a cursor');
  });

  it('leave nothing in the store for ever', async () => {
    const { url } = await receiver(status(410));
    await deliverAlert(deps, job, endpointAt(url));
    const redisClient = redis.client();
    const keys = await redisClient.keys('*');
    const ttls = await Promise.all(keys.map((key) => redisClient.ttl(key)));
    expect(keys.length).toBeGreaterThanOrEqual(3);
    expect(ttls.every((ttl) => ttl > 0)).toBe(true);
  });
});
