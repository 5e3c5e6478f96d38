import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Trial, TrialChoice } from './load-trial.ts';
import { type Batch, type BatchResult, tryBatch } from './try-batch.ts';

/** What a thread says: that it has loaded the config, or what came of a batch. */
export type ThreadMessage = { readonly ready: true } | { readonly number: number; readonly result: BatchResult };

/** One that it is at, and one that it need not wait for. */
const BATCHES_A_THREAD = 2;
/** Results that wait for an earlier one; they hold what matched alone. So many, for a thread that has just begun is slow. */
const MOST_WAITING = 50;

/**
 * Tries batches on further threads beside this one and gives their results in the batches' order. A thread has the config to load first, which may take longer than all
 * the rest: whatever no thread is free for is done here, so they can cost nobody time who has a processor for each.
 */
export async function* tryOnThreads(
  { trial, choice }: { readonly trial: Trial; readonly choice: TrialChoice },
  batches: AsyncIterable<Batch>,
  options: { readonly threads: number; readonly nowMs: number },
): AsyncGenerator<BatchResult> {
  const pool = startThreads(choice, options);
  try {
    const waiting: Promise<BatchResult>[] = [];
    let number = 0;
    for await (const batch of batches) {
      waiting.push(pool.run(number++, batch) ?? Promise.resolve(tryBatch(trial, batch, options.nowMs)));
      if (waiting.length > MOST_WAITING) yield await waiting.shift()!;
      await turn(); // the threads' answers come in between
    }
    for (const result of waiting) yield await result;
  } finally {
    await pool.close();
  }
}

interface Thread {
  readonly worker: Worker;
  /** Batches that it may still be given. */
  free: number;
}

function startThreads(choice: TrialChoice, { threads, nowMs }: { threads: number; nowMs: number }) {
  const open = new Map<number, { resolve: (result: BatchResult) => void; reject: (error: unknown) => void }>();
  let failed: unknown = null;
  const all = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL('./trial-worker.ts', import.meta.url), { workerData: { choice, nowMs } });
    const thread: Thread = { worker, free: 0 };
    worker.on('message', (message: ThreadMessage) => {
      if ('ready' in message) {
        thread.free = BATCHES_A_THREAD;
        return;
      }
      thread.free++;
      open.get(message.number)?.resolve(message.result);
      open.delete(message.number);
    });
    worker.on('error', (error) => {
      failed = error;
      for (const { reject } of open.values()) reject(error);
      open.clear();
    });
    return thread;
  });
  return {
    /** Null: none is free. */
    run(number: number, batch: Batch): Promise<BatchResult> | null {
      if (failed !== null) return Promise.reject(failed);
      const thread = all.reduce((freest, one) => (one.free > freest.free ? one : freest));
      if (thread.free <= 0) return null;
      thread.free--;
      const { promise, resolve, reject } = Promise.withResolvers<BatchResult>();
      // A later batch may fail while an earlier one is awaited: its reader hears of it in its turn.
      promise.catch(() => undefined);
      open.set(number, { resolve, reject });
      thread.worker.postMessage({ number, batch });
      return promise;
    },
    async close(): Promise<void> {
      await Promise.all(all.map(({ worker }) => worker.terminate()));
    },
  };
}
