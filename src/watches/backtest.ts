import type { Carrier } from './carriers.ts';

/** One article that one watch matches, as a backtest counts it. */
export interface BacktestMatch {
  readonly watch: string;
  /** The article's id. */
  readonly article: string;
  /** The story's id. */
  readonly story: string;
  /** The article's time, ms since 1970. */
  readonly at: number;
  readonly title: string;
  /** The outlet's name. */
  readonly source: string;
  readonly url: string | null;
  readonly carriers: readonly Carrier[];
}

export interface BacktestTerm {
  readonly term: string;
  /** Matched articles that have it. */
  readonly articles: number;
  /** Matched articles that would be lost without it, and stories that would be lost whole. */
  readonly lostArticles: number;
  readonly lostStories: number;
  /** Of a tag: the terms by which articles have it, most frequent first. */
  readonly by: readonly { readonly term: string; readonly articles: number }[];
}

/** What one watch would have caught. */
export interface BacktestReport {
  readonly watch: string;
  readonly title: string;
  readonly articles: number;
  readonly stories: number;
  /** New stories a day: what subscribers are told first. Over the whole range, days without any included. */
  readonly alertsPerDay: number;
  /** Every day of the range in UTC. A story counts on its first day. */
  readonly days: readonly { readonly day: string; readonly articles: number; readonly stories: number }[];
  /** The first article of each of the largest stories. */
  readonly samples: readonly {
    readonly day: string;
    readonly title: string;
    readonly source: string;
    readonly url: string | null;
    readonly articles: number;
  }[];
  /** Most needed first. */
  readonly terms: readonly BacktestTerm[];
}

const DAY_MS = 86_400_000;
const SAMPLES = 8;
const TERMS = 30;
const TERMS_OF_A_TAG = 6;

/**
 * Sums up a backtest.
 *
 * @param watches those tried, also the ones that matched nothing
 * @param matches in any order
 * @param range of the articles' times in ms, both inclusive; null where there was none
 */
export function reportBacktest(
  watches: readonly { readonly id: string; readonly title: string }[],
  matches: readonly BacktestMatch[],
  range: { readonly first: number; readonly last: number } | null,
): BacktestReport[] {
  const days = range === null ? [] : daysOf(range.first, range.last);
  const byWatch = Map.groupBy(matches, ({ watch }) => watch);
  return watches.map(({ id, title }) => reportWatch(id, title, byWatch.get(id) ?? [], days));
}

function reportWatch(
  watch: string,
  title: string,
  unsorted: readonly BacktestMatch[],
  days: readonly string[],
): BacktestReport {
  const matches = [...unsorted].sort((a, b) => a.at - b.at || (a.title < b.title ? -1 : 1));
  const stories = Map.groupBy(matches, ({ story }) => story);
  const articlesOf = countBy(matches, ({ at }) => dayOf(at));
  const storiesOf = countBy([...stories.values()], ([first]) => dayOf(first!.at));
  return {
    watch,
    title,
    articles: matches.length,
    stories: stories.size,
    alertsPerDay: days.length === 0 ? 0 : stories.size / days.length,
    days: days.map((day) => ({ day, articles: articlesOf.get(day) ?? 0, stories: storiesOf.get(day) ?? 0 })),
    samples: [...stories.values()]
      .sort((a, b) => b.length - a.length)
      .slice(0, SAMPLES)
      .map((articles) => {
        const { at, title, source, url } = articles[0]!;
        return { day: dayOf(at), title, source, url, articles: articles.length };
      }),
    terms: reportTerms(matches, stories),
  };
}

function reportTerms(
  matches: readonly BacktestMatch[],
  stories: ReadonlyMap<string, readonly BacktestMatch[]>,
): BacktestTerm[] {
  const names = new Set(matches.flatMap(({ carriers }) => carriers.map(({ term }) => term)));
  const terms = [...names].map((term): BacktestTerm => {
    const having = matches.filter(({ carriers }) => carriers.some((carrier) => carrier.term === term));
    const needs = (match: BacktestMatch): boolean =>
      match.carriers.some((carrier) => carrier.term === term && carrier.needed);
    const by = countBy(
      having.flatMap(({ carriers }) => carriers.flatMap((carrier) => (carrier.term === term ? carrier.by : []))),
      (name) => name,
    );
    return {
      term,
      articles: having.length,
      lostArticles: having.filter(needs).length,
      lostStories: [...stories.values()].filter((articles) => articles.every(needs)).length,
      by: [...by]
        .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .slice(0, TERMS_OF_A_TAG)
        .map(([name, articles]) => ({ term: name, articles })),
    };
  });
  return terms
    .sort(
      (a, b) =>
        b.lostStories - a.lostStories ||
        b.lostArticles - a.lostArticles ||
        b.articles - a.articles ||
        (a.term < b.term ? -1 : 1),
    )
    .slice(0, TERMS);
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function daysOf(first: number, last: number): string[] {
  const days: string[] = [];
  for (let day = Math.floor(first / DAY_MS); day * DAY_MS <= last; day++) days.push(dayOf(day * DAY_MS));
  return days;
}
