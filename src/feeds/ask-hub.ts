import type { HttpClient } from '../net/http-client.ts';
import { EgressError, HttpError } from '../net/http-error.ts';
import { callbackToken, type HubOffer, hubSecret, LEASE_SEC } from './websub-subscription.ts';

const HUB_LIMITS = { maxBytes: 64 * 1024, maxRedirects: 0, headersTimeoutMs: 10_000, totalTimeoutMs: 15_000 };

export interface HubRequest extends HubOffer {
  readonly mode: 'subscribe' | 'unsubscribe';
  readonly feedId: string;
  /** The public address under which handleWebsub answers. */
  readonly callback: string;
}

/**
 * A subscriber's request to a hub (WebSub, section 5.1).
 *
 * @returns null when the hub took it (it verifies the intent later), else what went wrong.
 */
export async function askHub(
  deps: { readonly client: HttpClient; readonly key: string },
  { mode, feedId, hub, topic, callback }: HubRequest,
): Promise<string | null> {
  const form = new URLSearchParams({
    'hub.mode': mode,
    'hub.topic': topic,
    'hub.callback': `${callback.replace(/\/$/, '')}/${feedId}/${callbackToken(deps.key, feedId)}`,
  });
  if (mode === 'subscribe') {
    form.set('hub.lease_seconds', String(LEASE_SEC));
    // A secret belongs into TLS alone (WebSub, 5.1); without it pushes cannot be verified, and only hasten a poll.
    if (hub.startsWith('https:')) form.set('hub.secret', hubSecret(deps.key, feedId));
  }
  try {
    const { status } = await deps.client.request({
      url: hub,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      ...HUB_LIMITS,
    });
    return status >= 200 && status < 300 ? null : `hub answered ${status}`;
  } catch (error) {
    if (error instanceof HttpError || error instanceof EgressError) return error.message;
    throw error;
  }
}
