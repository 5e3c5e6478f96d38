import type { StoryAlert } from '../../src/alerts/alert-schema.ts';
import type { Stores } from '../../workers/stores.ts';
import type { LastWords } from './crash-edge.ts';
import type { NewsRound } from './crash-news.ts';
import type { ReceivedWebhook } from './webhook-receiver.ts';

/** What a round came to, but for the round's own words: equal for equal news. */
export interface Outcome {
  /** `guid title-ok story-letter verdict`, by guid. */
  readonly articles: readonly string[];
  /** What the subscriber was told, each webhook-id once, by sequence. */
  readonly told: readonly string[];
  /** What the consumer of the queue `matches` got, repeats included. */
  readonly matches: readonly string[];
  /** Jobs in a dead letter. */
  readonly failed: number;
}

export interface RoundReport {
  readonly outcome: Outcome;
  /** The last words of those that were killed. */
  readonly deaths: readonly LastWords[];
  /** webhook-ids that came more often than once, and how many of those may not have: they were not in flight at a kill, or differ in their bytes. */
  readonly repeats: number;
  readonly badRepeats: readonly string[];
}

/** What a round came to, from what is stored and what was received. */
export async function reportOf(
  news: NewsRound,
  seen: {
    readonly stores: Stores;
    readonly received: readonly ReceivedWebhook[];
    readonly consumed: readonly StoryAlert[];
    readonly deaths: readonly LastWords[];
  },
): Promise<RoundReport> {
  const { stores, deaths } = seen;
  const mine = seen.received.filter(({ body }) => isOf(news, JSON.parse(body) as StoryAlert));
  const byId = Map.groupBy(mine, ({ headers }) => String(headers['webhook-id']));
  const inFlight = new Set(deaths.flatMap((one) => one.inFlight));
  const badRepeats: string[] = [];
  for (const [id, times] of byId) {
    const allowed = 1 + deaths.filter((one) => one.inFlight.includes(id)).length;
    if (times.length > allowed)
      badRepeats.push(`${id} came ${times.length} times${inFlight.has(id) ? '' : ', never in flight'}`);
    if (times.some(({ body }) => body !== times[0]!.body)) badRepeats.push(`${id} came with other bytes`);
  }
  return {
    outcome: {
      articles: await archivedOf(news, stores),
      told: [...byId.values()].map(([one]) => describeAlert(JSON.parse(one!.body) as StoryAlert)).sort(),
      matches: seen.consumed
        .filter((alert) => isOf(news, alert))
        .map(describeAlert)
        .sort(),
      failed: await jobsIn(stores, 'failed'),
    },
    deaths,
    repeats: mine.length - byId.size,
    badRepeats,
  };
}

const isOf = (news: NewsRound, alert: StoryAlert): boolean =>
  alert.data.article.url?.includes(`/r${news.number}/`) ?? false;

function describeAlert({ type, data }: StoryAlert): string {
  const also = (data.alsoMatched ?? []).map((one) => one.id).join(',');
  const article = data.article.url?.split('/').at(-1);
  const story = `${data.story.articles} articles, ${data.story.sources} sources, ${data.story.origins} origins`;
  return `${data.watch.id} ${data.sequence} ${type} [${data.change.join(' ')}] by ${article}; ${story}; also ${also || 'none'}`;
}

async function archivedOf(news: NewsRound, stores: Stores): Promise<string[]> {
  const lines: [string, string, string][] = [];
  for await (const { article, storyId, verdict } of stores.archive.read({ sinceMs: 0, untilMs: 1e15 })) {
    const wanted = news.titles.get(article.guid ?? '');
    if (wanted === undefined) continue;
    const name = article.guid!.replace(/^r\d+-/, '');
    lines.push([`${name}: ${article.title === wanted ? 'newest title' : article.title}`, storyId, verdict]);
  }
  lines.sort(([one], [other]) => (one < other ? -1 : 1));
  const stories = [...new Set(lines.map(([, story]) => story))];
  return lines.map(([name, story, verdict]) => `${name}, story ${stories.indexOf(story) + 1}, ${verdict}`);
}

/** Jobs of the worker's own queues in one state. */
export async function jobsIn({ queues }: Stores, state: 'active' | 'failed'): Promise<number> {
  const counts = await Promise.all(
    (['schedule', 'poll', 'triage', 'deliver'] as const).map((name) => queues[name].getJobCounts(state)),
  );
  return counts.reduce((sum, count) => sum + (count[state] ?? 0), 0);
}
