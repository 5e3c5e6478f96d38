/**
 * How often a join has to be decided again because another article was joined meanwhile.
 *
 *   node bench/stories/store-contention.ts [ARTICLES]        (default 2000)
 *
 * Two processes join made-up reports, 50 at a time each: all of one event, of 50 events in turn, and each of its own. Tries are look-ups; a join needs one.
 */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { startRedis } from '../../tests/support/redis-server.ts';

const PREFIX = 'attache:{stories}:v1';
const articles = Number(process.argv[2] ?? 2000);
const program = new URL('../../tests/stories/join-range.ts', import.meta.url).pathname;

/** Both processes start when both are ready; resolves when both have printed what they joined. */
async function joinInTwoProcesses(socket: string, events: number): Promise<string[]> {
  const children = [0, 1].map((half) => {
    const range = [(half * articles) / 2, ((half + 1) * articles) / 2];
    const args = [program, socket, PREFIX, ...[events, ...range].map(String)];
    return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  });
  const outputs = children.map((child) => createInterface({ input: child.stdout })[Symbol.asyncIterator]());
  for (const output of outputs) await output.next();
  for (const child of children) child.stdin.write('go\n');
  return Promise.all(outputs.map(async (output) => (await output.next()).value as string));
}

console.log('| events | tries a join | joins a second |');
console.log('| --- | --- | --- |');
for (const events of [1, 50, articles]) {
  const server = await startRedis();
  try {
    const redis = server.client();
    const startMs = performance.now();
    await joinInTwoProcesses(server.path, events);
    const seconds = (performance.now() - startMs) / 1000;
    const counts = /cmdstat_bitfield_ro:calls=(\d+)/.exec(await redis.info('commandstats'))![1];
    console.log(`| ${events} | ${(Number(counts) / 2 / articles).toFixed(2)} | ${(articles / seconds).toFixed(0)} |`);
  } finally {
    await server.stop();
  }
}
