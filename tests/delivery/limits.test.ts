import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Alert, Digest, StoryAlert } from '../../src/alerts/alert-schema.ts';
import { buildNotice, buildPing } from '../../src/alerts/payload.ts';
import { type DeliverDeps, deliverAlert, type Endpoint } from '../../src/delivery/deliver-alert.ts';
import type { DeliveryJob, DigestJob } from '../../src/delivery/delivery-job.ts';
import { createDeliveryStore } from '../../src/delivery/delivery-store.ts';
import { sendDigest } from '../../src/delivery/digests.ts';
import { createEndpointStore } from '../../src/delivery/endpoint-store.ts';
import { createHoldStore } from '../../src/delivery/hold-store.ts';
import { quietUntil } from '../../src/delivery/quiet-hours.ts';
import { decideAdmission, type SubscriberLimits, wantsAlert } from '../../src/delivery/subscriber-limits.ts';
import { isOverBudget, overBudgetNotice } from '../../src/delivery/watch-budget.ts';
import { anAlert } from '../support/alerts.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

const utc = (time: string) => Date.parse(`2023-08-16T${time}:00Z`);
const matched = anAlert();
const updated = anAlert({ event: 'story.updated', changes: ['language:ru', 'new-origin'] });
const notice = buildNotice({ alertId: 'n', code: 'watch-source-silent', message: 'm', subject: {}, atMs: 0 });
const night = { from: '22:00', to: '07:00', timeZone: 'UTC' };

describe('what a subscriber wants', () => {
  it.each<[string, SubscriberLimits, Alert, boolean]>([
    ['everything by default', {}, updated, true],
    ['only the types it names', { only: ['story.matched'] }, updated, false],
    ['the types it names', { only: ['story.matched'] }, matched, true],
    ['updates with a change it cares for', { changes: ['language'] }, updated, true],
    ['no updates without one', { changes: ['country', 'merge'] }, updated, false],
    ['each new story, whatever the changes', { changes: ['country'] }, matched, true],
    ['no notices where it names other types', { only: ['story.matched'] }, notice, false],
    ['digests, since its own settings make them', { only: ['story.matched'] }, digestOf([]), true],
  ])('is %s', (_, limits, alert, wanted) => {
    expect(wantsAlert(limits, alert)).toBe(wanted);
  });
});

describe('when it is told', () => {
  const decide = (limits: SubscriberLimits, at: string, more: Partial<Parameters<typeof decideAdmission>[0]> = {}) =>
    decideAdmission({ alert: updated, limits, overBudget: false, hourHasRoom: true, nowMs: utc(at), ...more });

  it('is at once without limits, and always for pings and digests', () => {
    expect(decide({}, '03:00')).toEqual({ action: 'send' });
    const all = { quietHours: night, digestEverySec: 3600 };
    expect(decide(all, '03:00', { alert: buildPing({ alertId: 'p', subscriber: 's', atMs: 0 }) }).action).toBe('send');
    expect(decide(all, '03:00', { alert: digestOf([]) }).action).toBe('send');
  });

  it('is with the digest at the end of quiet hours', () => {
    expect(decide({ quietHours: night }, '03:10')).toEqual({
      action: 'hold',
      slotMs: utc('07:00'),
      reason: 'quiet-hours',
    });
    expect(decide({ quietHours: night }, '07:00')).toEqual({ action: 'send' });
  });

  it('is after quiet hours for a notice, by itself', () => {
    expect(decide({ quietHours: night }, '03:10', { alert: notice })).toMatchObject({
      action: 'delay',
      untilMs: utc('07:00'),
    });
  });

  it('is at the next of its digests, or after the night that one would fall into', () => {
    expect(decide({ digestEverySec: 6 * 3600 }, '06:00')).toMatchObject({ slotMs: utc('12:00'), reason: 'digest' });
    expect(decide({ digestEverySec: 6 * 3600, quietHours: night }, '19:00')).toMatchObject({
      slotMs: utc('07:00') + 86_400_000,
    });
  });

  it('is within the hour for what goes over a limit', () => {
    const limits = { maxUpdatesPerHour: 2 };
    expect(decide(limits, '10:20', { hourHasRoom: false })).toMatchObject({
      slotMs: utc('11:00'),
      reason: 'updates-per-hour',
    });
    expect(decide(limits, '10:20', { hourHasRoom: false, alert: matched })).toEqual({ action: 'send' });
    expect(decide({}, '10:20', { overBudget: true })).toMatchObject({ slotMs: utc('11:00'), reason: 'watch-budget' });
  });
});

