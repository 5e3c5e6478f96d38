import type { Queue } from 'bullmq';
import type { Article, Source } from '../src/articles/article.ts';
import { type FeedArticle, feedArticles } from '../src/articles/feed-articles.ts';
import { diffItems, type SeenMark } from '../src/feeds/diff-items.ts';
import type { DueFeeds } from '../src/feeds/due-feeds.ts';
import { FeedParseError } from '../src/feeds/feed-parse-error.ts';
import type { FeedHints, FeedSpec, FeedState } from '../src/feeds/feed-state.ts';
import type { FeedStore } from '../src/feeds/feed-store.ts';
import { type FetchLimits, type FetchOutcome, fetchFeed } from '../src/feeds/fetch-feed.ts';
import { mayAlert } from '../src/feeds/first-import.ts';
import { type PollNews, planNextPoll, type Unreadable } from '../src/feeds/next-poll.ts';
import type { ParsePool } from '../src/feeds/parse-pool.ts';
import type { PollPolicy } from '../src/feeds/poll-policy.ts';
import type { UnreachableFeeds } from '../src/feeds/unreachable-feeds.ts';
import type { Metrics } from '../src/http/metrics.ts';
import type { HttpClient } from '../src/net/http-client.ts';
import { HttpError } from '../src/net/http-error.ts';
import { jobId } from '../src/queues/job-id.ts';
import { PAYLOAD_VERSION, type PollClaim, type PollJob, type TriageJob } from '../src/queues/payloads.ts';
import type { Logger } from './logger.ts';
import { outcomeLabel, reportPoll } from './report-poll.ts';
import { CLAIM_LEASE_MS } from './schedule.ts';

/** A feed as polling and naming its articles needs it. */
export interface PolledFeed extends FeedSpec {
  readonly source: Source;
}

export interface PollDeps {
  /** The feed as it is configured now; undefined where it no longer is. */
  readonly feed: (id: string) => PolledFeed | undefined;
  readonly client: HttpClient;
  readonly parse: ParsePool;
  readonly due: DueFeeds;
  readonly store: FeedStore;
  readonly triage: Pick<Queue<TriageJob>, 'addBulk'>;
  readonly policy: PollPolicy;
  readonly limits: FetchLimits;
  readonly maxItems: number;
  readonly firstAlertMaxAgeSec: number;
  readonly unreachable: UnreachableFeeds;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => number;
  readonly random: () => number;
  /** Fires when the worker stops: a poll under way is given back. */
  readonly stopping: AbortSignal;
  /** Told of each poll that was ended; WebSub subscribes here. Does not throw. */
  readonly onPolled?: ((feedId: string, outcome: FetchOutcome, state: FeedState) => Promise<void>) | undefined;
}

/** A feed that this process does not know: it left the configuration while it was claimed, or another process has reloaded before. */
const GONE_WAIT_MS = 60_000;

/** What a poll made of its answer: for the plan, and what is to be remembered last. */
interface Reading {
  readonly hints: FeedHints | null;
  readonly news: PollNews | Unreadable | null;
  readonly marks: ReadonlyMap<string, SeenMark>;
}

const NOTHING_READ: Reading = { hints: null, news: null, marks: new Map() };

/**
 * Polls one claimed feed: asks, parses, queues what is new or changed, and only then remembers that it did: validators and seen marks stored before the
 * articles are queued would turn a crash into a loss.
 */
async function pollFeed(deps: PollDeps, claim: PollClaim): Promise<void> {
  const { now, metrics, log } = deps;
  const feed = deps.feed(claim.feedId);
  // A job that is run again after a crash holds feeds that its first run has dealt with.
  if (!(await deps.due.renew(claim.feedId, claim.owner, CLAIM_LEASE_MS))) return;
  if (feed === undefined) {
    deps.unreachable.answered(claim.feedId);
    return void (await deps.due.release(claim.feedId, claim.owner, now() + GONE_WAIT_MS));
  }
  const startedMs = now();
  const state = (await deps.store.readStates([feed])).get(feed.id)!;
  const outcome = await ask(deps, claim, feed, state);
  if (outcome === null) return;
  const reading = outcome.kind === 'body' ? await readBody(deps, feed, state, outcome) : NOTHING_READ;
  const plan = planNextPoll({
    feed,
    state,
    outcome,
    hints: reading.hints,
    news: reading.news,
    policy: deps.policy,
    now: now(),
    random: deps.random(),
  });
  const result = { state: plan.state, seen: reading.marks, nextAt: plan.at };
  const committed = await deps.store.commitPoll(feed.id, claim.owner, result);
  metrics.polls.inc({ outcome: outcomeLabel(outcome, reading.news) });
  metrics.pollSeconds.observe((now() - startedMs) / 1000);
  if (committed === 'lost')
    log.warn({ feed: feed.id }, 'the poll took longer than its claim; another process polls it');
  reportPoll(deps, { feed, outcome, news: reading.news, plan });
  if (plan.state.errorStreak === 0) await deps.onPolled?.(feed.id, outcome, plan.state);
}

