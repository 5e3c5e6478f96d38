import { newsRound } from '../../tests/support/crash-news.ts';
import { startScene } from '../../tests/support/crash-scene.ts';
import { losses, undisturbed } from '../../tests/support/crash-sweep.ts';
import { startRedis } from '../../tests/support/redis-server.ts';
import { type ProxyMode, startTcpProxy } from '../../tests/support/tcp-proxy.ts';
import { until } from '../../tests/support/until.ts';
import { say } from './say.ts';

const MODES: readonly ProxyMode[] = ['cut', 'hang', 'deaf', 'slow'];
const TIMES = 3;

/** Turns the line to Redis bad in the midst of a round, with the program's own time limits, and measures how long it takes to recover. */
export async function badLines(): Promise<number> {
  let broken = 0;
  const redis = await startRedis();
  const proxy = await startTcpProxy(redis.path);
  const on = await startScene({
    redisUrl: `redis://127.0.0.1:${proxy.port}`,
    watchUrl: redis.url,
  });
  try {
    const expected = await undisturbed(on, 1);
    let round = 3;
    for (const mode of MODES) {
      const tookMs: number[] = [];
      for (let time = 0; time < TIMES; time++) {
        const asked = on.host.asked('wire');
        const playing = on.play(newsRound(round++), [], { withinMs: 90_000 });
        await until('work is under way', () => on.host.asked('wire') > asked);
        proxy.become(mode, 100);
        if (mode === 'slow') await until('a step is done', () => on.host.asked('wire') > asked, 5000).catch(() => {});
        proxy.become('pass');
        const [goodMs, told] = [performance.now(), on.receiver.received.length];
        await until('the subscriber hears of it', () => on.receiver.received.length > told, 60_000);
        tookMs.push(performance.now() - goodMs);
        const lost = losses(expected, await playing);
        if (lost.length > 0 || tookMs.at(-1)! > 30_000) broken++;
        for (const problem of lost) say(`BROKEN ${mode}: ${problem}`);
      }
      say(`line to Redis ${mode}, ${TIMES} times: recovered within ${Math.round(Math.max(...tookMs))} ms`);
    }
  } finally {
    await on.stop();
    await proxy.close();
    await redis.stop();
  }
  return broken;
}
