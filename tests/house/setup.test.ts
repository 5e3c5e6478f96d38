import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { decideInstall } from '../../scripts/modules-state.mjs';
import { ensureRedisServer, findRedisServer } from '../../scripts/redis-binary.mjs';
import { type Checkout, copyCheckout, olderNode } from '../support/checkout.ts';

let checkout: Checkout;
beforeEach(() => {
  checkout = copyCheckout();
});
afterEach(() => checkout.remove());

/** A stand-in for the program's main.ts. */
const program = (body: string, code: number): string =>
  `export async function main(args) { ${body} return ${code}; }\n`;

const LAUNCHER = 'cli/attache.mjs';
/** Stands for npm: notes that it ran, waits for the file `go` where a test wants that, and records what it "installed" as npm does. */
const NPM = `echo "$@" >> npm-runs
echo "added 1 package"
if [ -e wait ]; then trap 'exit 1' TERM; while [ ! -e go ]; do sleep 0.02; done; fi
mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json`;
const runsOfNpm = (): string[] => readFileSync(join(checkout.dir, 'npm-runs'), 'utf8').trim().split('\n');

describe('the launcher', () => {
  beforeEach(() => {
    checkout.program('npm', NPM);
    checkout.write('cli/main.ts', program("console.log('program', ...args);", 7));
  });

  test('installs the packages first, says so on stderr only, and does neither at the second run', async () => {
    const first = await checkout.run(process.execPath, [LAUNCHER, 'start', '--config', 'x']);
    expect(first).toMatchObject({ stdout: 'program start --config x\n', code: 7 });
    expect(first.stderr).toContain('attache setup: the packages are not installed; running npm ci');
    const second = await checkout.run(process.execPath, [LAUNCHER]);
    expect(second).toMatchObject({ stdout: 'program\n', stderr: '', code: 7 });
    expect(runsOfNpm()).toHaveLength(1);
  });

  test('installs again when the lock file has changed', async () => {
    await checkout.run(process.execPath, [LAUNCHER]);
    const lock = readFileSync(join(checkout.dir, 'package-lock.json'), 'utf8');
    const { version } = JSON.parse(lock).packages['node_modules/pino'] as { version: string };
    checkout.write('package-lock.json', lock.replace(`"version": "${version}"`, '"version": "999.0.0"'));
    const changed = await checkout.run(process.execPath, [LAUNCHER]);
    expect(changed.stderr).toMatch(/is \S+, package-lock.json says 999.0.0; running npm ci/);
  });

  test('installs once for two commands at the same moment', async () => {
    checkout.write('wait', '');
    const first = checkout.run(process.execPath, [LAUNCHER]);
    await vi.waitUntil(() => existsSync(join(checkout.dir, 'npm-runs')), { timeout: 10_000 });
    const waiting = checkout.start(process.execPath, [LAUNCHER]);
    const [words] = (await once(waiting.stderr!, 'data')) as [Buffer];
    expect(String(words)).toContain('another command is setting this checkout up; waiting');
    checkout.write('go', '');
    expect(await text(waiting.stdout!)).toBe('program\n');
    expect(await first).toMatchObject({ stdout: 'program\n', code: 7 });
    expect(runsOfNpm()).toHaveLength(1);
  });

  test('takes over at once from a setup that was killed', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']); // an id whose process is gone
    checkout.write('.setup.lock', `${pid}\n`);
    const run = await checkout.run(process.execPath, [LAUNCHER]);
    expect(run).toMatchObject({ stdout: 'program\n', code: 7 });
    expect(run.stderr).not.toContain('waiting');
  });

  test('takes over from a setup whose process id is somebody else’s by now', async () => {
    checkout.write('.setup.lock', `${process.pid}\n`);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(join(checkout.dir, '.setup.lock'), longAgo, longAgo);
    const run = await checkout.run(process.execPath, [LAUNCHER]);
    expect(run).toMatchObject({ stdout: 'program\n', code: 7 });
    expect(run.stderr).not.toContain('waiting');
  });

  test('ends the installation on SIGTERM and leaves no lock', async () => {
    checkout.write('wait', '');
    const child = checkout.start(process.execPath, [LAUNCHER]);
    await vi.waitUntil(() => existsSync(join(checkout.dir, 'npm-runs')), { timeout: 10_000 });
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).not.toBe(0);
    expect(existsSync(join(checkout.dir, '.setup.lock'))).toBe(false);
    expect(existsSync(join(checkout.dir, 'node_modules'))).toBe(false);
  });

  test('tells when npm fails, and does not start', async () => {
    checkout.program('npm', 'echo "npm error: no network" >&2; exit 3');
    const failed = await checkout.run(process.execPath, [LAUNCHER]);
    expect(failed).toMatchObject({ stdout: '', code: 1 });
    expect(failed.stderr).toContain('npm error: no network\nattache setup: npm ci failed with exit code 3');
  });

  test.skipIf(olderNode() === null)(
    'on an older Node runs the program on the pinned one and hands its exit code on',
    async () => {
      checkout.lendModules();
      checkout.write('cli/main.ts', program('console.log(process.versions.node);', 7));
      const run = await checkout.run(olderNode()!, [LAUNCHER]);
      expect(run.stdout).toMatch(/^2[4-9]\.|^[3-9]\d\./);
      expect(run).toMatchObject({ stderr: '', code: 7 });
    },
  );

  test.skipIf(olderNode() === null)(
    'on an older Node passes SIGTERM on, and waits for the program to end',
    async () => {
      checkout.lendModules();
      checkout.write(
        'cli/main.ts',
        program(
          "await new Promise((end) => { const up = setInterval(() => {}, 1000); process.once('SIGTERM', () => end(clearInterval(up))); console.log('up'); });",
          9,
        ),
      );
      const child = checkout.start(olderNode()!, [LAUNCHER]);
      const words: string[] = [];
      child.stdout!.on('data', (data) => words.push(String(data)));
      await vi.waitUntil(() => words.includes('up\n'), { timeout: 10_000 });
      child.kill('SIGTERM');
      expect(await once(child, 'close')).toEqual([9, null]);
      expect(words.join('')).toBe('up\n');
    },
  );
});

