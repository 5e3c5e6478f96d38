import { expect, test } from 'vitest';
import { decideOutages, NOTHING_SAID, type OutageState } from '../../src/delivery/source-outages.ts';

const HOUR_MS = 3_600_000;
const WATCHES = [
  { id: 'straits', title: 'Straits', sources: ['wire', 'daily', 'radio'] },
  { id: 'borders', title: 'Borders', sources: ['wire'] },
];

/** One look at the hour `at`; `down` names the sources that are out since an hour. Notices count as sent. */
function look(state: OutageState, at: number, down: Readonly<Record<string, number>>, ownOutage = false) {
  const sources = ['wire', 'daily', 'radio'].map((id) => ({
    id,
    name: id.toUpperCase(),
    outage: down[id] === undefined ? null : { sinceMs: down[id] * HOUR_MS, reason: 'no new article for 26 h' },
  }));
  const next = decideOutages({ sources, watches: WATCHES, state, ownOutage, nowMs: at * HOUR_MS });
  return { state: { ...next, unsent: [] }, notices: next.unsent, whole: next };
}

test('a source that goes silent is told once, with what its watches are left with, and once more when it is back for good', () => {
  const calm = look(NOTHING_SAID, 0, {});
  expect(calm.notices).toEqual([]);
  const silent = look(calm.state, 26, { wire: 0 });
  expect(silent.notices).toHaveLength(1);
  expect(silent.notices[0]).toMatchObject({
    watchIds: ['straits', 'borders'],
    notice: {
      type: 'notice',
      data: {
        code: 'watch-source-silent',
        subject: { feed: 'wire' },
        message:
          'Nothing comes from WIRE (no new article for 26 h). “Straits” hears 2 of its 3 sources, “Borders” hears 0 of its 1 source.',
      },
    },
  });
  const still = look(silent.state, 30, { wire: 0 });
  expect(still.notices).toEqual([]);
  const back = look(still.state, 31, {});
  expect(back.notices).toEqual([]);
  const good = look(back.state, 32, {});
  expect(good.notices.map(({ notice }) => notice.data.code)).toEqual(['watch-source-resumed']);
  expect(look(good.state, 33, {}).notices).toEqual([]);
  expect(look(good.state, 60, { wire: 33 }).notices).toHaveLength(1);
});

test('a source that comes and goes within the hour is one outage', () => {
  let { state } = look(NOTHING_SAID, 26, { wire: 0 });
  for (let at = 27; at < 40; at += 0.5) {
    const again = look(state, at, at % 1 === 0 ? {} : { wire: at - 0.1 });
    expect(again.notices).toEqual([]);
    state = again.state;
  }
});

test('watches that lose different sources are told apart, a watch that names none of them is not told', () => {
  const { notices } = look(NOTHING_SAID, 26, { daily: 0, wire: 1 });
  expect(notices.map(({ watchIds, notice }) => [watchIds, notice.data.details?.feeds])).toEqual([
    [['straits'], 'wire daily'],
    [['borders'], 'wire'],
  ]);
  expect(new Set(notices.map(({ notice }) => notice.data.alertId)).size).toBe(2);
});

test('what was decided and not sent is said again with the same id', () => {
  const { whole } = look(NOTHING_SAID, 26, { wire: 0 });
  expect(look(whole, 27, { wire: 0 }).notices).toEqual(whole.unsent);
});

test('while everything fails no source is blamed, and one that stays away afterwards is told then', () => {
  const own = look(NOTHING_SAID, 26, { wire: 20, daily: 20, radio: 20 }, true);
  expect(own.notices).toEqual([]);
  expect(look(own.state, 27, { radio: 20 }).notices).toHaveLength(1);
});
