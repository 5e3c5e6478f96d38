import type { HttpClient } from '../net/http-client.ts';
import { EgressError, HttpError } from '../net/http-error.ts';
import {
  callbackToken,
  type HubOffer,
  type HubSubscription,
  hubSecret,
  isCallbackToken,
  isHubSignature,
  LEASE_SEC,
  planSubscription,
} from './websub-subscription.ts';

export interface SubscriptionStore {
  read(feedId: string): Promise<HubSubscription | null>;
  write(feedId: string, subscription: HubSubscription): Promise<void>;
}

export interface WebsubDeps {
  readonly subscriptions: SubscriptionStore;
  /** A secret of this installation, 32 characters or more. */
  readonly key: string;
  readonly now: () => number;
}

const HUB_LIMITS = { maxBytes: 64 * 1024, maxRedirects: 0, headersTimeoutMs: 10_000, totalTimeoutMs: 15_000 };
/** A hub may push as often as it likes; the feed is asked every half minute at most. */
const PUSH_GAP_MS = 30_000;
/** No hub gives more, and a wrong number must not make us never ask again. */
const MAX_LEASE_SEC = 60 * 86_400;

/**
 * Subscribes to a feed's hub when it is time (WebSub, section 5.1). Polling goes on whatever comes of it.
 *
 * @param input `callback` is the public address under which handleWebsub answers, e.g. `https://news.example.org/websub`.
 * @returns what was done and why; a hub that fails is asked again later.
 */
export async function subscribe(
  deps: WebsubDeps & { readonly client: HttpClient },
  input: { readonly feedId: string; readonly offer: HubOffer | null; readonly callback: string },
): Promise<{ readonly asked: boolean; readonly reason: string }> {
  const { feedId, offer } = input;
  if (!offer) return { asked: false, reason: 'the feed offers no hub' };
  const known = await deps.subscriptions.read(feedId);
  const now = deps.now();
  const plan = planSubscription(offer, known, now);
  if (plan.action === 'none') return { asked: false, reason: plan.reason };
  const isSame = known?.hub === offer.hub && known.topic === offer.topic;
  const isRenewal = isSame && known.status === 'active' && (known.leaseUntil ?? 0) > now;
  const asked: HubSubscription = {
    ...offer,
    // The old lease holds until the hub confirms the new one.
    status: isRenewal ? 'active' : 'asked',
    askedAt: now,
    attempts: isSame && known.status === 'asked' ? known.attempts + 1 : 1,
    leaseUntil: isRenewal ? known.leaseUntil : null,
    lastPushAt: isSame ? known.lastPushAt : null,
    reason: null,
  };
  // Before the request: the hub may verify the intent before it answers.
  await deps.subscriptions.write(feedId, asked);
  const failure = await post(deps, feedId, offer, input.callback);
  if (!failure) return { asked: true, reason: plan.reason };
  const current = (await deps.subscriptions.read(feedId)) ?? asked;
  await deps.subscriptions.write(feedId, { ...current, reason: failure });
  return { asked: true, reason: failure };
}

async function post(
  deps: WebsubDeps & { readonly client: HttpClient },
  feedId: string,
  offer: HubOffer,
  callback: string,
): Promise<string | null> {
  const form = new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.topic': offer.topic,
    'hub.callback': `${callback.replace(/\/$/, '')}/${feedId}/${callbackToken(deps.key, feedId)}`,
    'hub.lease_seconds': String(LEASE_SEC),
    // A secret belongs into TLS alone (WebSub, 5.1); without it pushes cannot be verified, and only hasten a poll.
    ...(offer.hub.startsWith('https:') ? { 'hub.secret': hubSecret(deps.key, feedId) } : {}),
  });
  try {
    const { status } = await deps.client.request({
      url: offer.hub,
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

export interface WebsubRequest {
  readonly method: string;
  /** What follows the callback's address: `<feed id>/<token>`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface WebsubAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Answers a hub: confirms what we asked for (WebSub, 5.3) and takes a push as "poll now" (section 7). What was pushed
 * is not read: the feed itself is asked, so that a hub can hasten news but neither invent nor hide any.
 *
 * @returns the HTTP answer. Unknown callbacks are 404; a push with a wrong signature is acknowledged and ignored, as
 *   section 8 has it.
 */
export async function handleWebsub(
  deps: WebsubDeps & { readonly push: (feedId: string, at?: number) => Promise<boolean> },
  request: WebsubRequest,
): Promise<WebsubAnswer> {
  const [feedId = '', token = '', ...rest] = request.path.replace(/^\/|\/$/g, '').split('/');
  const notFound = { status: 404, body: '' };
  if (rest.length > 0 || !isCallbackToken(deps.key, feedId, token)) return notFound;
  const known = await deps.subscriptions.read(feedId);
  if (!known) return notFound;
  if (request.method === 'GET') return confirm(deps, feedId, known, request.query);
  if (request.method !== 'POST') return { status: 405, body: '' };
  const isSigned = known.hub.startsWith('https:');
  const signature = request.headers['x-hub-signature'];
  if (isSigned && !isHubSignature(hubSecret(deps.key, feedId), request.body, signature))
    return { status: 202, body: '' };
  const at = Math.max(deps.now(), (known.lastPushAt ?? 0) + PUSH_GAP_MS);
  const isKnown = await deps.push(feedId, at);
  if (!isKnown) return { status: 410, body: '' };
  await deps.subscriptions.write(feedId, { ...known, lastPushAt: at });
  return { status: 202, body: '' };
}

async function confirm(
  deps: WebsubDeps,
  feedId: string,
  known: HubSubscription,
  query: URLSearchParams,
): Promise<WebsubAnswer> {
  if (query.get('hub.topic') !== known.topic) return { status: 404, body: '' };
  const mode = query.get('hub.mode');
  if (mode === 'denied') {
    const reason = (query.get('hub.reason') ?? 'refused by the hub').slice(0, 200);
    await deps.subscriptions.write(feedId, {
      ...known,
      status: 'refused',
      askedAt: deps.now(),
      leaseUntil: null,
      reason,
    });
    return { status: 200, body: '' };
  }
  const challenge = query.get('hub.challenge');
  if (mode !== 'subscribe' || challenge === null || known.status === 'refused') return { status: 404, body: '' };
  const leaseSec = Math.min(Number(query.get('hub.lease_seconds')) || LEASE_SEC, MAX_LEASE_SEC);
  const leaseUntil = deps.now() + leaseSec * 1000;
  await deps.subscriptions.write(feedId, { ...known, status: 'active', attempts: 1, leaseUntil, reason: null });
  return { status: 200, body: challenge };
}
