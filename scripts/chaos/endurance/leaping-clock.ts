import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis, type TestRedis } from '../../../tests/support/redis-server.ts';

/** One clock for this process and its redis-server, which runs at the machine's pace and leaps when it is told to. */
export interface LeapingClock {
  readonly redis: TestRedis;
  /** Both are ahead of the machine's clock by so many whole seconds from now on; timers and time limits still last what they last. */
  leapTo(aheadSec: number): void;
  stop(): Promise<void>;
}

const Real = Date;

/**
 * Starts a redis-server whose TIME and times to live follow the clock, and bends `Date` and `performance.now` of this process. Null where no C compiler is there, for the server's
 * clock is bent by a small preloaded library.
 */
export async function startLeapingClock(): Promise<LeapingClock | null> {
  const dir = mkdtempSync(join(tmpdir(), 'attache-leap-'));
  const library = join(dir, 'clock.so');
  const file = join(dir, 'offset');
  try {
    const source = new URL('./leaping-clock.c', import.meta.url).pathname;
    execFileSync(process.env.CC ?? 'cc', ['-O2', '-shared', '-fPIC', '-o', library, source], { stdio: 'inherit' });
  } catch {
    rmSync(dir, { recursive: true });
    return null;
  }
  const offset = Buffer.alloc(8);
  writeFileSync(file, offset);
  // The server inherits its environment when it is started, and keeps it.
  Object.assign(process.env, { LD_PRELOAD: library, BENT_CLOCK: file });
  const redis = await startRedis().finally(() => {
    delete process.env.LD_PRELOAD;
    delete process.env.BENT_CLOCK;
  });
  let aheadMs = 0;
  globalThis.Date = bentDate(() => aheadMs);
  // The worker follows Redis' clock by the monotonic one, which therefore leaps with it. Timers do not go by it.
  const monotonic = performance.now.bind(performance);
  performance.now = () => monotonic() + aheadMs;
  return {
    redis,
    leapTo(aheadSec) {
      offset.writeBigInt64LE(BigInt(aheadSec) * 1_000_000n);
      writeFileSync(file, offset, { flag: 'r+' });
      aheadMs = aheadSec * 1000;
    },
    async stop() {
      globalThis.Date = Real;
      performance.now = monotonic;
      await redis.stop();
      rmSync(dir, { recursive: true });
    },
  };
}

function bentDate(aheadMs: () => number): DateConstructor {
  return new Proxy(Real, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [target.now() + aheadMs()] : args, newTarget),
    get: (target, name, receiver) =>
      name === 'now' ? () => target.now() + aheadMs() : Reflect.get(target, name, receiver),
  });
}
