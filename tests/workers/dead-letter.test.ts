import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deadLetterCommand } from '../../cli/dead-letter.ts';
import { createDeadLetter } from '../../src/queues/dead-letter.ts';
import type { TriageJob } from '../../src/queues/payloads.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { runAttache } from '../support/run-attache.ts';
import { startTestWorker, type TestWorker, writeTestConfig } from '../support/test-worker.ts';
import { until } from '../support/until.ts';

let redis: TestRedis;
let worker: TestWorker;
let config: { readonly dir: string; remove(): Promise<void> };

beforeAll(async () => {
  redis = await startRedis();
  config = await writeTestConfig({
    feeds: [],
    watches: [],
    subscribers: [],
    ports: [],
    knowledge: false,
  });
  worker = await startTestWorker({ configDir: config.dir, redisUrl: redis.url, roles: ['triage'] });
});
afterAll(async () => {
  await worker.stop();
  await config.remove();
  await redis.stop();
});

/** Runs `attache dead-letter …`; answers what it printed and warned of, or the code of its error. */
async function deadLetter(...args: string[]): Promise<{ out: string[]; warned: string[]; error: unknown }> {
  const out: string[] = [];
  const warned: string[] = [];
  const command = deadLetterCommand({
    connect: async () => ({ deadLetter: createDeadLetter(worker.stores.queues), close: async () => {} }),
    print: (line) => void out.push(line),
    warn: (line) => void warned.push(line),
  });
  const error: unknown = await command.parseAsync(args, { from: 'user' }).then(
    () => null,
    (reason: unknown) => (reason instanceof Error && 'code' in reason ? reason.code : reason),
  );
  return { out, warned, error };
}

/** An article without a title's type breaks its judging at the first attempt. */
async function giveUp(id: string): Promise<void> {
  const source = { id: 'wire', name: 'Wire', kind: null, country: null, tags: [] };
  const at = new Date().toISOString();
  const article = { id, revision: 'r1', source, title: 7, summary: '', text: '', lang: 'en', at, seenAt: at } as never;
  const data: TriageJob = { v: 1, article, quiet: false };
  const job = await worker.stores.queues.triage.add('triage', data, { jobId: `j${id}`, attempts: 1 });
  await until(`${id} is given up`, () => job.isFailed());
}

test('an article that was given up is listed with its reason, judged again once its cause is mended, or forgotten', async () => {
  expect(await deadLetter('list')).toEqual({ out: [], warned: ['the dead letter is empty'], error: null });
  await giveUp('first');
  await giveUp('second');

  const lines = (await deadLetter('list', '--json')).out.map((line) => JSON.parse(line));
  expect(lines.map((line) => [line.id, line.article, line.feed, line.attempts])).toEqual([
    ['jsecond', 'second', 'wire', 1],
    ['jfirst', 'first', 'wire', 1],
  ]);
  expect(lines[0].reason).not.toBe('');
  expect((await deadLetter('retry', 'jnone')).error).toBe('not-found');
  expect((await deadLetter('drop')).error).toBe('no-choice');
  expect(await worker.stores.queues.triage.getFailedCount()).toBe(2);

  const job = (await worker.stores.queues.triage.getJob('jfirst'))!;
  await job.updateData({ ...job.data, article: { ...job.data.article, title: 'Wheat prices ease', url: null } });
  expect((await deadLetter('retry', 'jfirst')).out).toEqual(['triage: 1 queued again']);
  await until('it was judged', async () => (await worker.stores.archive.get('first')) !== null);

  expect((await deadLetter('drop', '--all')).out).toEqual(['triage: 1 dropped']);
  expect(await worker.stores.queues.triage.getFailedCount()).toBe(0);
});

test('a broken watch, or a secret that this shell does not have, does not keep an operator from the dead letter', async () => {
  await writeFile(`${config.dir}/watches.yaml`, 'watches: [{id: a, title: A, query: "("}]\n');
  await writeFile(`${config.dir}/subscribers.yaml`, 'subscribers: [{id: a, url: "", secret: "${NOT_HERE}"}]\n');
  const ran = await runAttache(['dead-letter', 'list', '--config', config.dir], '', { REDIS_URL: redis.url });
  expect(ran).toEqual({ code: 0, stdout: '', stderr: 'the dead letter is empty\n' });
}, 60_000);
