import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { stringify } from 'yaml';
import { loadKnowledge } from '../../workers/load-knowledge.ts';
import { ROLES, type Role } from '../../workers/roles.ts';
import { runConfig } from '../../workers/running-config.ts';
import { type RunningWorker, startWorker } from '../../workers/start.ts';
import { ROOT } from './checkout.ts';

export const TEST_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** A config directory of a test's own: the shipped topics and entities, and what the test gives. */
export interface TestConfig {
  readonly feeds: readonly { readonly id: string; readonly url: string; readonly [key: string]: unknown }[];
  readonly watches: readonly {
    readonly id: string;
    readonly query: string;
    readonly notify?: readonly string[];
    readonly [key: string]: unknown;
  }[];
  readonly subscribers?: readonly { readonly id: string; readonly url: string; readonly [key: string]: unknown }[];
  /** Ports of 127.0.0.1 that the worker may speak to. */
  readonly ports: readonly number[];
  readonly poll?: Readonly<Record<string, unknown>>;
  /** False: no topics and no entities, for a worker that is to start fast. */
  readonly knowledge?: boolean;
  readonly http?: Readonly<Record<string, unknown>>;
  readonly queue?: Readonly<Record<string, unknown>>;
}

export async function writeTestConfig(config: TestConfig): Promise<{ readonly dir: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'attache-test-config-'));
  for (const part of ['topics', 'entities']) {
    if (config.knowledge === false) await mkdir(join(dir, part));
    else await cp(join(ROOT, 'config', part), join(dir, part), { recursive: true });
  }
  await writeTestFiles(dir, config);
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** Writes the files that a test may change later, for a reload. */
export async function writeTestFiles(dir: string, config: TestConfig): Promise<void> {
  const { feeds, watches, subscribers = [], ports, poll, http, queue = {} } = config;
  await writeFile(
    join(dir, 'attache.yaml'),
    stringify({
      http: { port: 0, ...http },
      queue,
      poll: { tick: '1s', hostGap: '0s', ...poll },
      egress: { allow: ['127.0.0.0/8'], ports },
    }),
  );
  await writeFile(join(dir, 'feeds.yaml'), stringify({ feeds: feeds.map((feed) => ({ every: '1s', ...feed })) }));
  await writeFile(
    join(dir, 'watches.yaml'),
    stringify({ watches: watches.map((watch) => ({ title: watch.id, ...watch })) }),
  );
  await writeFile(
    join(dir, 'subscribers.yaml'),
    stringify({ subscribers: subscribers.map((one) => ({ secret: TEST_SECRET, ...one })) }),
  );
}

export interface TestWorker extends RunningWorker {
  /** What it logged, as JSON. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

/** A worker of this process on a config directory. Stop it. */
export async function startTestWorker(options: {
  readonly configDir: string;
  readonly redisUrl: string;
  readonly roles?: readonly Role[];
}): Promise<TestWorker> {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug', base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const config = runConfig(await loadKnowledge(options.configDir, {}, new Date()));
  const roles = new Set(options.roles ?? ROLES);
  const worker = await startWorker({ config, redisUrl: options.redisUrl, roles, version: 'test', log });
  return Object.assign(worker, { lines });
}
