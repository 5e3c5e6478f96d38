import type { Dispatcher } from 'undici';
import { GrowingBody } from './growing-body.ts';
import { HttpError, type ResponseHead } from './http-error.ts';
import type { Places } from './places.ts';
import type { RequestTime } from './request-time.ts';

type IncomingHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface BodyPlan {
  /** False: the body is of no use, and only drained so that the connection can be kept. */
  readonly isWanted: boolean;
  /** As sent, before decoding. */
  readonly maxBytes: number;
}

export interface Exchange {
  readonly request: Dispatcher.DispatchOptions;
  readonly signal: AbortSignal;
  /** Called once with the final response's head: what to do with its body. */
  readonly onHead: (head: ResponseHead) => BodyPlan;
  /** For bodies over LARGE_BYTES: who finds no place is not read on until there is one, and the server waits. */
  readonly largeBodies: Places;
  /** Stands still while the server waits for us. */
  readonly time: Pick<RequestTime, 'pause' | 'resume'>;
}

export interface ExchangeResult extends ResponseHead {
  readonly body: Uint8Array;
}

/** How long a body that is of no use may take, before the connection is given up instead. */
const DRAIN_MS = 1_000;
/** Few bodies are larger as sent, and a body over it needs a place. */
const LARGE_BYTES = 256 * 1024;
/** Interim answers (RFC 9110, 15.2) an honest server sends before the final one. */
const MAX_INTERIM = 20;
/** A body in more pieces than this, of fewer bytes each on average, is meant to cost us, not to tell us anything. */
const MANY_CHUNKS = 20_000;
const CRUMB_BYTES = 16;

/**
 * One request and its response, read into one buffer as it comes. It is six times cheaper than `fetch`, and cheaper
 * than a stream where a server sends its bytes one by one: nothing is kept of a piece but its bytes.
 *
 * @throws the signal's reason; HttpError `too-large` or `bad-response`, with the response's head; what undici throws.
 */
export function exchange(dispatcher: Dispatcher, wanted: Exchange): Promise<ExchangeResult> {
  return new Promise((resolve, reject) => {
    if (wanted.signal.aborted) reject(wanted.signal.reason as Error);
    else dispatcher.dispatch(wanted.request, new ExchangeHandler(wanted, resolve, reject));
  });
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #wanted: Exchange;
  readonly #resolve: (result: ExchangeResult) => void;
  readonly #reject: (error: Error) => void;
  readonly #body = new GrowingBody();
  #controller: Dispatcher.DispatchController | null = null;
  #head: ResponseHead | null = null;
  #plan: BodyPlan = { isWanted: true, maxBytes: 0 };
  #interim = 0;
  #isSettled = false;
  #asksForPlace = false;
  #drainTimer: NodeJS.Timeout | undefined;

  constructor(wanted: Exchange, resolve: (result: ExchangeResult) => void, reject: (error: Error) => void) {
    this.#wanted = wanted;
    this.#resolve = resolve;
    this.#reject = reject;
    wanted.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it waited for its connection.
    if (this.#isSettled) controller.abort(new Error('no longer wanted'));
  }

  onResponseStart(_controller: unknown, status: number, headers: IncomingHeaders): void {
    if (status < 200) {
      this.#interim += 1;
      if (this.#interim > MAX_INTERIM) this.#failWith('bad-response', `over ${MAX_INTERIM} interim answers`);
      return;
    }
    this.#head = { status, headers: flatten(headers) };
    this.#plan = this.#wanted.onHead(this.#head);
    const { isWanted, maxBytes } = this.#plan;
    if (!isWanted) {
      this.#drainTimer = setTimeout(() => this.#giveUpDraining(), DRAIN_MS);
      return;
    }
    const announced = Number(this.#head.headers['content-length']) || 0;
    if (announced > maxBytes && this.#wanted.request.method !== 'HEAD') this.#failTooLarge();
    else if (announced <= LARGE_BYTES) this.#body.reserve(announced);
  }

  onResponseData(_controller: unknown, chunk: Uint8Array): void {
    if (this.#isSettled) return;
    const body = this.#body;
    if (body.size + chunk.length > this.#plan.maxBytes) {
      if (this.#plan.isWanted) this.#failTooLarge();
      else this.#giveUpDraining();
      return;
    }
    if (this.#plan.isWanted) {
      body.add(chunk, this.#plan.maxBytes);
      if (body.size > LARGE_BYTES) this.#needPlace();
    } else body.skip(chunk);
    if (body.chunks > MANY_CHUNKS && body.size < body.chunks * CRUMB_BYTES)
      this.#failWith('bad-response', `body in ${body.chunks} pieces of ${(body.size / body.chunks).toFixed(1)} bytes`);
  }

  onResponseEnd(): void {
    this.#settle(() => this.#resolve({ ...this.#head!, body: this.#body.take() }));
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#settle(() => this.#reject(error));
  }

  #needPlace(): void {
    if (this.#asksForPlace) return;
    this.#asksForPlace = true;
    if (this.#wanted.largeBodies.take(this.#onPlace)) return;
    this.#wanted.time.pause();
    this.#controller?.pause();
  }

  readonly #onPlace = (): void => {
    this.#wanted.time.resume();
    this.#controller?.resume();
  };

  readonly #onAbort = (): void => this.#fail(this.#wanted.signal.reason as Error);

  #giveUpDraining(): void {
    const result = { ...this.#head!, body: new Uint8Array() };
    this.#settle(() => this.#resolve(result), new Error('the rest is of no use'));
  }

  #failTooLarge(): void {
    this.#failWith('too-large', `body over ${this.#plan.maxBytes} bytes`);
  }

  #failWith(code: 'too-large' | 'bad-response', message: string): void {
    this.#fail(new HttpError(code, message, this.#head ? { response: this.#head } : {}));
  }

  #fail(error: Error): void {
    this.#settle(() => this.#reject(error), error);
  }

  /** The first end counts; with a reason the connection is cut as well. */
  #settle(act: () => void, abortReason?: Error): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    clearTimeout(this.#drainTimer);
    this.#wanted.signal.removeEventListener('abort', this.#onAbort);
    if (this.#asksForPlace) this.#wanted.largeBodies.leave(this.#onPlace);
    this.#wanted.time.resume();
    act();
    if (abortReason) this.#body.drop();
    if (abortReason) this.#controller?.abort(abortReason);
  }
}

function flatten(headers: IncomingHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
