/** When a delivery is tried again, waits, is given up or turns its endpoint off. Pure: the clock and randomness are arguments. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Standard Webhooks 1.0, "Retries and deliverability": the example schedule, ten attempts over about 75 hours. The wait before each. */
export const RETRY_SCHEDULE_MS: readonly number[] = [
  0,
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];
/** Same section: jitter keeps a recovering endpoint from being met by everything at once. */
const RETRY_JITTER = 0.2;
/** How long Retry-After is obeyed without using up attempts. */
export const MAX_ALERT_AGE_MS = 75 * HOUR_MS;
/** A Retry-After of nothing, or none with a 429, would be a busy loop. */
const MIN_WAIT_MS = SECOND_MS;

export const SEND_ERROR_CODES = [
  'timeout',
  'reset',
  'connect',
  'dns',
  'tls',
  'denied',
  'bad-url',
  'bad-answer',
  'shutdown',
  'unknown',
] as const;
export type SendErrorCode = (typeof SEND_ERROR_CODES)[number];

/** What one attempt came to. */
export type SendOutcome =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly retryAfterMs: number | null;
      readonly tookMs: number;
    }
  | { readonly kind: 'error'; readonly code: SendErrorCode; readonly message: string; readonly tookMs: number };

export interface DeliveryQuestion {
  readonly outcome: SendOutcome;
  /** Attempts used, this one included. */
  readonly attempts: number;
  /** How old this round of the alert is: since it was made, or since an operator asked for it again. */
  readonly ageMs: number;
  readonly nowMs: number;
  /** In [0, 1). */
  readonly random: number;
}

/** `countAttempt` says whether this attempt is one of the ten. */
export type DeliveryDecision = { readonly reason: string } & (
  | { readonly action: 'done'; readonly countAttempt: true }
  | { readonly action: 'retry'; readonly afterMs: number; readonly countAttempt: true }
  | { readonly action: 'wait'; readonly untilMs: number; readonly countAttempt: false }
  | { readonly action: 'dead'; readonly countAttempt: true }
  | { readonly action: 'disable'; readonly countAttempt: true }
);

/** The one place that decides what follows an attempt. */
export function decideDelivery(question: DeliveryQuestion): DeliveryDecision {
  const { outcome, attempts, ageMs, nowMs, random } = question;
  if (outcome.kind === 'response') {
    const { status, retryAfterMs } = outcome;
    if (status >= 200 && status < 300) return { action: 'done', countAttempt: true, reason: `answered ${status}` };
    if (status === 410) {
      return { action: 'disable', countAttempt: true, reason: 'answered 410 Gone: the endpoint wants no more' };
    }
    if ((status === 429 || status === 503) && retryAfterMs !== null) {
      if (ageMs >= MAX_ALERT_AGE_MS) {
        return { action: 'dead', countAttempt: true, reason: `answered ${status}, still asking to wait after 75 h` };
      }
      // Never past the alert's last hour: an endpoint that says "in a year" must end in the dead letter, not in silence.
      const afterMs = Math.min(Math.max(retryAfterMs, MIN_WAIT_MS), MAX_ALERT_AGE_MS - ageMs);
      return {
        action: 'wait',
        untilMs: nowMs + spread(afterMs, random),
        countAttempt: false,
        reason: `answered ${status} with Retry-After ${Math.ceil(retryAfterMs / 1000)} s`,
      };
    }
  }
  if (outcome.kind === 'error' && outcome.code === 'shutdown') {
    return { action: 'wait', untilMs: nowMs + MIN_WAIT_MS, countAttempt: false, reason: 'this worker was stopping' };
  }
  const failure = describeOutcome(outcome);
  const next = RETRY_SCHEDULE_MS[attempts];
  if (next === undefined) {
    return {
      action: 'dead',
      countAttempt: true,
      reason: `${failure}; all ${RETRY_SCHEDULE_MS.length} attempts are used`,
    };
  }
  const afterMs = Math.round(next * (1 - RETRY_JITTER + 2 * RETRY_JITTER * random));
  return { action: 'retry', afterMs, countAttempt: true, reason: `${failure}; attempt ${attempts + 1} follows` };
}

/** An outcome in words, for logs, the dead letter and `attache deliveries list`. */
function describeOutcome(outcome: SendOutcome): string {
  if (outcome.kind === 'error') return `${outcome.code}: ${outcome.message}`;
  if (outcome.status >= 300 && outcome.status < 400) return `answered ${outcome.status}: redirects are not followed`;
  return `answered ${outcome.status}`;
}

/**
 * Retry-After as a wait in ms, or null where there is none that can be read: delay-seconds (also with a fraction, as some send) or an
 * HTTP-date (RFC 9110, section 10.2.3).
 */
export function parseRetryAfter(value: string | null | undefined, nowMs: number): number | null {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  if (!/^[A-Za-z]{3}/.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** Never before the time asked for: up to a tenth, or ten seconds, after it. */
function spread(afterMs: number, random: number): number {
  return Math.round(afterMs + Math.min(afterMs * 0.1, 10 * SECOND_MS) * random);
}
