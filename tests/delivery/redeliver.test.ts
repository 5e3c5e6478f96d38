import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DeliveriesAccess, deliveriesCommand } from '../../cli/deliveries.ts';
import type { DeliveryJob } from '../../src/delivery/delivery-job.ts';
import { createDeliveryStore, type DeliveryState, type DeliveryStore } from '../../src/delivery/delivery-store.ts';
import { type PastAlertsRequest, pastAlerts, readToken } from '../../src/delivery/past-alerts.ts';
import { replayAlerts, retryDead } from '../../src/delivery/redeliver.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

let redis: TestRedis;
let deliveries: DeliveryStore;
let queued: DeliveryJob[] = [];
const queue = { add: async (job: DeliveryJob) => void queued.push(job) };
const now = () => Date.now();
const secrets = [`whsec_${randomBytes(32).toString('base64')}`];

beforeAll(async () => {
  redis = await startRedis();
  deliveries = createDeliveryStore({ redis: redis.client(), prefix: 'attache:{deliveries}:v1' });
});
beforeEach(async () => {
  queued = [];
  await redis.flush();
});
afterAll(() => redis.stop());

async function past(n: number, status: DeliveryState['status'], subscriberId = 'desk'): Promise<void> {
  const key = { subscriberId, alertId: `alert-${n}` };
  await deliveries.begin(key, `{"n":${n}}`, { nowMs: Date.now(), log: true });
  const times = {
    roundStartedMs: 0,
    lastAtMs: Date.now() - 1000 + n,
    nextMs: status === 'pending' ? Date.now() : null,
  };
  await deliveries.record(key, { v: 1, status, round: 0, attempts: 10, lastReason: 'answered 500', ...times });
}

describe('trying again', () => {
  it('gives dead deliveries a new round, the oldest first, and takes them off the dead letter', async () => {
    for (const n of [1, 2, 3]) await past(n, 'dead');
    await past(4, 'delivered');
    const deps = { deliveries, queue, now };
    await retryDead(deps, { subscriberId: 'desk', limit: 100 });
    expect(queued).toEqual([1, 2, 3].map((n) => ({ subscriberId: 'desk', alertId: `alert-${n}`, round: 1 })));
    expect(await deliveries.counts('desk')).toMatchObject({ dead: 0, pending: 3 });
    expect(await retryDead(deps, { subscriberId: 'desk', limit: 100 })).toEqual([]);
  });

  it('can be asked for single alerts', async () => {
    for (const n of [1, 2]) await past(n, 'dead');
    await retryDead({ deliveries, queue, now }, { subscriberId: 'desk', alertIds: ['alert-2'], limit: 100 });
    expect(queued.map(({ alertId }) => alertId)).toEqual(['alert-2']);
  });

  it('replays what was delivered or dead, page by page, but not what is still being tried', async () => {
    await past(1, 'delivered');
    await past(2, 'pending');
    await past(3, 'dead');
    const deps = { deliveries, queue, now };
    const first = await replayAlerts(deps, { subscriberId: 'desk', after: '', limit: 2 });
    const second = await replayAlerts(deps, { subscriberId: 'desk', after: first.next, limit: 2 });
    expect([first.more, second.more]).toEqual([true, false]);
    expect(queued.map(({ alertId, round }) => [alertId, round])).toEqual([
      ['alert-1', 1],
      ['alert-3', 1],
    ]);
  });
});

