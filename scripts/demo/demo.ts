/**
 * `npm run demo [-- --kill] [--stay]`: the whole way on one machine, without a network. A local server publishes sample feeds in three steps, the worker polls
 * them, a sample subscriber verifies each webhook and prints it. Ends by itself; exit code 0 only if each expected alert came exactly once.
 * With `--stay` it does not end by itself, so that the dashboard can be looked at. With `--kill` the worker is killed (SIGKILL) after the first alert and started again: the same alerts, each once.
 */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { judgeRun } from './expected-alerts.ts';
import { startFeedServer } from './feed-server.ts';
import { printAlert } from './print-alert.ts';
import { startReceiver } from './receiver.ts';
import { LAST_STEP, SAMPLE_FEEDS } from './sample-feeds.ts';
import { startWorkerChild, unfinishedJobs } from './worker-child.ts';

const SECRET = `whsec_${Buffer.from('a demonstration needs no secret!').toString('base64')}`;
const DEADLINE_MS = 120_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const withKill = process.argv.includes('--kill');
const stays = process.argv.includes('--stay');

async function run(): Promise<number> {
  const startedAt = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'attache-demo-'));
  const feeds = await startFeedServer(startedAt);
  let firstAlert = (): void => {};
  const alerted = new Promise<void>((resolve) => {
    firstAlert = resolve;
  });
  const receiver = await startReceiver(SECRET, ({ alert, webhookId }) => {
    say(`\n${printAlert(alert, webhookId)}`);
    firstAlert();
  });
  const configDir = await writeConfig(folder, feeds, receiver);
  const log: string[] = [];
  const start = () =>
    startWorkerChild({ configDir, dataDir: join(folder, 'data'), env: demoEnvironment() }, (line) => log.push(line));

  say(
    `${SAMPLE_FEEDS.length} sample feeds on ${feeds.base}, a subscriber on ${receiver.url}, a worker of its own. No network is used.`,
  );
  let worker = await start();
  try {
    for (let step = 0; step <= LAST_STEP; step++) {
      feeds.publish(step);
      if (withKill && step === 0) {
        await alerted;
        say('\nkill -9: the worker is gone in the middle of its work, and started again');
        await worker.kill();
        worker = await start();
      }
      await feeds.allAskedTwice();
      await quiet(worker.http, startedAt + DEADLINE_MS);
    }
    if (stays) {
      say(`\nThe dashboard: ${worker.http}/   Ctrl-C ends the demo.`);
      await new Promise<void>((resolve) => process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve()));
    }
    const exitCode = await worker.stop();
    const verdict = judgeRun(receiver.received, receiver.badSignatures);
    say(`\n${verdict.summary}`);
    say(`${((Date.now() - startedAt) / 1000).toFixed(1)} s; the worker ended with ${exitCode}`);
    if (!verdict.ok || exitCode !== 0) say(`the end of the worker's log:\n${log.slice(-15).join('\n')}`);
    return verdict.ok && exitCode === 0 ? 0 : 1;
  } finally {
    await worker.kill();
    await feeds.close();
    await receiver.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The shipped topics and entities, with the demo's own feeds, watches and subscriber. */
async function writeConfig(
  folder: string,
  feeds: { readonly base: string; readonly port: number },
  receiver: { readonly url: string; readonly port: number },
): Promise<string> {
  const shipped = new URL('../../config/', import.meta.url).pathname;
  const dir = join(folder, 'config');
  for (const part of ['topics', 'entities']) await cp(join(shipped, part), join(dir, part), { recursive: true });
  await cp(new URL('./watches.yaml', import.meta.url).pathname, join(dir, 'watches.yaml'));
  const write = (name: string, value: unknown) => writeFile(join(dir, name), stringify(value));
  await write('attache.yaml', {
    http: { port: 0 },
    poll: { tick: '1s', hostGap: '0s' },
    egress: { allow: ['127.0.0.0/8'], ports: [feeds.port, receiver.port] },
  });
  await write('feeds.yaml', {
    feeds: SAMPLE_FEEDS.map(({ id, name, country, kind }) => ({
      id,
      url: `${feeds.base}/${id}/feed.xml`,
      name,
      country,
      kind,
      every: '1s',
    })),
  });
  await write('subscribers.yaml', { subscribers: [{ id: 'demo-desk', url: receiver.url, secret: SECRET }] });
  return dir;
}

/** The demo brings its own Redis, whatever the caller's environment names. */
function demoEnvironment(): NodeJS.ProcessEnv {
  const { REDIS_URL: _, ...env } = process.env;
  return env;
}

async function quiet(http: string, deadlineMs: number): Promise<void> {
  while ((await unfinishedJobs(http)) !== 0) {
    if (Date.now() > deadlineMs) throw new Error('the worker did not come to rest within two minutes');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

process.exitCode = await run();
