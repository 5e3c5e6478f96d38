import type { FetchOutcome } from '../src/feeds/fetch-feed.ts';
import type { NextPoll, PollNews, Unreadable } from '../src/feeds/next-poll.ts';
import { isUnreachable, type Telling, type UnreachableFeeds } from '../src/feeds/unreachable-feeds.ts';
import type { Logger } from './logger.ts';

interface ReportDeps {
  readonly unreachable: UnreachableFeeds;
  readonly log: Logger;
}

interface ReportedPoll {
  readonly feed: { readonly id: string };
  readonly outcome: FetchOutcome;
  /** What was read, or why it could not be; null when no body came. */
  readonly news: PollNews | Unreadable | null;
  readonly plan: NextPoll;
}

/** The label of a poll in the metrics: closed codes. */
export function outcomeLabel(outcome: FetchOutcome, news: PollNews | Unreadable | null): string {
  if (outcome.kind === 'error') return outcome.code;
  if (outcome.kind !== 'body' || news === null) return outcome.kind;
  if ('code' in news) return news.code;
  return news.newArticleTimes.length > 0 ? 'new-articles' : 'no-news';
}

/** Says what a poll came to. While many feeds cannot be reached they are told of together. */
export function reportPoll(deps: ReportDeps, poll: ReportedPoll): void {
  const { log } = deps;
  const { feed, outcome, news, plan } = poll;
  const next = { feed: feed.id, next: plan.at === null ? null : new Date(plan.at).toISOString(), why: plan.reason };
  const about = reach(deps, poll);
  if (outcome.kind === 'error' && (about.tell === 'feed' || !isUnreachable(outcome.code)))
    log.warn({ ...next, code: outcome.code, status: outcome.status }, outcome.message);
  else if (outcome.kind === 'gone')
    log.warn(next, 'the feed has ended (410 Gone); remove it from feeds.yaml, or correct its url');
  else if (news !== null && 'code' in news) log.warn({ ...next, code: news.code }, news.message);
  else if (news !== null) {
    for (const hit of news.limits ?? [])
      log.warn({ feed: feed.id, ...hit }, 'a limit was hit: the rest of the feed was left out');
    log.info({ ...next, items: news.items, new: news.newArticleTimes.length }, 'feed read');
  } else log.debug(next, outcome.kind);
}

/** Notes whether the feed could be reached, and says what that means for all of them. */
function reach({ unreachable, log }: ReportDeps, { feed, outcome }: ReportedPoll): Telling {
  if (outcome.kind === 'deferred') return { tell: 'nothing' };
  const about = outcome.kind === 'error' ? unreachable.failed(feed.id, outcome.code) : unreachable.answered(feed.id);
  if (about.tell === 'many')
    log.warn(
      { feeds: about.feeds, codes: about.codes, last: outcome.kind === 'error' ? outcome.message : undefined },
      `${about.feeds} feeds are unreachable: is the network down? They are tried again within minutes; "attache feeds list" names them`,
    );
  if (about.tell === 'again')
    log.info({ feeds: about.feeds }, `feeds answer again; ${about.feeds} did not for a while`);
  return about;
}
