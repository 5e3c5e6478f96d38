import type { Job } from 'bullmq';
import type { StoryAlert } from '../src/alerts/alert-schema.ts';
import type { AlertStore } from '../src/alerts/alert-store.ts';
import { type Announced, announce } from '../src/alerts/announce.ts';
import { buildAlert } from '../src/alerts/payload.ts';
import type { Article } from '../src/articles/article.ts';
import type { ArticleStore } from '../src/articles/article-store.ts';
import type { RecentStore } from '../src/articles/recent-store.ts';
import type { GroupingRules } from '../src/delivery/group-deliveries.ts';
import { isOverBudget, overBudgetNotice } from '../src/delivery/watch-budget.ts';
import type { Metrics } from '../src/http/metrics.ts';
import type { TriageJob } from '../src/queues/payloads.ts';
import type { Publication } from '../src/queues/publish-alerts.ts';
import type { JoinResult, StoryIndex } from '../src/stories/story.ts';
import type { Evidence } from '../src/text/evidence.ts';
import type { Judgement } from '../src/triage/judge-article.ts';
import { storyInputOf } from '../src/triage/story-input.ts';
import type { Logger } from './logger.ts';

interface JudgedWatch {
  readonly id: string;
  readonly title: string;
  readonly maxAlertsPerDay?: number | undefined;
}

/** What judges an article now: replaced as a whole when the configuration is reloaded. */
export interface Judge {
  readonly configHash: string;
  readonly watches: ReadonlyMap<string, JudgedWatch>;
  judge(article: Article): Judgement;
}

export interface TriageDeps {
  readonly judge: () => Judge;
  readonly stories: StoryIndex;
  readonly alerts: AlertStore;
  readonly archive: Pick<ArticleStore, 'put'>;
  readonly recent: Pick<RecentStore, 'note'>;
  /** Queues the alerts: on `matches` for other services, and on `deliver` for subscribers. Safe to call again with the same alerts. */
  readonly publish: (
    publication: Pick<Publication, 'alerts' | 'notices'> & Pick<GroupingRules, 'overBudget'>,
  ) => Promise<void>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => number;
}

/**
 * Judges one revision of one article: tags it, joins its story, tries the watches, claims and queues the alerts. Every step can be run again: the join and
 * the claims remember their owner, the jobs' ids are derived. The job's completion is the last mark.
 */
export async function triageArticle(deps: TriageDeps, job: Pick<Job<TriageJob>, 'data'>): Promise<void> {
  const { article, quiet } = job.data;
  const judge = deps.judge();
  const judgement = judge.judge(article);
  const joined = await deps.stories.join(storyInputOf(article, judgement, judgement.reading));
  const watches = judgement.matches.map((match) => match.watch);
  await deps.archive.put({
    article,
    storyId: joined.after.id,
    verdict: joined.verdict,
    of: joined.of,
    similarity: joined.similarity,
    origin: joined.origin,
    watches,
    configHash: judge.configHash,
  });
  await deps.recent.note({
    articleId: article.id,
    seenMs: Date.parse(article.seenAt),
    story: joined.after,
    merged: joined.merged,
    watches,
  });
  const announced = await announce(deps, {
    cause: { articleId: article.id, revision: article.revision },
    story: joined,
    verdict: joined.verdict,
    merged: joined.merged,
    matched: new Set(watches),
    watches: new Set(judge.watches.keys()),
    quiet,
    atMs: deps.now(),
  });
  await deps.publish(publicationOf(judge, article, joined, judgement, announced));
  report(deps, article, joined, judgement, announced);
}

function publicationOf(
  judge: Judge,
  article: Article,
  joined: JoinResult,
  judgement: Judgement,
  announced: readonly Announced[],
): Parameters<TriageDeps['publish']>[0] {
  const evidence = new Map(judgement.matches.map((match) => [match.watch, match.evidence]));
  const alerts = announced.map((one) => alertOf(judge, article, joined, one, evidence.get(one.claim.watchId) ?? []));
  const overBudget = new Set(
    announced
      .filter(({ claim }) => isOverBudget(claim, judge.watches.get(claim.watchId)?.maxAlertsPerDay))
      .map(({ claim }) => claim.alertId),
  );
  const notices = announced.flatMap(({ claim }) => {
    const watch = judge.watches.get(claim.watchId);
    const notice = watch ? overBudgetNotice(claim, watch) : null;
    return notice ? [{ watchId: claim.watchId, notice }] : [];
  });
  return { alerts, notices, overBudget: (alert) => overBudget.has(alert.data.alertId) };
}

function alertOf(
  judge: Judge,
  article: Article,
  joined: JoinResult,
  { claim }: Announced,
  evidence: readonly Evidence[],
): StoryAlert {
  return buildAlert({
    alertId: claim.alertId,
    sequence: claim.sequence,
    event: claim.event,
    changes: claim.changes,
    atMs: claim.atMs,
    watch: judge.watches.get(claim.watchId) ?? { id: claim.watchId, title: claim.watchId },
    story: joined.after,
    merged: joined.merged,
    article,
    evidence,
    configHash: judge.configHash,
  });
}

function report(
  { metrics, log }: TriageDeps,
  article: Article,
  joined: JoinResult,
  judgement: Judgement,
  announced: readonly Announced[],
): void {
  metrics.articles.inc({ verdict: joined.verdict });
  if (joined.verdict === 'new') metrics.stories.inc();
  for (const match of judgement.matches) metrics.matches.inc({ watch: match.watch });
  for (const { claim, fresh } of announced) if (fresh) metrics.alerts.inc({ type: claim.event });
  const about = { feed: article.source.id, article: article.id, story: joined.after.id };
  log.debug({ ...about, verdict: joined.verdict, of: joined.of, reason: joined.reason }, 'article judged');
  for (const { claim, fresh } of announced) {
    log.info(
      {
        ...about,
        watch: claim.watchId,
        alert: claim.alertId,
        sequence: claim.sequence,
        change: claim.changes,
        again: !fresh,
      },
      claim.event,
    );
  }
}