describe('quiet hours', () => {
  it.each([
    ['23:30', '07:00', 86_400_000],
    ['22:00', '07:00', 86_400_000],
    ['00:00', '07:00', 0],
    ['06:59', '07:00', 0],
  ])('over midnight hold at %s', (at, end, plusMs) => {
    expect(quietUntil(night, utc(at) + 30_000)).toBe(utc(end) + plusMs);
  });

  it.each(['07:00', '12:00', '21:59'])('do not hold at %s', (at) => {
    expect(quietUntil(night, utc(at))).toBeNull();
  });

  it('within a day end on that day', () => {
    expect(quietUntil({ from: '12:00', to: '14:00', timeZone: 'UTC' }, utc('13:00'))).toBe(utc('14:00'));
    expect(quietUntil({ from: '12:00', to: '14:00', timeZone: 'UTC' }, utc('14:00'))).toBeNull();
  });

  it('are the wall clock’s of their zone, also where summer time begins or ends in them', () => {
    const warsaw = { ...night, timeZone: 'Europe/Warsaw' };
    expect(quietUntil(warsaw, Date.parse('2023-08-16T21:00:00Z'))).toBe(Date.parse('2023-08-17T05:00:00Z'));
    expect(quietUntil(warsaw, Date.parse('2023-03-25T22:00:00Z'))).toBe(Date.parse('2023-03-26T05:00:00Z'));
    expect(quietUntil(warsaw, Date.parse('2023-10-28T21:00:00Z'))).toBe(Date.parse('2023-10-29T06:00:00Z'));
  });

  it('refuse what is no time and no zone', () => {
    expect(() => quietUntil({ ...night, from: '25:00' }, 0)).toThrow(RangeError);
    expect(() => quietUntil({ ...night, timeZone: 'Mars/North' }, 0)).toThrow(RangeError);
  });
});

describe('a watch’s daily budget', () => {
  const claim = (ordinalOfDay: number) => ({ ordinalOfDay, watchId: 'w', atMs: utc('10:00') });

  it('is said to be used up once, at the first alert over it', () => {
    const notices = [1, 2, 3, 4].map((ordinal) => overBudgetNotice(claim(ordinal), { title: 'W', maxAlertsPerDay: 2 }));
    expect(notices.map((one) => one?.data.code ?? null)).toEqual([null, null, 'watch-over-budget', null]);
    expect(notices[2]!.data.message).toContain('“W” has sent its 2 alerts of 2023-08-16');
    expect([2, 3].map((ordinal) => isOverBudget(claim(ordinal), 2))).toEqual([false, true]);
  });

  it('is without end where none is set', () => {
    expect(isOverBudget(claim(9999), undefined)).toBe(false);
    expect(overBudgetNotice(claim(9999), { title: 'W' })).toBeNull();
  });
});