describe('a receiver that was down', () => {
  const ask = (query: Partial<PastAlertsRequest['query']>, changes: Partial<PastAlertsRequest> = {}) =>
    pastAlerts(
      { deliveries },
      {
        subscriber: { id: 'desk', secrets },
        authorization: `Bearer ${readToken(secrets[0]!, 'desk')}`,
        query: { after: null, since: null, limit: null, ...query },
        ...changes,
      },
    );

  it('catches up by itself, with a token it makes of its own secret', async () => {
    for (const n of [1, 2, 3]) await past(n, 'dead');
    await past(4, 'delivered', 'press');
    const first = (await ask({ limit: '2' })).json as { alerts: unknown[]; next: string; more: boolean };
    expect(first).toMatchObject({
      alerts: [
        { id: 'alert-1', body: { n: 1 } },
        { id: 'alert-2', body: { n: 2 } },
      ],
      more: true,
      gap: false,
    });
    const rest = (await ask({ after: first.next })).json as typeof first;
    expect(rest).toMatchObject({ alerts: [{ id: 'alert-3', body: { n: 3 } }], more: false });
    expect((await ask({ after: rest.next })).json).toMatchObject({ alerts: [], next: rest.next });
  });

  it('may begin at a time instead', async () => {
    await past(1, 'dead');
    expect((await ask({ since: new Date(Date.now() - 60_000).toISOString() })).json).toMatchObject({ alerts: [{}] });
    expect((await ask({ since: new Date(Date.now() + 60_000).toISOString() })).json).toMatchObject({ alerts: [] });
  });

  it('is refused without its own token, and learns nothing of who else there is', async () => {
    const other = readToken(secrets[0]!, 'press');
    const refused = [
      await ask({}, { authorization: undefined }),
      await ask({}, { authorization: `Bearer ${other}` }),
      await ask({}, { authorization: 'Bearer ' }),
      await ask({}, { subscriber: { id: 'desk', secrets: [] } }),
      await ask({}, { subscriber: null }),
    ];
    expect(new Set(refused.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(refused[0]!.status).toBe(401);
  });

  it.each([{ after: 'yesterday' }, { since: 'yesterday' }, { limit: '0' }, { limit: '1000' }, { limit: 'x' }])(
    'is told what is wrong with %j',
    async (query) => {
      const answer = await ask(query);
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ error: { message: expect.stringContaining(Object.keys(query)[0]!) } });
    },
  );
});

describe('attache deliveries', () => {
  async function run(...args: string[]): Promise<string[]> {
    const lines: string[] = [];
    let closed = 0;
    const access: DeliveriesAccess = {
      deliveries,
      queue,
      subscribers: [
        { id: 'desk', secrets },
        { id: 'press', secrets: [] },
      ],
      ping: async (id) =>
        id === 'desk'
          ? { kind: 'response', status: 204, retryAfterMs: null, tookMs: 7 }
          : { kind: 'error', code: 'connect', message: 'no connection to the endpoint', tookMs: 7 },
      close: async () => void closed++,
    };
    const command = deliveriesCommand({
      connect: async () => access,
      print: (line) => lines.push(line),
      warn: () => {},
      now,
    })
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    for (const one of command.commands) one.exitOverride().configureOutput({ writeErr: () => {} });
    try {
      await command.parseAsync(args, { from: 'user' });
    } finally {
      if (closed !== 1) lines.push(`closed ${closed} times`);
    }
    return lines;
  }

  it('lists what failed and what is retried, for scripts and for people', async () => {
    await past(1, 'dead');
    await past(2, 'pending', 'press');
    const lines = (await run('list', '--json')).map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { subscriber: 'desk', alert: 'alert-1', status: 'dead', attempts: 10, reason: 'answered 500', next: null },
      { subscriber: 'press', alert: 'alert-2', status: 'pending' },
    ]);
    expect(await run('list', '--subscriber', 'desk')).toEqual([
      'desk  alert-1  failed for good after 10 attempts: answered 500',
    ]);
  });

  it('retries and replays', async () => {
    await past(1, 'dead');
    await past(2, 'delivered');
    expect(await run('retry', '--subscriber', 'desk')).toEqual(['desk: 1 queued again']);
    await past(3, 'dead');
    expect(await run('retry', '--alert', 'alert-3')).toEqual(['desk: 1 queued again', 'press: 0 queued again']);
    expect(await run('replay', '--subscriber', 'desk', '--since', '1h')).toEqual(['desk: 1 queued again']);
    expect(queued.map(({ alertId }) => alertId)).toEqual(['alert-1', 'alert-3', 'alert-2']);
  });

  it('pings a subscriber, and fails where it does not answer 2xx', async () => {
    expect(await run('test', 'desk')).toEqual(['desk: answered 204 in 7 ms']);
    await expect(run('test', 'press')).rejects.toThrow('deliveries test press: no connection to the endpoint');
  });

  it('prints the token that the API takes', async () => {
    expect(await run('token', 'desk')).toEqual([readToken(secrets[0]!, 'desk')]);
    await expect(run('token', 'press')).rejects.toThrow('has no secret');
  });

  it('names the subscribers there are when asked for another', async () => {
    await expect(run('replay', '--subscriber', 'dsk')).rejects.toThrow(
      'no subscriber "dsk" in subscribers.yaml; known: desk, press',
    );
  });
});
