import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NEWS_FEEDS, newsRound } from '../../tests/support/crash-news.ts';
import { startScene } from '../../tests/support/crash-scene.ts';
import { losses, undisturbed } from '../../tests/support/crash-sweep.ts';
import { startRedis } from '../../tests/support/redis-server.ts';
import { until } from '../../tests/support/until.ts';
import type { ReceivedWebhook } from '../../tests/support/webhook-receiver.ts';
import { say } from './say.ts';

/** Longer than the feeds' interval of an hour, so that a poll planned by a clock that runs slow would be due again at once. */
const OFFSETS = ['+7200', '+0', '-7200', '+0'] as const;
const LAST_TICK = 'attache:{schedule}:v1:last-tick';

/** Jumps the worker's clock, but not Redis', while it works: two hours forward, back, two hours into the past, back. Needs Debian's package faketime. */
export async function clockJumps(): Promise<number> {
  const [library] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
  if (library === undefined || !existsSync(library)) {
    say('clock jumps: left out, for libfaketime is not there (apt-get install faketime)');
    return 0;
  }
  const dir = mkdtempSync(join(tmpdir(), 'attache-clock-'));
  const clock = join(dir, 'clock');
  writeFileSync(clock, '+0\n');
  const redis = await startRedis();
  const env = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: clock,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  const on = await startScene({ redisUrl: redis.url, env });
  const asked = (): number => NEWS_FEEDS.reduce((sum, feed) => sum + on.host.asked(feed), 0);
  let broken = 0;
  try {
    const expected = await undisturbed(on, 1);
    let round = 3;
    for (const offset of OFFSETS) {
      writeFileSync(clock, `${offset}\n`);
      const [jumpedMs, jumpedAt] = [performance.now(), Date.now()];
      const offMs = Number(offset) * 1000;
      await until(
        // Ticks are noted by Redis' clock, which does not jump; one that was under way is not enough.
        'the tick goes on after the jump',
        async () => Number(await on.stores.redis.get(LAST_TICK)) > jumpedAt + 3_000,
        60_000,
      );
      const tickMs = Math.round(performance.now() - jumpedMs);
      const before = asked();
      const told = on.receiver.received.length;
      const problems: string[] = [];
      for (let time = 0; time < 5; time++) problems.push(...losses(expected, await on.play(newsRound(round++))));
      const saidMs = Date.parse(/"time":"([^"]+)"/.exec(on.workers[0]!.lines.at(-1) ?? '')?.[1] ?? '');
      if (Math.abs(saidMs - Date.now() - offMs) > 60_000) problems.push('the clock did not jump');
      const polls = asked() - before;
      const storm = polls > 5 * 4 + NEWS_FEEDS.length;
      if (problems.length > 0 || storm) broken++;
      for (const problem of problems) say(`BROKEN clock ${offset} s: ${problem}`);
      say(
        `clock at ${offset} s: the tick went on after ${tickMs} ms; ${polls} polls in 5 rounds of 4 (each feed is due once more at most), ${problems.length} lost; webhook-timestamp off by ${stampsOff(on.receiver.received.slice(told))} s`,
      );
    }
  } finally {
    await on.stop();
    await redis.stop();
    rmSync(dir, { recursive: true });
  }
  return broken;
}

/** How far the timestamps of webhooks were from this machine's clock, s, to the minute. */
function stampsOff(received: readonly ReceivedWebhook[]): number {
  const off = received.map(({ headers }) => Number(headers['webhook-timestamp']) - Date.now() / 1000);
  return Math.round(Math.max(...off.map(Math.abs)) / 60) * 60;
}
