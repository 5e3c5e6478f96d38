import { QuerySyntaxError } from './query-error.ts';

export type WatchErrorCode = 'bad-query' | 'unknown-group' | 'duplicate-id' | 'unknown-watch';

/** Watches that cannot be compiled, or a watch that is not there. */
export class WatchError extends Error {
  override readonly name = 'WatchError';
  readonly code: WatchErrorCode;
  readonly watch: string;

  constructor(code: WatchErrorCode, watch: string, message: string, options?: ErrorOptions) {
    super(watch === '' ? message : `watch ${watch}: ${message}`, options);
    this.code = code;
    this.watch = watch;
  }

  /** The error of one watch's query, with its name. What is no mistake of the query is passed on. */
  static from(watch: string, error: unknown): unknown {
    if (error instanceof QuerySyntaxError) return new WatchError('bad-query', watch, error.message, { cause: error });
    if (error instanceof WatchError) return new WatchError(error.code, watch, error.message, { cause: error });
    return error;
  }
}
