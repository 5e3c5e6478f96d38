/**
 * What can go wrong between us and a server. `code` is closed and is what code decides on; the message is for people
 * and names the stage and the origin. Paths and queries stay out of it: a webhook's path is its secret.
 */
export type EgressErrorCode =
  | 'denied-address'
  | 'denied-scheme'
  | 'denied-port'
  | 'credentials'
  | 'bad-url'
  | 'bad-policy';

export type HttpErrorCode =
  | 'too-many-redirects'
  | 'too-large'
  | 'headers-too-large'
  | 'headers-timeout'
  | 'total-timeout'
  | 'connect-timeout'
  | 'dns'
  /** No answer from the resolver in time: the host itself was not asked. */
  | 'dns-timeout'
  | 'connect'
  | 'tls'
  | 'proxy'
  | 'reset'
  | 'bad-response'
  | 'bad-encoding'
  | 'bad-request'
  | 'busy'
  /** Too many large bodies under way here: its own was not read in time. Says nothing of the server. */
  | 'crowded'
  | 'aborted'
  | 'closed';

interface Detail {
  readonly cause?: unknown;
  readonly origin?: string | undefined;
}

/** The head of a response whose body could not be had. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The egress guard said no. Never worth a retry before the configuration or the other side changes. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly code: EgressErrorCode;
  readonly origin: string | undefined;

  constructor(code: EgressErrorCode, message: string, { cause, origin }: Detail = {}) {
    super(origin ? `egress: ${message} (${origin})` : `egress: ${message}`, cause === undefined ? {} : { cause });
    this.code = code;
    this.origin = origin;
  }
}

/** A request failed on its way. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;
  readonly origin: string | undefined;
  /** Set when the body failed (`too-large`, `bad-encoding`, `crowded`): its validators and wishes still count. */
  readonly response: ResponseHead | undefined;

  constructor(
    code: HttpErrorCode,
    message: string,
    { cause, origin, response }: Detail & { readonly response?: ResponseHead | undefined } = {},
  ) {
    super(origin ? `http: ${message} (${origin})` : `http: ${message}`, cause === undefined ? {} : { cause });
    this.code = code;
    this.origin = origin;
    this.response = response;
  }
}

/** TLS failures by Node's error codes (node:tls, "X509 certificate error codes", and OpenSSL's own). */
const TLS_CODES =
  /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|CRL_)/;
const DNS_CODES = /^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL|EREFUSED|EBADNAME)/;
const CONNECT_CODES = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EINVAL|EACCES)$/;
const UNDICI_CODES: Readonly<Record<string, HttpErrorCode>> = {
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  ETIMEDOUT: 'connect-timeout',
  UND_ERR_HEADERS_TIMEOUT: 'headers-timeout',
  UND_ERR_BODY_TIMEOUT: 'total-timeout',
  UND_ERR_HEADERS_OVERFLOW: 'headers-too-large',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  UND_ERR_SOCKET: 'reset',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'bad-response',
  UND_ERR_INVALID_ARG: 'bad-request',
  UND_ERR_DESTROYED: 'closed',
  UND_ERR_CLOSED: 'closed',
  UND_ERR_PRX_TLS: 'proxy',
  UND_ERR_PRX_CONN: 'proxy',
};

/** Puts whatever undici, net, tls or dns threw into one of our codes; our own errors pass through. */
export function toHttpError(error: unknown, origin: string): EgressError | HttpError {
  if (error instanceof EgressError || error instanceof HttpError) return error;
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth += 1) {
    if (cause instanceof EgressError || cause instanceof HttpError) return cause;
  }
  const code = codeOf(error);
  // undici gives a proxy's refusal the codes of an abort or a bad argument; only its words tell.
  if (error instanceof Error && /^proxy (response|authentication)/i.test(error.message))
    return new HttpError('proxy', error.message, { cause: error, origin });
  return new HttpError(classify(code), describe(error, code), { cause: error, origin });
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && !('code' in error && error.code)) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return '';
  if ('code' in error && error.code) return String(error.code);
  return error.name === 'HTTPParserError' ? 'HPE_INVALID' : '';
}

function classify(code: string): HttpErrorCode {
  const known = UNDICI_CODES[code];
  if (known) return known;
  if (DNS_CODES.test(code)) return 'dns';
  if (TLS_CODES.test(code)) return 'tls';
  if (CONNECT_CODES.test(code)) return 'connect';
  if (code.startsWith('HPE_')) return 'bad-response';
  return 'reset';
}

function describe(error: unknown, code: string): string {
  const text = error instanceof Error ? error.message : String(error);
  return code === '' || text.includes(code) ? text : `${code}: ${text}`;
}
