import type { FeedSpec, FeedState, Validators } from './feed-state.ts';
import { afterSkippedTimes } from './skip-times.ts';

/** Why a feed is asked: its time has come, its hub pushed, or a person wants to know. */
export type PollCause = 'due' | 'push' | 'manual';

export interface PollRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly privateHeaders: readonly string[];
  readonly isConditional: boolean;
  readonly reason: string;
}

const DAY_MS = 86_400_000;
/** What undici lets into a header, within a length that servers bear. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]{1,1024}$/;
const ACCEPT =
  'application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1';

/**
 * Whether a feed may be asked now. The queue asks when a feed is due, but a worker that was down in between, or a
 * push, may come at a time when it may not.
 *
 * @returns null when it may, else when it may and why not now.
 */
export function mayAsk(
  state: FeedState,
  cause: PollCause,
  now: number,
): { readonly at: number; readonly reason: string } | null {
  if (state.retryNotBeforeAt !== null && now < state.retryNotBeforeAt)
    return { at: state.retryNotBeforeAt, reason: 'retry-after: the server asked to wait' };
  if (cause !== 'due') return null;
  if (state.notBeforeAt !== null && now < state.notBeforeAt)
    return { at: state.notBeforeAt, reason: 'fresh: the publisher asked to wait' };
  const open = afterSkippedTimes(now, state.hints);
  return open > now ? { at: open, reason: 'skip: an hour or day the publisher closed' } : null;
}

/**
 * What to ask a feed's server. Validators go out as they came in. Once in 24 hours, when nothing but 304 was heard
 * since, the request is unconditional: some servers change a feed without changing its ETag.
 */
export function planRequest(feed: FeedSpec, state: FeedState, now: number): PollRequest {
  const own = Object.fromEntries(
    Object.entries(feed.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const base: Record<string, string> = { accept: ACCEPT, ...own };
  if (feed.userAgent) base['user-agent'] = feed.userAgent;
  const request = { url: state.url, privateHeaders: Object.keys(own) };
  const conditions = conditionsOf(state);
  if (Object.keys(conditions).length === 0)
    return { ...request, headers: base, isConditional: false, reason: 'nothing to compare with' };
  const since = Math.max(state.lastUnconditionalAt ?? 0, state.lastBodyAt ?? 0);
  if (now - since >= DAY_MS)
    return { ...request, headers: base, isConditional: false, reason: 'a day of unchanged answers: look at the body' };
  return { ...request, headers: { ...base, ...conditions }, isConditional: true, reason: 'conditional' };
}

function conditionsOf(state: FeedState): Record<string, string> {
  const { validators, validatorMode } = state;
  if (!validators) return {};
  const conditions: Record<string, string> = {};
  if (validatorMode === 'all' && validators.etag) conditions['if-none-match'] = validators.etag;
  const since = validatorMode === 'date' ? validators.date : (validators.lastModified ?? validators.date);
  // The Date stands in only where the server gave nothing better.
  if (since && !(conditions['if-none-match'] && !validators.lastModified)) conditions['if-modified-since'] = since;
  return conditions;
}

/** The validators of a response, null when it has none that can be sent back. */
export function validatorsOf(headers: Readonly<Record<string, string>>): Validators | null {
  const sendable = (value: string | undefined) => (value !== undefined && SENDABLE.test(value) ? value : null);
  const validators = {
    etag: sendable(headers.etag),
    lastModified: sendable(headers['last-modified']),
    date: sendable(headers.date),
  };
  return validators.etag || validators.lastModified || validators.date ? validators : null;
}
