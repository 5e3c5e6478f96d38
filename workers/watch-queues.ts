import type { Queues } from '../src/queues/open-queues.ts';
import type { RedisConnection } from '../src/queues/redis-connection.ts';
import { afterLook, nextJobId, type Standstill, stuckForMs } from '../src/queues/standstill.ts';
import type { Logger } from './logger.ts';
import type { Patience } from './run-queue-workers.ts';

/** The queues whose jobs this installation's own workers take, in whichever process. */
const OWN = ['schedule', 'poll', 'triage', 'deliver'] as const;
/** Longer than it takes to replace a worker that is stuck, and than feeds or endpoints that all time out at once hold up a queue. */
const PATIENCE: Patience = { lookEveryMs: 5_000, patienceMs: 45_000 };

export interface QueueWatch {
  /** Which queues stand still, in words; null where none does. */
  stuck(): string | null;
  stop(): void;
}

/** Looks whether the queues move: one whose next job is the same for long has nobody who takes it, here or in another process. */
export function watchQueues(deps: {
  readonly connection: RedisConnection;
  readonly queues: Queues;
  readonly log: Logger;
  readonly patience?: Patience;
}): QueueWatch {
  const { patience = PATIENCE } = deps;
  const standstills = new Map<string, Standstill | null>();
  let looking = false;
  const look = async (): Promise<void> => {
    for (const name of OWN) {
      const id = await nextJobId(deps.connection, deps.queues[name], Date.now());
      const seen = { atMs: performance.now(), waits: id !== null, mark: id ?? '' };
      standstills.set(name, afterLook(standstills.get(name) ?? null, seen));
    }
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look()
      .catch((error: unknown) => deps.log.warn({ err: error }, 'looking at the queues'))
      .finally(() => {
        looking = false;
      });
  }, patience.lookEveryMs);
  return {
    stuck() {
      const atMs = performance.now();
      const words = [...standstills].flatMap(([name, standstill]) => {
        const silentMs = stuckForMs(standstill, atMs, patience.patienceMs);
        return silentMs === null ? [] : [`nobody takes the jobs of ${name} for ${Math.round(silentMs / 1000)} s`];
      });
      return words.length === 0 ? null : words.join(', ');
    },
    stop: () => clearInterval(timer),
  };
}