describe('npx attache in the checkout', () => {
  const npx = (...args: string[]) =>
    checkout.run('npx', ['attache', ...args], {
      npm_config_registry: 'http://127.0.0.1:9', // nothing listens: whatever it fetches fails
      npm_config_fetch_retries: '0',
      npm_config_cache: join(checkout.dir, '.npm-cache'),
    });

  test('runs this program before anything is installed, and never asks the registry for another of that name', async () => {
    checkout.write(
      'scripts/install-modules.mjs',
      "export async function ensureModules() { console.log('ours'); process.exit(5); }\n",
    );
    const run = await npx('start');
    expect(run).toMatchObject({ stdout: 'ours\n', stderr: '', code: 5 });
  });

  test('runs this program after the packages are installed', async () => {
    checkout.lendModules();
    checkout.write('cli/main.ts', program("console.log('ours', ...args);", 0));
    expect(await npx('feeds', 'list')).toMatchObject({ stdout: 'ours feeds list\n', stderr: '', code: 0 });
  });
});

describe('whether to install', () => {
  const lock = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/pino': { version: '2.0.0' },
      'node_modules/vitest': { version: '3.0.0', dev: true },
      'node_modules/other-platform': { version: '4.0.0', optional: true },
    },
  };
  const without = (...names: string[]) => ({
    packages: Object.fromEntries(
      Object.entries(lock.packages).filter(([path]) => path !== '' && !names.some((name) => path.endsWith(name))),
    ),
  });

  test('a complete installation is left alone, also without what is for other platforms', () => {
    expect(decideInstall(lock, without(), { dev: true })).toEqual({ install: false });
    expect(decideInstall(lock, without('other-platform'), { dev: true })).toEqual({ install: false });
  });

  test('an installation without development packages serves a recent Node, and an older one not', () => {
    expect(decideInstall(lock, without('vitest'), { dev: false })).toEqual({ install: false });
    expect(decideInstall(lock, without('vitest'), { dev: true })).toEqual({
      install: true,
      reason: 'vitest is not installed',
    });
  });

  test('an unfinished installation has no record and is made again', () => {
    expect(decideInstall(lock, null, { dev: false })).toEqual({
      install: true,
      reason: 'the packages are not installed',
    });
  });
});

describe('the Redis server', () => {
  const said: string[] = [];
  const ensure = (uid: number, purpose: 'worker' | 'tests' = 'worker') =>
    ensureRedisServer({
      env: { PATH: checkout.bin },
      say: (line) => said.push(line),
      purpose,
      furtherFolders: [],
      uid,
    });
  const APT_GET =
    'echo "$@" >> apt-runs; case "$*" in *install*) printf "#!/bin/sh\\n" > .bin/redis-server; /bin/chmod +x .bin/redis-server;; esac';
  let cwd: string;
  beforeEach(() => {
    said.length = 0;
    cwd = process.cwd();
    process.chdir(checkout.dir);
  });
  afterEach(() => process.chdir(cwd));

  test('is a redis-server, or else a valkey-server, on the PATH', () => {
    expect(findRedisServer({ PATH: checkout.bin }, [])).toBeNull();
    checkout.program('valkey-server', '');
    expect(findRedisServer({ PATH: checkout.bin }, [])).toBe(join(checkout.bin, 'valkey-server'));
    checkout.program('redis-server', '');
    expect(findRedisServer({ PATH: checkout.bin }, [])).toBe(join(checkout.bin, 'redis-server'));
  });

  test('is installed with apt by root, after an update of the lists', async () => {
    checkout.program('apt-get', APT_GET);
    expect(await ensure(0)).toBe(join(checkout.bin, 'redis-server'));
    const runs = readFileSync('apt-runs', 'utf8').trim().split('\n');
    expect(runs.at(-2)).toMatch(/ update$/);
    expect(runs.at(-1)).toMatch(/ install -y --no-install-recommends redis-server$/);
    expect(said.join()).toContain('installing redis-server with apt');
  });

  test('is installed with apt through sudo where that needs no password', async () => {
    checkout.program('apt-get', APT_GET);
    checkout.program('sudo', '[ "$1" = -n ] && shift && exec "$@"');
    checkout.program('true', '');
    expect(await ensure(1000)).toBe(join(checkout.bin, 'redis-server'));
  });

  test('that cannot be installed is asked for, with the ways to get one', async () => {
    checkout.program('apt-get', APT_GET);
    checkout.program('sudo', 'exit 1');
    const asked = ensure(1000);
    for (const way of ['apt-get install redis-server', 'brew install redis', 'docker run', 'REDIS_URL=']) {
      await expect(asked).rejects.toThrow(way);
    }
    await expect(ensure(1000, 'tests')).rejects.toThrow('REDIS_URL does not help');
  });

  test('that apt does not have is asked for too', async () => {
    checkout.program('apt-get', '[ "$1" = --version ]');
    await expect(ensure(0)).rejects.toThrow('brew install redis');
    expect(said.join()).toContain('apt-get install redis-server failed with exit code 1');
  });
});