/** Polls a job's feeds side by side. One that fails leaves the others alone; the job then fails, and is run again for that one. */
export async function pollFeeds(deps: PollDeps, job: { readonly data: PollJob }): Promise<void> {
  const results = await Promise.allSettled(job.data.feeds.map((claim) => pollFeed(deps, claim)));
  const failed = results.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Null: the worker stops, and the claim was given back as it was. */
async function ask(deps: PollDeps, claim: PollClaim, feed: PolledFeed, state: FeedState): Promise<FetchOutcome | null> {
  const { client, now: clock, limits } = deps;
  const gate = deps.due.gate(claim.owner, CLAIM_LEASE_MS);
  try {
    return await fetchFeed({ client, clock, limits, gate }, { feed, state, cause: claim.cause, signal: deps.stopping });
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    await deps.due.release(feed.id, claim.owner, claim.dueAt);
    return null;
  }
}

async function readBody(
  deps: PollDeps,
  feed: PolledFeed,
  state: FeedState,
  body: Extract<FetchOutcome, { kind: 'body' }>,
): Promise<Reading> {
  const { now } = deps;
  try {
    const hints = { url: body.url, contentType: body.contentType ?? undefined };
    const parsed = await deps.parse.parse(body.bytes, hints, 'consume');
    const items = parsed.items.slice(0, deps.maxItems);
    const cut = { limit: 'items', seen: parsed.items.length, kept: items.length };
    const limits = cut.seen > cut.kept ? [...parsed.limits, cut] : parsed.limits;
    for (const { limit } of limits) deps.metrics.limits.inc({ limit });
    const articles = feedArticles({ ...parsed, items }, { source: feed.source, url: body.url, seenAtMs: now() });
    const { fresh, revised, marks } = await newArticles(deps, feed, articles);
    await queueArticles(deps, [...fresh, ...revised], state.importedAt === null);
    const newArticleTimes = fresh.map(({ at }) => Date.parse(at));
    return { hints: parsed.hints, news: { items: parsed.items.length, newArticleTimes, limits }, marks };
  } catch (error) {
    if (!(error instanceof FeedParseError)) throw error;
    const { code, message } = error;
    // A thread that was lost says nothing of the document: it is read again at the next poll.
    return { hints: null, news: { code, message, isTransient: code === 'worker-lost' }, marks: new Map() };
  }
}

/**
 * What a document has that its feed's seen set does not know, and the marks to be stored last. An item whose guid is known under another address keeps its
 * article's id: it is a revision, wherever the outlet moved it.
 */
async function newArticles(
  { store, now }: PollDeps,
  feed: PolledFeed,
  articles: readonly FeedArticle[],
): Promise<{ readonly fresh: Article[]; readonly revised: Article[]; readonly marks: ReadonlyMap<string, SeenMark> }> {
  const keys = articles.flatMap(({ key, guidKey }) => (guidKey === null ? [key] : [key, guidKey]));
  const seen = await store.readSeen(feed.id, keys);
  const idOf = ({ guidKey, id }: FeedArticle): string => (guidKey === null ? id : (seen.get(guidKey)?.revision ?? id));
  const items = diffItems(articles, seen, { keyOf: (one) => one.key, revisionOf: (one) => one.revision, now: now() });
  const withGuid = articles.filter((one) => one.guidKey !== null);
  const guids = diffItems(withGuid, seen, { keyOf: (one) => one.guidKey ?? '', revisionOf: idOf, now: now() });
  const made = (list: readonly FeedArticle[]): Article[] => list.map((one) => ({ ...one.article, id: idOf(one) }));
  return { fresh: made(items.fresh), revised: made(items.revised), marks: new Map([...items.marks, ...guids.marks]) };
}

async function queueArticles(deps: PollDeps, articles: readonly Article[], isFirstImport: boolean): Promise<void> {
  if (articles.length === 0) return;
  await deps.triage.addBulk(
    // The oldest first: a story begins with its first report, not with its last.
    [...articles]
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
      .map((article) => ({
        name: 'article',
        data: {
          v: PAYLOAD_VERSION,
          article,
          quiet: !mayAlert({
            isFirstImport,
            publishedAt: article.publishedAt === null ? null : Date.parse(article.publishedAt),
            seenAt: Date.parse(article.seenAt),
            firstAlertMaxAgeSec: deps.firstAlertMaxAgeSec,
          }).mayAlert,
        },
        opts: { jobId: jobId('triage', article.id, article.revision) },
      })),
  );
}
