import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type FeedParseCode, FeedParseError } from './feed-parse-error.ts';
import type { ParsedFeed, ParseHints } from './parsed-feed.ts';

export interface ParsePoolOptions {
  /** Worker threads; they start when first needed. */
  readonly size: number;
  /** For one document. */
  readonly timeoutMs: number;
  /** V8 heap of each thread, MiB. The costliest documents of 5 MiB need about 100. */
  readonly heapMb: number;
}

export interface ParsePool {
  /**
   * Reads one document as `parseFeed` does, in a worker thread; waits while all are busy, first come first served.
   *
   * @param use `consume`: the caller needs the bytes no more, and they are handed over without a copy where that is possible; `keep` by default
   * @throws FeedParseError also with `timeout`, `out-of-memory` or `worker-lost`: then that thread was replaced, and the documents behind it go on
   */
  parse(bytes: Uint8Array, hints?: ParseHints, use?: 'keep' | 'consume'): Promise<ParsedFeed>;
  /** Ends the threads; what still waits is rejected with `worker-lost`. */
  close(): Promise<void>;
}

export interface ParseRequest {
  readonly bytes: Uint8Array;
  readonly hints: ParseHints;
}
export type ParseResponse =
  | { readonly feed: ParsedFeed }
  | { readonly error: { readonly code: FeedParseCode; readonly message: string } };

interface Task extends ParseRequest {
  readonly isConsumed: boolean;
  readonly resolve: (feed: ParsedFeed) => void;
  readonly reject: (error: FeedParseError) => void;
}

/** A thread loads its modules in a tenth of a second; a busy machine takes longer. */
const START_MS = 30_000;

/** How long `close` waits for threads that do not end. */
const CLOSE_MS = 2_000;

/** A thread that has read a document of this size is replaced: V8 does not give the memory back while the thread lives. */
const RECYCLE_BYTES = 1024 * 1024;

/**
 * Worker threads that read feeds, so that no document can hold up the event loop, eat the process's memory or run for ever. Idle threads do not keep
 * the process alive.
 */
export function createParsePool(options: ParsePoolOptions): ParsePool {
  const queue: Task[] = [];
  const slots = Array.from({ length: Math.max(1, options.size) }, () => new Slot(options));
  let closed = false;

  const next = (): void => {
    const slot = slots.find((s) => !s.busy);
    const task = slot && queue.shift();
    if (!slot || !task) return;
    void slot.run(task).then(next);
    next();
  };

  return {
    parse(bytes, hints = {}, use = 'keep') {
      if (closed) return Promise.reject(new FeedParseError('worker-lost', 'the parse pool is closed'));
      return new Promise((resolve, reject) => {
        queue.push({ bytes, hints, isConsumed: use === 'consume', resolve, reject });
        next();
      });
    },
    async close() {
      closed = true;
      for (const task of queue.splice(0)) task.reject(new FeedParseError('worker-lost', 'the parse pool was closed'));
      const stopped = Promise.all(slots.map((slot) => slot.stop()));
      await Promise.race([stopped, setTimeout(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

/** One place in the pool: at most one thread and one document. */
class Slot {
  busy = false;
  private readonly options: ParsePoolOptions;
  private worker: Worker | null = null;
  private readonly endings = new Set<Promise<unknown>>();

  constructor(options: ParsePoolOptions) {
    this.options = options;
  }

  /** Reads one document and settles its task; never rejects. */
  async run(task: Task): Promise<void> {
    this.busy = true;
    const size = task.bytes.length; // Once handed over, it is empty.
    try {
      const worker = await this.start();
      const response = await this.ask(worker, task);
      if ('feed' in response) task.resolve(response.feed);
      else task.reject(new FeedParseError(response.error.code, response.error.message.replace(/^parse: /, '')));
      if (size > RECYCLE_BYTES) void this.stop();
    } catch (error) {
      task.reject(asParseError(error));
      void this.stop(); // Not awaited: native code that never returns would hold the place.
    } finally {
      this.busy = false;
    }
  }

  /** Ends the thread; settles when it and earlier ones of this place have ended. */
  async stop(): Promise<void> {
    const worker = this.worker;
    this.worker = null;
    if (worker) {
      const ending = worker.terminate().finally(() => this.endings.delete(ending));
      this.endings.add(ending);
    }
    await Promise.all(this.endings);
  }

  private async start(): Promise<Worker> {
    if (this.worker) return this.worker;
    const worker = new Worker(new URL('./parse-worker.ts', import.meta.url), {
      name: 'parse',
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.options.heapMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    // While a document is read its timer keeps the process alive; a thread alone must not.
    worker.unref();
    this.worker = worker;
    worker.once('exit', () => {
      if (this.worker === worker) this.worker = null;
    });
    // An error while idle is followed by an exit; the next document starts a new thread.
    worker.on('error', () => {});
    await answerOf(worker, START_MS);
    return worker;
  }

  private async ask(worker: Worker, { bytes, hints, isConsumed }: Task): Promise<ParseResponse> {
    // A Buffer may be a window on memory that others use: then a copy is handed over.
    const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
    const handed = isConsumed && isWhole ? bytes : new Uint8Array(bytes);
    const answer = answerOf(worker, this.options.timeoutMs);
    worker.postMessage(
      { bytes: handed, hints: { url: hints.url, contentType: hints.contentType } } satisfies ParseRequest,
      [handed.buffer as ArrayBuffer],
    );
    return (await answer) as ParseResponse;
  }
}

/** The next message of a thread, or why there will be none. */
function answerOf(worker: Worker, timeoutMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = globalThis.setTimeout(
      () => done(() => reject(new FeedParseError('timeout', `no answer after ${timeoutMs} ms`))),
      timeoutMs,
    );
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      settle();
    };
    const onMessage = (message: unknown): void => done(() => resolve(message));
    const onError = (error: Error): void => done(() => reject(error));
    const onExit = (code: number): void =>
      done(() => reject(new FeedParseError('worker-lost', `the worker thread ended (exit ${code})`)));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

function asParseError(error: unknown): FeedParseError {
  if (error instanceof FeedParseError) return error;
  if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new FeedParseError('out-of-memory', 'reading the document takes more memory than a worker thread may use', {
      cause: error,
    });
  }
  return new FeedParseError('worker-lost', `the worker thread failed: ${(error as Error).message}`, { cause: error });
}
