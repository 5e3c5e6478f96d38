import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-problem.ts';
import { loadConfig } from '../../src/config/load-config.ts';

const dirs: string[] = [];
afterEach(async () => {
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true });
});

async function configDir(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'attache-config-'));
  dirs.push(dir);
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  return dir;
}

/** The problems of a broken config, each as `file:line:column: message`, without the directory. */
async function problemsOf(files: Record<string, string>, env: Record<string, string> = {}): Promise<string[]> {
  const dir = await configDir(files);
  try {
    await loadConfig(dir, env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message
      .split('\n')
      .slice(1)
      .map((line) => line.replace(`${dir}/`, ''));
  }
  throw new Error('the config was accepted');
}

test('an empty directory is a working configuration with every default', async () => {
  const config = await loadConfig(await configDir({}), {});
  expect(config.settings.poll).toMatchObject({ tick: 5, minInterval: 300, firstAlertMaxAge: 86_400 });
  expect(config.settings.http).toMatchObject({ host: '127.0.0.1', port: 8080 });
  expect(config.settings.egress).toMatchObject({ allow: [], ports: [80, 443] });
});

test('errors of several files and several lines are told at once, each with file, line and column', async () => {
  const problems = await problemsOf({
    'attache.yaml': 'poll:\n  tick: soon\nhttp:\n  port: 99999\n',
    'feeds.yaml': 'feeds:\n  - id: BBC World\n    url: ftp://example.org/feed\n',
  });
  expect(problems).toEqual([
    'attache.yaml:2:9: poll.tick: expected a duration such as "15m" (s, m, h, d or w), from 1s to 5m, found "soon"',
    'attache.yaml:4:9: http.port: expected a whole number from 0 to 65535, found 99999',
    'feeds.yaml:2:9: feeds[0].id: expected an id of lower-case letters, digits and hyphens, at most 64, found "BBC World"',
    'feeds.yaml:3:10: feeds[0].url: expected an http or https URL without user name and password, found "ftp://example.org/feed"',
  ]);
});

test('an unknown key names the nearest known one, at the place of the key', async () => {
  const problems = await problemsOf({
    'watches.yaml': 'watches:\n  - id: a\n    title: A\n    query: b\n    notfy: [desk]\n',
  });
  expect(problems).toEqual(['watches.yaml:5:5: watches[0]: unknown key "notfy" — did you mean "notify"?']);
});

test('a missing key is told at its entry, and a broken YAML with line and column', async () => {
  const problems = await problemsOf({
    'watches.yaml': 'watches:\n  - id: a\n    title: A\n',
    'subscribers.yaml': 'subscribers:\n  - id: [a\n',
  });
  expect(problems[1]).toMatch(/^watches\.yaml:2:5: watches\[0\]\.query: missing; expected string/);
  expect(problems[0]).toMatch(/^subscribers\.yaml:3:1: YAML: /);
});

test('a variable is taken from the environment, or its default; a missing one is an error at its place', async () => {
  const dir = await configDir({ 'attache.yaml': 'http:\n  port: ${PORT:-9090}\n  host: ${HOST}\n' });
  expect((await loadConfig(dir, { HOST: '0.0.0.0' })).settings.http).toMatchObject({ port: 9090, host: '0.0.0.0' });
  expect((await loadConfig(dir, { HOST: '::', PORT: '7' })).settings.http.port).toBe(7);
  const problems = await problemsOf({ 'attache.yaml': 'http:\n  host: ${HOST}\n' });
  expect(problems).toEqual([
    'attache.yaml:2:9: http.host: the environment variable HOST is not set; set it, or write ${HOST:-default}',
  ]);
});

test('a variable cannot change the shape of the document', async () => {
  const dir = await configDir({ 'feeds.yaml': 'feeds:\n  - id: a\n    url: https://example.org\n    name: ${NAME}\n' });
  const config = await loadConfig(dir, { NAME: 'x\n  - id: b' });
  expect(config.feeds).toHaveLength(1);
  expect(config.feeds[0]?.name).toBe('x\n  - id: b');
});

test('a watch that notifies nobody known, an id used twice and a misnamed file are errors', async () => {
  const watch = (id: string) => `  - id: ${id}\n    title: T\n    query: q\n    notify: [eurasia-dsk]\n`;
  const problems = await problemsOf({
    'watches.yaml': `watches:\n${watch('a')}${watch('a')}`,
    'subscribers.yaml': 'subscribers:\n  - id: eurasia-desk\n    url: ""\n',
    'watch.yml': '',
  });
  expect(problems).toEqual([
    'watch.yml:1:1: this file is not read — did you mean watches.yaml?',
    'watches.yaml:5:14: watches[0].notify[0]: no subscriber "eurasia-dsk" — did you mean "eurasia-desk"?',
    'watches.yaml:6:9: watches[1].id: the id "a" is taken by watches[0]',
    'watches.yaml:9:14: watches[1].notify[0]: no subscriber "eurasia-dsk" — did you mean "eurasia-desk"?',
  ]);
});

test('a secret never stands in an error', async () => {
  const problems = await problemsOf(
    { 'subscribers.yaml': 'subscribers:\n  - id: a\n    url: https://example.org/hook\n    secret: ${S}\n' },
    { S: 'my-own-secret-value' },
  );
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^subscribers\.yaml:4:13: subscribers\[0\]\.secret: expected whsec_/);
  expect(problems[0]).not.toContain('my-own');
});

test('a secret that could not sign is found when it is checked, not at the start', async () => {
  // The form of base64, but not base64 to its last letter.
  const problems = await problemsOf({
    'subscribers.yaml': `subscribers:\n  - id: a\n    url: https://example.org/hook\n    secret: whsec_${'A'.repeat(42)}B=\n`,
  });
  expect(problems).toEqual([
    expect.stringMatching(/^subscribers\.yaml:4:13: subscribers\[0\]\.secret: expected whsec_/),
  ]);
});

test('an alias bomb is refused', async () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh']
    .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
    .join('\n')}\n`;
  const problems = await problemsOf({ 'attache.yaml': bomb });
  expect(problems[0]).toMatch(/YAML: .*alias/i);
});
