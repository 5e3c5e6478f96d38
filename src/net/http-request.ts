export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The most a body may weigh, on the wire and after each decoding step. */
  readonly maxBytes: number;
  /** 0: a redirect is returned as the response, not followed. */
  readonly maxRedirects: number;
  /** From the start of each hop to the end of its headers; includes the connection. */
  readonly headersTimeoutMs: number;
  /** From the first hop's start to the last byte, decoded, less what it waited for a place of ours. */
  readonly totalTimeoutMs: number;
  readonly signal?: AbortSignal;
  /** Header names that are secrets of the first origin: they stay behind when a redirect leaves it. */
  readonly privateHeaders?: readonly string[];
  /** Asked before each further hop; may throw to stop, e.g. when that host is busy. */
  readonly beforeHop?: (url: URL) => Promise<void> | void;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; several lines of one name are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded. */
  readonly body: Uint8Array;
  /** Where the response came from, after redirects. */
  readonly url: string;
  /** Each redirect followed: its status and the absolute URL it led to. */
  readonly redirects: readonly { readonly status: number; readonly location: string }[];
  readonly timings: { readonly headersMs: number; readonly totalMs: number };
}
