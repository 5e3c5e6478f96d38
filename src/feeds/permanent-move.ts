import type { FeedState } from './feed-state.ts';

const PERMANENT = new Set([301, 308]);

/**
 * Where a chain of redirects says that a feed has moved for good: its end, when each link of the chain is a 301 or
 * 308 (RFC 9110, 15.4.2 and 15.4.9). A step from https down to http is followed, never remembered.
 */
export function permanentTarget(
  from: string,
  redirects: readonly { readonly status: number; readonly location: string }[],
): string | null {
  const end = redirects.at(-1)?.location;
  if (!end || end === from || !redirects.every(({ status }) => PERMANENT.has(status))) return null;
  const urls = [from, ...redirects.map(({ location }) => location)];
  const leavesTls = urls.some(
    (url, index) => index > 0 && url.startsWith('http:') && urls[index - 1]!.startsWith('https:'),
  );
  return leavesTls ? null : end;
}

/**
 * What a successful poll's redirects mean for the stored address. It moves when the same permanent target was seen on
 * `afterPolls` polls in a row: one wrong configuration, or a hotel's login page, moves nothing.
 */
export function rememberMove(
  state: Pick<FeedState, 'url' | 'move'>,
  target: string | null,
  afterPolls: number,
): Pick<FeedState, 'url' | 'move'> {
  if (!target || target === state.url) return { url: state.url, move: null };
  const polls = state.move?.to === target ? state.move.polls + 1 : 1;
  return polls >= afterPolls ? { url: target, move: null } : { url: state.url, move: { to: target, polls } };
}
