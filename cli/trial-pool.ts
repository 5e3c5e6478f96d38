import { Worker } from 'node:worker_threads';
import type { TrialChoice } from './load-trial.ts';
import type { Batch, BatchResult } from './try-batch.ts';

/** Tries batches on several threads and gives their results in the batches' order, few of them in memory at a time. */
export async function* tryOnThreads(
  choice: TrialChoice,
  batches: AsyncIterable<Batch>,
  options: { readonly threads: number; readonly nowMs: number },
): AsyncGenerator<BatchResult> {
  const pool = startThreads(choice, options);
  try {
    const waiting: Promise<BatchResult>[] = [];
    let number = 0;
    for await (const batch of batches) {
      waiting.push(pool.run(number++, batch));
      if (waiting.length > options.threads * 2) yield await waiting.shift()!;
    }
    for (const result of waiting) yield await result;
  } finally {
    await pool.close();
  }
}

function startThreads(choice: TrialChoice, { threads, nowMs }: { threads: number; nowMs: number }) {
  const open = new Map<number, { resolve: (result: BatchResult) => void; reject: (error: unknown) => void }>();
  let failed: unknown = null;
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL('./trial-worker.ts', import.meta.url), { workerData: { choice, nowMs } });
    worker.on('message', ({ number, result }: { number: number; result: BatchResult }) => {
      open.get(number)?.resolve(result);
      open.delete(number);
    });
    worker.on('error', (error) => {
      failed = error;
      for (const { reject } of open.values()) reject(error);
      open.clear();
    });
    return worker;
  });
  return {
    run(number: number, batch: Batch): Promise<BatchResult> {
      if (failed !== null) return Promise.reject(failed);
      const { promise, resolve, reject } = Promise.withResolvers<BatchResult>();
      // A later batch may fail while an earlier one is awaited: its reader hears of it in its turn.
      promise.catch(() => undefined);
      open.set(number, { resolve, reject });
      workers[number % threads]!.postMessage({ number, batch });
      return promise;
    },
    async close(): Promise<void> {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