describe('holding back', () => {
  let redis: TestRedis;
  let deps: DeliverDeps;
  let nowMs = utc('10:00');
  let sent: { id: string; body: string }[] = [];
  let digests: DigestJob[] = [];
  let queued: DeliveryJob[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    const store = { redis: redis.client(), prefix: 'attache:{deliveries}:v1' };
    deps = {
      deliveries: createDeliveryStore(store),
      holds: createHoldStore(store),
      endpoints: createEndpointStore(store),
      queue: { add: async (job) => void queued.push(job), addDigest: async (digest) => void digests.push(digest) },
      client: {
        async post({ body, headers }) {
          sent.push({ id: headers['x-id'] ?? '', body });
          return { status: 200, headers: {} };
        },
      },
      now: () => nowMs,
      random: () => 0.5,
    };
  });
  beforeEach(async () => {
    nowMs = utc('10:00');
    [sent, digests, queued] = [[], [], []];
    await redis.flush();
  });
  afterAll(() => redis.stop());

  const endpoint = (limits: SubscriberLimits): Endpoint => ({
    url: 'http://receiver.example',
    signer: null,
    render: (alert) => JSON.stringify(alert),
    limits,
  });
  const update = (n: number): DeliveryJob & { alert: StoryAlert } => {
    const alertId = `alert-${n}`;
    const alert = anAlert({
      alertId,
      event: 'story.updated',
      changes: ['merge'],
      watch: { id: `w${n}`, title: `W${n}` },
    });
    return { subscriberId: 'desk', alertId, round: 0, alert };
  };
  const bodies = () => sent.map(({ body }) => (JSON.parse(body) as Alert).data.alertId);

  it('lets through what an hour has room for, and tells the rest together, once each', async () => {
    const limits = { maxUpdatesPerHour: 2 };
    for (const n of [1, 2, 3, 4]) await deliverAlert(deps, update(n), endpoint(limits));
    // Steps that are run again change nothing.
    for (const n of [2, 3]) await deliverAlert(deps, update(n), endpoint(limits));
    expect(bodies()).toEqual(['alert-1', 'alert-2']);
    expect(new Set(digests.map(({ slotMs }) => slotMs))).toEqual(new Set([utc('11:00')]));
    nowMs = utc('11:00');
    expect(await sendDigest(deps, digests[0]!)).toBe(1);
    const digest = queued[0]!.alert as Digest;
    expect(digest.data.alerts.map(({ alertId }) => alertId)).toEqual(['alert-3', 'alert-4']);
    expect(digest.data.reasons).toEqual(['updates-per-hour']);
    await deliverAlert(deps, queued[0]!, endpoint(limits));
    expect(bodies()).toEqual(['alert-1', 'alert-2', digest.data.alertId]);
  });

  it('does not count an update twice that is tried again, and makes room after an hour', async () => {
    const admit = (n: number, at: string) => deps.holds.admitUpdate(update(n), utc(at), 2);
    expect([await admit(1, '10:00'), await admit(2, '10:10'), await admit(1, '10:20')]).toEqual([true, true, true]);
    expect([await admit(3, '10:59'), await admit(3, '11:01')]).toEqual([false, true]);
  });

  it('makes the same digest with the same id when it is made again, and nothing slips into it afterwards', async () => {
    const limits = { digestEverySec: 3600 };
    await deliverAlert(deps, update(1), endpoint(limits));
    nowMs = utc('11:00');
    await sendDigest(deps, digests[0]!);
    // A process whose clock is behind holds an alert for the slot that has just been closed.
    nowMs = utc('10:59');
    expect(await deps.holds.hold(update(2), utc('11:00'), heldOf(update(2).alert))).toBeNull();
    await sendDigest(deps, digests[0]!);
    expect(queued[1]).toEqual(queued[0]);
    expect((queued[0]!.alert as Digest).data.alerts).toHaveLength(1);
  });

  it('does not tell an alert in a second digest when its step is run again after the first', async () => {
    const limits = { digestEverySec: 3600 };
    await deliverAlert(deps, update(1), endpoint(limits));
    nowMs = utc('11:00');
    await sendDigest(deps, digests[0]!);
    await deliverAlert(deps, update(1), endpoint(limits));
    expect(await deps.holds.heldCount('desk')).toBe(0);
    expect(sent).toEqual([]);
    expect(await deps.deliveries.counts('desk')).toMatchObject({ pending: 0, dead: 0 });
  });

  it('does not hold an alert whose first attempt was made before the limits were set', async () => {
    await deps.deliveries.begin(update(1), '{}', { nowMs, log: true });
    expect(await deliverAlert(deps, update(1), endpoint({ digestEverySec: 3600 }))).toMatchObject({ action: 'done' });
    expect(sent).toHaveLength(1);
  });

  it('delays a notice in quiet hours and sends it then', async () => {
    nowMs = utc('23:00');
    const job = { subscriberId: 'desk', alertId: 'n', round: 0, alert: notice };
    const held = await deliverAlert(deps, job, endpoint({ quietHours: night }));
    expect(held).toMatchObject({ action: 'delay', untilMs: utc('07:00') + 86_400_000 });
    nowMs = utc('07:00') + 86_400_000;
    expect(await deliverAlert(deps, job, endpoint({ quietHours: night }))).toMatchObject({ action: 'done' });
  });

  it('is bounded, and counts what it drops', async () => {
    const holds = createHoldStore({ redis: redis.client(), prefix: 'attache:{deliveries}:v1', maxHeld: 3 });
    for (const n of [1, 2, 3, 4, 5]) await holds.hold(update(n), utc('11:00') + n, heldOf(update(n).alert));
    expect(await holds.heldCount('desk')).toBe(3);
    expect((await deps.deliveries.counts('desk')).dropped).toBe(2);
    expect((await holds.closeSlot('desk', utc('12:00'))).map(({ entry }) => entry.alertId)).toEqual([
      'alert-3',
      'alert-4',
      'alert-5',
    ]);
    const client = redis.client();
    const ttls = await Promise.all((await client.keys('*')).map((key) => client.ttl(key)));
    expect(ttls.every((ttl) => ttl > 0)).toBe(true);
  });

  function heldOf(alert: StoryAlert) {
    return { reason: 'digest' as const, entry: digestOf([alert]).data.alerts[0]!, configHash: 'c' };
  }
});

function digestOf(alerts: StoryAlert[]): Digest {
  return {
    type: 'digest',
    schemaVersion: 1,
    timestamp: '2023-08-16T08:00:00.000Z',
    data: {
      alertId: 'd',
      reasons: [],
      part: 1,
      parts: 1,
      configHash: 'c',
      alerts: alerts.map(({ type, timestamp, data }) => ({
        alertId: data.alertId,
        sequence: data.sequence,
        type,
        timestamp,
        watch: data.watch,
        change: data.change,
        story: { id: 's', headline: 'h', articles: 1, sources: 1, origins: 1 },
        article: { id: 'a', url: null, title: 't', source: 's' },
      })),
    },
  };
}
