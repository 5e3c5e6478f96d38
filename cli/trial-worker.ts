import { parentPort, workerData } from 'node:worker_threads';
import { loadTrial, type TrialChoice } from './load-trial.ts';
import type { ThreadMessage } from './trial-pool.ts';
import { type Batch, tryBatch } from './try-batch.ts';

/** A thread of `trial-pool.ts`: loads the config once, then answers each batch. */
const port = parentPort;
if (port) {
  const { choice, nowMs } = workerData as { choice: TrialChoice; nowMs: number };
  const trial = await loadTrial(choice, process.env, new Date(nowMs));
  const say = (message: ThreadMessage): void => port.postMessage(message);
  port.on('message', ({ number, batch }: { number: number; batch: Batch }) => {
    say({ number, result: tryBatch(trial, batch, nowMs) });
  });
  say({ ready: true });
}
