import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeliveryStore, type DeliveryStore } from '../../src/delivery/delivery-store.ts';
import { type GroupingRules, groupDeliveries } from '../../src/delivery/group-deliveries.ts';
import { planDeliveries } from '../../src/delivery/plan-deliveries.ts';
import { anAlert } from '../support/alerts.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

const alert = (watch: string, more: Parameters<typeof anAlert>[0] = {}) =>
  anAlert({ alertId: `alert-${watch}`, watch: { id: watch, title: watch.toUpperCase() }, ...more });
const rules = (subscribers: Record<string, string[]>, more: Partial<GroupingRules> = {}): GroupingRules => ({
  notify: (watch) => subscribers[watch] ?? [],
  wants: () => true,
  overBudget: () => false,
  ...more,
});

describe('grouping', () => {
  it('makes one delivery of an article that matches several watches of a subscriber', () => {
    const planned = groupDeliveries(
      [alert('b'), alert('c'), alert('a')],
      rules({ a: ['desk', 'press'], b: ['desk'], c: [] }),
    );
    expect(planned.map(({ subscriberId, alertId }) => [subscriberId, alertId])).toEqual([
      ['desk', 'alert-a'],
      ['press', 'alert-a'],
    ]);
    const [desk, press] = planned;
    expect(desk!.alert.data.alsoMatched).toMatchObject([
      { id: 'b', title: 'B', alertId: 'alert-b', sequence: 1, type: 'story.matched', change: [] },
    ]);
    expect(desk!.alert.data.alsoMatched![0]!.evidence).toEqual(alert('b').data.evidence);
    expect(press!.alert.data).not.toHaveProperty('alsoMatched');
  });

  it('puts a new match before an update, whatever order they come in', () => {
    const alerts = [alert('a', { event: 'story.updated', changes: ['new-origin'] }), alert('z')];
    for (const order of [alerts, [...alerts].reverse()]) {
      const planned = groupDeliveries(order, rules({ a: ['desk'], z: ['desk'] }));
      expect(planned).toMatchObject([{ alertId: 'alert-z', alert: { type: 'story.matched' } }]);
    }
  });

  it('leaves out what a subscriber does not want', () => {
    const wants: GroupingRules['wants'] = (subscriber, { data }) => subscriber === 'desk' && data.watch.id === 'b';
    const planned = groupDeliveries([alert('a'), alert('b')], rules({ a: ['desk', 'press'], b: ['desk'] }, { wants }));
    expect(planned).toMatchObject([{ subscriberId: 'desk', alertId: 'alert-b' }]);
  });

  it('does not hold up a watch within its budget for one that is over it', () => {
    const overBudget: GroupingRules['overBudget'] = ({ data }) => data.watch.id !== 'z';
    const notify = { a: ['desk', 'press'], z: ['desk'] };
    expect(groupDeliveries([alert('a'), alert('z')], rules(notify, { overBudget }))).toMatchObject([
      { subscriberId: 'desk', alertId: 'alert-z', overBudget: false },
      { subscriberId: 'press', alertId: 'alert-a', overBudget: true },
    ]);
  });
});

describe('planning', () => {
  let redis: TestRedis;
  let deliveries: DeliveryStore;
  beforeAll(async () => {
    redis = await startRedis();
    deliveries = createDeliveryStore({ redis: redis.client(), prefix: 'attache:{deliveries}:v1' });
  });
  afterAll(() => redis.stop());

  it('groups the same way when its step is run again', async () => {
    const alerts = [alert('b'), alert('a')];
    const plan = () => planDeliveries({ deliveries }, alerts, rules({ a: ['desk'], b: ['desk', 'press'] }));
    const first = await plan();
    expect(first.map(({ subscriberId, alertId }) => [subscriberId, alertId])).toEqual([
      ['desk', 'alert-a'],
      ['press', 'alert-b'],
    ]);
    expect(await plan()).toEqual(first);
  });

  it('loses and repeats nothing when the configuration was changed between two runs', async () => {
    await redis.flush();
    await planDeliveries({ deliveries }, [alert('b'), alert('c')], rules({ b: ['desk'], c: ['desk'] }));
    // Now a watch has been added that would head the delivery, and the one that headed it has another subscriber too.
    const notify = { a: ['desk'], b: ['desk', 'press'], c: ['desk'] };
    const planned = await planDeliveries({ deliveries }, [alert('a'), alert('b'), alert('c')], rules(notify));
    const groups = planned.map(({ subscriberId, alert: { data } }) => [
      subscriberId,
      data.alertId,
      ...(data.alsoMatched ?? []).map(({ id }) => id),
    ]);
    expect(groups.sort()).toEqual([
      ['desk', 'alert-a'],
      ['desk', 'alert-b', 'c'],
      ['press', 'alert-b'],
    ]);
  });

  it('bears that the head’s watch is gone', async () => {
    await redis.flush();
    await planDeliveries({ deliveries }, [alert('b'), alert('c')], rules({ b: ['desk'], c: ['desk'] }));
    const planned = await planDeliveries({ deliveries }, [alert('c')], rules({ c: ['desk'] }));
    expect(planned).toMatchObject([{ subscriberId: 'desk', alertId: 'alert-c' }]);
  });
});
