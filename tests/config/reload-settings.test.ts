import { expect, test } from 'vitest';
import { attacheSchema } from '../../src/config/attache-schema.ts';
import { LIVE_SETTINGS, reloadSettings } from '../../src/config/reload-settings.ts';

const settings = (text: object) => attacheSchema.parse(text);

test('a reload takes limits over at once and leaves the frame of the worker as it is, each change by its name', () => {
  const running = settings({ poll: { minInterval: '5m', tick: '5s' }, http: { port: 8080 } });
  const loaded = settings({
    poll: { minInterval: '1m', tick: '1s' },
    http: { port: 9090 },
    log: { level: 'debug' },
    egress: { allow: ['10.0.0.0/8'] },
  });
  const reload = reloadSettings(running, loaded);
  expect(reload.taken).toEqual(['poll.minInterval', 'log.level']);
  expect(reload.waiting).toEqual(['http.port', 'poll.tick', 'egress.allow']);
  expect(reload.settings).toEqual({
    ...running,
    poll: { ...running.poll, minInterval: 60 },
    log: { level: 'debug' },
  });
});

test('a value that is put back waits for nothing', () => {
  const running = settings({});
  expect(reloadSettings(running, settings({}))).toEqual({ settings: running, taken: [], waiting: [] });
});

test('every setting that a reload takes over is one that there is', () => {
  const all = Object.entries(settings({})).flatMap(([group, keys]) =>
    Object.keys(keys).map((key) => `${group}.${key}`),
  );
  expect(all).toEqual(expect.arrayContaining([...LIVE_SETTINGS]));
});
