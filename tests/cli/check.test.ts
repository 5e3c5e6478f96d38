import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../support/checkout.ts';
import { runAttache } from '../support/run-attache.ts';

let shipped: string;
beforeAll(async () => {
  shipped = await mkdtemp(join(tmpdir(), 'attache-check-'));
  await cp(join(ROOT, 'config'), shipped, { recursive: true });
});
afterAll(() => rm(shipped, { recursive: true }));

/** What `attache check` says of the shipped config with one file replaced; the folder's name cut off. */
async function check(file: string, text: string): Promise<{ code: number | null; lines: string[] }> {
  const before = join(ROOT, 'config', file);
  await writeFile(join(shipped, file), text);
  const { code, stdout } = await runAttache(['check', '--config', shipped]).finally(() =>
    cp(before, join(shipped, file)),
  );
  return { code, lines: stdout.replaceAll(`${shipped}/`, '').split('\n').filter(Boolean) };
}

test('the shipped config is fit for use without any variable, and all tests of its watches pass', async () => {
  const { code, stdout } = await runAttache(['check']);
  expect(stdout).toMatch(/\d+ feeds, \d+ watches \(\d+ tests passed\), \d+ subscribers\noff, since their url is empty/);
  expect(code).toBe(0);
});

const WATCH = '  - {id: a, title: A, query: ';

test.each([
  ['a broken YAML', 'watches.yaml', 'watches:\n  - id: [a\n', /^watches\.yaml:3:1: YAML: /],
  [
    'an unknown key',
    'feeds.yaml',
    'feeds:\n  - {id: a, url: "https://example.org", langauge: en}\n',
    /^feeds\.yaml:2:41: feeds\[0\]: unknown key "langauge"/,
  ],
  [
    'a variable that is not set',
    'subscribers.yaml',
    'subscribers:\n  - {id: eurasia-desk, url: "", secret: "${NO_SUCH_VARIABLE}"}\n',
    /^subscribers\.yaml:2:41: subscribers\[0\]\.secret: the environment variable NO_SUCH_VARIABLE is not set/,
  ],
  [
    'a query with a syntax error',
    'watches.yaml',
    `watches:\n${WATCH}'country:CN AND (missile'}\n`,
    /^watches\.yaml:2:\d+: watches\[0\]\.query: /,
  ],
  [
    'a topic that there is not, with the nearest one',
    'watches.yaml',
    `watches:\n${WATCH}'topic:defence'}\n`,
    /^watches\.yaml:2:\d+: watches\[0\]\.query: .*topic:defense/,
  ],
  [
    'a test of a watch that fails, with the clause',
    'watches.yaml',
    `watches:\n  - id: a\n    title: A\n    query: country:CN AND country:BY\n    tests:\n      match: ["China's president in Minsk", "Wheat prices ease"]\n`,
    /^watches\.yaml:6:\d+: watches\[0\]\.tests\.match\[1\]: .*"Wheat prices ease".*country:CN/,
  ],
])('attache check names %s with its file, line and column, and exits with 1', async (_, file, text, expected) => {
  const { code, lines } = await check(file, text);
  expect(lines[0]).toMatch(expected);
  expect(code).toBe(1);
});

test('a mistake in a group of terms is told once, at the group, however many watches use it', async () => {
  const { code, lines } = await check(
    'watches.yaml',
    [
      'terms:',
      '  baltics: [EE, LV, XX]',
      '  navies: [frigate, "fleet OR navy"]',
      '  fleets: [$navies, flotilla]',
      '  odd: [tank, $lost]',
      'watches:',
      ...['a', 'b', 'c'].map((id) => `  - {id: ${id}, title: T, query: 'country:$baltics OR $odd'}`),
      "  - {id: d, title: T, query: 'minsk OR $fleets'}",
      "  - {id: e, title: T, query: 'kyiv OR $navies OR country:XX'}",
    ].join('\n'),
  );
  expect(code).toBe(1);
  expect(lines.filter((line) => line.startsWith('watches.yaml:')).map((line) => line.slice(13))).toEqual([
    expect.stringMatching(/^2:21: terms\.baltics\[2\]: the group \$baltics: there is no country code "XX"/),
    expect.stringMatching(/^3:21: terms\.navies\[1\]: the group \$navies, member "fleet OR navy": a group holds words/),
    expect.stringMatching(/^5:15: terms\.odd\[1\]: there is no group \$lost \(named by \$odd;/),
    expect.stringMatching(/^11:50: watches\[4\]\.query: there is no country code "XX"/),
  ]);
});

test('one mistake hides no other: forms, names, syntax and failing tests are told together, in the order of the files and their lines', async () => {
  const places = {
    'feeds.yaml':
      'feeds:\n  - {id: good, url: "https://example.org/a"}\n  - {id: bad, url: "ftp://example.org", tags: [wires]}\n',
    'subscribers.yaml': 'subscribers:\n  - {id: desk, url: "https://example.org", secret: "${NO_SUCH_VARIABLE}"}\n',
    'watches.yaml': [
      'watches:',
      '  - id: a',
      '    title: A',
      '    query: country:CN AND source:wires',
      '    notify: [desk]',
      '    tests: {match: [Wheat prices ease]}',
      '  - {id: b, titel: B, query: c}',
      '  - {id: c, title: C, query: "(missile"}',
      '  - {id: c, title: C, query: topic:defence}',
    ].join('\n'),
  };
  for (const [file, text] of Object.entries(places)) await writeFile(join(shipped, file), text);
  const { code, stdout } = await runAttache(['check', '--config', shipped]);
  for (const file of Object.keys(places)) await cp(join(ROOT, 'config', file), join(shipped, file));
  const told = stdout
    .replaceAll(`${shipped}/`, '')
    .split('\n')
    .filter((line) => /^\w+\.yaml:/.test(line))
    .map((line) => /^(\S+): (\S+): /.exec(line)?.slice(1));
  expect(code).toBe(1);
  expect(told).toEqual([
    ['feeds.yaml:3:20', 'feeds[1].url'],
    ['subscribers.yaml:2:52', 'subscribers[0].secret'],
    ['watches.yaml:6:21', 'watches[0].tests.match[0]'],
    ['watches.yaml:7:5', 'watches[1].title'],
    ['watches.yaml:7:13', 'watches[1]'],
    ['watches.yaml:8:31', 'watches[2].query'],
    ['watches.yaml:9:10', 'watches[3].id'],
    ['watches.yaml:9:30', 'watches[3].query'],
  ]);
}, 60_000);
