import { parseRetryAfter, type SendErrorCode, type SendOutcome } from './retry-plan.ts';
import type { Signer } from './sign.ts';

/** Standard Webhooks 1.0 asks for 15 to 30 s. */
const SEND_TIMEOUT_MS = 15_000;

/** What sending needs of an HTTP client: no redirects followed, a bound on the whole exchange, addresses guarded. */
export interface WebhookClient {
  /** Resolves with whatever was answered; rejects with an error whose `code` says why there was no answer. */
  post(request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly timeoutMs: number;
  }): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string | string[] | undefined>> }>;
}

export interface WebhookMessage {
  readonly url: string;
  /** The alert's id: constant over attempts and replays. */
  readonly id: string;
  /** The frozen body. */
  readonly body: string;
  readonly signer: Signer | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** One attempt. Never throws for what an endpoint or the network does: that is an outcome. Messages do not hold the URL, which may be a secret. */
export async function sendWebhook(
  deps: { readonly client: WebhookClient; readonly now: () => number },
  message: WebhookMessage,
): Promise<SendOutcome> {
  const { url, id, body, signer, timeoutMs = SEND_TIMEOUT_MS } = message;
  const startedMs = deps.now();
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    ...message.headers,
    ...(signer?.headers({ id, body, atMs: startedMs }) ?? {}),
  };
  try {
    const response = await deps.client.post({ url, headers, body, timeoutMs });
    const nowMs = deps.now();
    const retryAfter = response.headers['retry-after'];
    return {
      kind: 'response',
      status: response.status,
      retryAfterMs: parseRetryAfter(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, nowMs),
      tookMs: nowMs - startedMs,
    };
  } catch (error) {
    const code = sendErrorCode(error);
    return { kind: 'error', code, message: MESSAGES[code], tookMs: deps.now() - startedMs };
  }
}

const MESSAGES: Readonly<Record<SendErrorCode, string>> = {
  timeout: 'no complete answer within the time limit',
  reset: 'the connection was closed before an answer',
  connect: 'no connection to the endpoint',
  dns: 'the host’s name was not found',
  tls: 'the endpoint’s TLS certificate or handshake is not acceptable',
  denied: 'the address is not allowed by the egress rules (egress.allow)',
  'bad-url': 'the endpoint’s address cannot be used: it takes http or https, no user name, and a port of egress.ports',
  'bad-answer': 'the answer is not one that can be read',
  shutdown: 'this worker was stopping',
  unknown: 'the request failed',
};

/** The guard's, the HTTP client's, undici's and Node's codes, by what they mean to a delivery. The first pattern that fits is taken. */
const CODES: readonly (readonly [RegExp, SendErrorCode])[] = [
  [/^closed$/, 'shutdown'],
  [/denied-(scheme|port)|credentials|bad-url|INVALID_URL/i, 'bad-url'],
  [/denied|egress/i, 'denied'],
  [/timeout|TimeoutError|AbortError|ETIMEDOUT|ABORTED/i, 'timeout'],
  [/ENOTFOUND|EAI_|^dns/i, 'dns'],
  [/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|^connect|^proxy/i, 'connect'],
  [/TLS|CERT|SSL|SELF_SIGNED|EPROTO/i, 'tls'],
  [/ECONNRESET|EPIPE|UND_ERR_SOCKET|^reset/i, 'reset'],
  [/HPE_|UND_ERR_RES|^bad-response|^bad-encoding|too-large/i, 'bad-answer'],
];

/** The code of an error, or of the first cause of it that has one we know. */
function sendErrorCode(error: unknown): SendErrorCode {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++) {
    const code = 'code' in current && typeof current.code === 'string' ? current.code : current.name;
    const known = CODES.find(([pattern]) => pattern.test(code));
    if (known !== undefined) return known[1];
  }
  return 'unknown';
}
