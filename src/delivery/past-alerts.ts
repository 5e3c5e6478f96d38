import { createHmac, timingSafeEqual } from 'node:crypto';
import { CursorError, cursorOfTime, type DeliveryStore } from './delivery-store.ts';
import { parseSecret } from './sign.ts';

/** How a receiver catches up by itself: a cursor over its past alerts. */

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/**
 * The bearer token with which a subscriber reads its own past alerts: HMAC-SHA256 of `past-alerts:<id>` with the webhook's secret, base64url.
 * A receiver computes it from what it has anyway; it opens nothing else and says nothing of the secret. Throws SecretError.
 */
export function readToken(secret: string, subscriberId: string): string {
  return createHmac('sha256', parseSecret(secret)).update(`past-alerts:${subscriberId}`).digest('base64url');
}

export interface PastAlertsRequest {
  /** The subscriber, as configured; null where there is none of that id. */
  readonly subscriber: { readonly id: string; readonly secrets: readonly string[] } | null;
  /** The header `Authorization`. */
  readonly authorization: string | undefined;
  /** `after`: a cursor; `since`: an ISO 8601 time, for a receiver that has none yet; `limit`: at most 200. */
  readonly query: { readonly after: string | null; readonly since: string | null; readonly limit: string | null };
}

export interface PastAlertsAnswer {
  readonly status: 200 | 400 | 401;
  readonly json: unknown;
}

/**
 * `GET /api/subscribers/:id/alerts?after=…`: `{alerts: [{cursor, id, body}], next, more, gap}`, oldest first. `id` is the webhook-id, `body` what was or
 * will be posted. `gap` says that alerts after the cursor are no longer kept. An unknown subscriber and a wrong token are the same 401.
 */
export async function pastAlerts(
  deps: { readonly deliveries: DeliveryStore },
  request: PastAlertsRequest,
): Promise<PastAlertsAnswer> {
  const { subscriber, query } = request;
  if (subscriber === null || !mayRead(request.authorization, subscriber)) {
    return failure(
      401,
      'unauthorized',
      'past alerts need the subscriber’s own bearer token (attache deliveries token ID)',
    );
  }
  const limit = Number(query.limit ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    return failure(400, 'bad-limit', `limit: expected a number from 1 to ${MAX_LIMIT}`);
  }
  const sinceMs = query.since === null ? null : Date.parse(query.since);
  if (sinceMs !== null && Number.isNaN(sinceMs)) {
    return failure(400, 'bad-since', 'since: expected a time such as 2023-08-16T08:00:00Z');
  }
  try {
    const after = query.after ?? (sinceMs === null ? '' : cursorOfTime(sinceMs));
    const page = await deps.deliveries.readLog(subscriber.id, after, limit);
    const alerts = page.alerts.flatMap(({ cursor, alertId, body }) =>
      body === null ? [] : [{ cursor, id: alertId, body: JSON.parse(body) as unknown }],
    );
    const gap = page.gap || alerts.length < page.alerts.length;
    return { status: 200, json: { alerts, next: page.next, more: page.alerts.length === limit, gap } };
  } catch (error) {
    if (error instanceof CursorError) return failure(400, error.code, error.message);
    throw error;
  }
}

function mayRead(authorization: string | undefined, subscriber: { id: string; secrets: readonly string[] }): boolean {
  const given = Buffer.from(authorization?.match(/^Bearer\s+(\S+)$/i)?.[1] ?? '');
  return subscriber.secrets.some((secret) => {
    const expected = Buffer.from(readToken(secret, subscriber.id));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
}

function failure(status: 400 | 401, code: string, message: string): PastAlertsAnswer {
  return { status, json: { error: { code, message } } };
}
