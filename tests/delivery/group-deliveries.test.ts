import { describe, expect, it } from 'vitest';
import { groupDeliveries } from '../../src/delivery/group-deliveries.ts';
import { anAlert } from '../support/alerts.ts';

const alert = (watch: string, more: Parameters<typeof anAlert>[0] = {}) =>
  anAlert({ alertId: `alert-${watch}`, watch: { id: watch, title: watch.toUpperCase() }, ...more });
const everyone = (subscribers: Record<string, string[]>) => (watch: string) => subscribers[watch] ?? [];

describe('grouping', () => {
  it('makes one delivery of an article that matches several watches of a subscriber', () => {
    const notify = everyone({ a: ['desk', 'press'], b: ['desk'], c: [] });
    const planned = groupDeliveries([alert('b'), alert('c'), alert('a')], notify);
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
    const notify = everyone({ a: ['desk'], z: ['desk'] });
    const alerts = [alert('a', { event: 'story.updated', changes: ['new-origin'] }), alert('z')];
    for (const order of [alerts, [...alerts].reverse()]) {
      expect(groupDeliveries(order, notify)).toMatchObject([{ alertId: 'alert-z', alert: { type: 'story.matched' } }]);
    }
  });

  it('leaves out what a subscriber does not want', () => {
    const notify = everyone({ a: ['desk', 'press'], b: ['desk'] });
    const wants = (subscriber: string, { data }: ReturnType<typeof anAlert>) =>
      subscriber === 'desk' && data.watch.id === 'b';
    expect(groupDeliveries([alert('a'), alert('b')], notify, wants)).toMatchObject([
      { subscriberId: 'desk', alertId: 'alert-b' },
    ]);
  });
});
