import type { HttpClient } from '../net/http-client.ts';
import { askHub } from './ask-hub.ts';
import {
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
  /** True when there was one, and this call ended it. */
  forget(feedId: string): Promise<boolean>;
  /** The feeds for which one is held. */
  feedIds(): Promise<string[]>;
}

export interface WebsubDeps {
  readonly subscriptions: SubscriptionStore;
  /** A secret of this installation, 32 characters or more. */
  readonly key: string;
  readonly now: () => number;
}

type HubDeps = WebsubDeps & { readonly client: HttpClient };

/** A hub may push as often as it likes; the feed is asked every half minute at most. */
const PUSH_GAP_MS = 30_000;
/** A hub verifies an unsubscription within this time, or not at all. */
const LEAVING_MS = 3_600_000;
/** No hub gives more, and a wrong number must not make us never ask again. */
const MAX_LEASE_SEC = 60 * 86_400;

/**
 * Subscribes to a feed's hub when it is time (WebSub, section 5.1), and leaves the hub that a feed does not offer any more. Polling goes on whatever comes of it.
 *
 * @param input `offer` is what the feed's last answer offers, `isWhole` whether that was a full answer: after a 304 nothing can be told from a missing header, and
 *   what is held counts. `callback` is the public address under which handleWebsub answers, e.g. `https://news.example.org/websub`.
 * @returns what was done and why; a hub that fails is asked again later.
 */
export async function subscribe(
  deps: HubDeps,
  input: {
    readonly feedId: string;
    readonly offer: HubOffer | null;
    readonly isWhole: boolean;
    readonly callback: string;
  },
): Promise<{ readonly asked: boolean; readonly reason: string }> {
  const { feedId, callback } = input;
  if (!input.offer && input.isWhole) return dropOffer(deps, feedId, callback);
  const known = await deps.subscriptions.read(feedId);
  const held = known && { hub: known.hub, topic: known.topic };
  const offer = input.isWhole ? input.offer : (held ?? input.offer);
  const now = deps.now();
  const plan = planSubscription(offer, known, now, callback);
  if (!offer || plan.action === 'none') return { asked: false, reason: plan.reason };
  const isSame = known?.hub === offer.hub && known.topic === offer.topic;
  // Before the request: the hub may verify the intent before it answers.
  const asked = subscriptionAsked(offer, known, now, callback);
  await deps.subscriptions.write(feedId, asked);
  if (known && !isSame) await leaveHub(deps, feedId, known, callback);
  const failure = await askHub(deps, { mode: 'subscribe', feedId, ...offer, callback });
  if (!failure) return { asked: true, reason: plan.reason };
  const current = (await deps.subscriptions.read(feedId)) ?? asked;
  await deps.subscriptions.write(feedId, { ...current, reason: failure });
  return { asked: true, reason: failure };
}

/** The feed's full answer names no hub. */
async function dropOffer(deps: HubDeps, feedId: string, callback: string): Promise<{ asked: boolean; reason: string }> {
  const known = await deps.subscriptions.read(feedId);
  if (!known || !(await deps.subscriptions.forget(feedId))) return { asked: false, reason: 'the feed offers no hub' };
  await leaveHub(deps, feedId, known, callback);
  return { asked: true, reason: 'the feed offers its hub no more' };
}

/** What is remembered of a subscription that is about to be asked for. */
function subscriptionAsked(
  offer: HubOffer,
  known: HubSubscription | null,
  now: number,
  callback: string,
): HubSubscription {
  const isSame = known?.hub === offer.hub && known.topic === offer.topic;
  const isRenewal = isSame && known.status === 'active' && (known.leaseUntil ?? 0) > now;
  return {
    ...offer,
    // The old lease holds until the hub confirms the new one.
    status: isRenewal ? 'active' : 'asked',
    askedAt: now,
    attempts: isSame && known.status === 'asked' ? known.attempts + 1 : 1,
    leaseUntil: isRenewal ? known.leaseUntil : null,
    lastPushAt: isSame ? known.lastPushAt : null,
    reason: null,
    callback,
    ...(known && !isSame ? { left: { topic: known.topic, at: now } } : {}),
  };
}

/** Unsubscribes from the hub a feed had, where it may still push. Once: it also hears 410 at its next push, and its lease ends. */
async function leaveHub(deps: HubDeps, feedId: string, known: HubSubscription, callback: string): Promise<void> {
  if (known.status === 'refused' || (known.leaseUntil ?? deps.now()) < deps.now()) return;
  const { hub, topic } = known;
  await askHub(deps, { mode: 'unsubscribe', feedId, hub, topic, callback: known.callback ?? callback });
}

/**
 * Forgets the subscriptions of feeds that are not configured any more, and tells their hubs. Of several processes that do so at once, one tells each hub.
 *
 * @param input `feedIds`: the feeds there are.
 * @returns the feeds whose hub was left.
 */
export async function leaveHubs(
  deps: HubDeps,
  input: { readonly feedIds: ReadonlySet<string>; readonly callback: string },
): Promise<string[]> {
  const left: string[] = [];
  for (const feedId of await deps.subscriptions.feedIds()) {
    if (input.feedIds.has(feedId)) continue;
    const known = await deps.subscriptions.read(feedId);
    // Forgotten first: the hub asks back whether we mean it, and the answer is that nothing is held.
    if (!known || !(await deps.subscriptions.forget(feedId))) continue;
    await leaveHub(deps, feedId, known, input.callback);
    left.push(feedId);
  }
  return left;
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
 * @returns the HTTP answer. Unknown callbacks are 404; a push for a subscription that is held no more is 410, at which a hub may drop it (section 7); a push with a wrong signature is acknowledged and ignored, as
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
  const challenge = request.query.get('hub.challenge');
  if (request.method === 'GET' && request.query.get('hub.mode') === 'unsubscribe')
    return challenge !== null && isLeft(deps, known, request.query) ? { status: 200, body: challenge } : notFound;
  if (request.method === 'GET') return known ? confirm(deps, feedId, known, request.query) : notFound;
  if (request.method !== 'POST') return { status: 405, body: '' };
  if (!known) return { status: 410, body: '' };
  const isSigned = known.hub.startsWith('https:');
  const signature = request.headers['x-hub-signature'];
  if (isSigned && !isHubSignature(hubSecret(deps.key, feedId), request.body, signature))
    return { status: 202, body: '' };
  // A poll that is planned already answers this push too: pushes that come faster than polls may must not put them off further and further.
  const [now, last] = [deps.now(), known.lastPushAt ?? 0];
  const at = last > now ? last : Math.max(now, last + PUSH_GAP_MS);
  const isKnown = await deps.push(feedId, at);
  if (!isKnown) return { status: 410, body: '' };
  await deps.subscriptions.write(feedId, { ...known, lastPushAt: at });
  return { status: 202, body: '' };
}

/** Whether an unsubscription that a hub wants confirmed is ours: nothing is held under that topic, or its hub was just left for another. */
function isLeft({ now }: WebsubDeps, known: HubSubscription | null, query: URLSearchParams): boolean {
  const topic = query.get('hub.topic');
  if (known?.topic !== topic) return true;
  return known.left?.topic === topic && now() - known.left.at < LEAVING_MS;
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
