import { expectedOf, type Snapshots } from './snapshots.ts';

/** One judged revision of an article. */
export interface FoundArticle {
  readonly feedId: string;
  readonly id: string;
  /** Its guid, else its address. */
  readonly key: string;
  readonly title: string;
}

export interface Comparison {
  readonly ok: boolean;
  readonly text: string;
  readonly polls: number;
  /** By the independent reading. */
  readonly expectedArticles: number;
  readonly foundArticles: number;
  readonly lost: readonly string[];
  /** Items of one feed that became two articles. */
  readonly doubled: readonly string[];
  readonly expectedRevisions: number;
  readonly foundRevisions: number;
  /** Revisions that were judged as something new, by the stories' verdicts. */
  readonly misjudged: number;
  readonly verdicts: Readonly<Record<string, number>>;
}

/**
 * Compares what the worker judged with what an independent reading of the same snapshots finds. An article that two feeds carry under one address is one
 * article, so the numbers are counted feed by feed over items.
 */
export function compare(
  feeds: readonly Snapshots[],
  found: readonly FoundArticle[],
  verdicts: Readonly<Record<string, number>>,
  answered: Readonly<Record<string, number>>,
): Comparison {
  const lost: string[] = [];
  const doubled: string[] = [];
  let expectedArticles = 0;
  let expectedRevisions = 0;
  const ids = new Set(found.map((one) => one.id));
  for (const snapshots of feeds) {
    const expected = expectedOf(snapshots);
    const ofFeed = found.filter((one) => one.feedId === snapshots.feedId);
    const idsOf = new Map<string, Set<string>>();
    for (const { key, id } of ofFeed) idsOf.set(key, (idsOf.get(key) ?? new Set()).add(id));
    expectedArticles += expected.items.size;
    for (const count of expected.revisions.values()) expectedRevisions += count;
    for (const item of expected.items) if (!idsOf.has(item)) lost.push(`${snapshots.feedId}: ${item}`);
    for (const [key, set] of idsOf) if (set.size > 1) doubled.push(`${snapshots.feedId}: ${key}`);
  }
  const foundRevisions = found.length - ids.size;
  const misjudged = Math.abs(foundRevisions - (verdicts.revision ?? 0));
  const result = {
    ok: lost.length === 0 && doubled.length === 0 && misjudged === 0,
    polls: feeds.reduce((sum, feed) => sum + feed.bodies.length, 0),
    expectedArticles,
    foundArticles: ids.size,
    lost,
    doubled,
    expectedRevisions,
    foundRevisions,
    misjudged,
    verdicts,
  };
  return { ...result, text: describe(result, feeds.length, answered) };
}

function describe(
  result: Omit<Comparison, 'text'>,
  feeds: number,
  { ok = 0, notModified = 0 }: Readonly<Record<string, number>>,
): string {
  const of = (list: readonly string[]): string => (list.length === 0 ? '' : `\n  ${list.slice(0, 20).join('\n  ')}`);
  return [
    `${feeds} feeds, ${result.polls} polls (${ok} answered with a document, ${notModified} with 304)`,
    `articles: ${result.expectedArticles} items by the independent reading, ${result.foundArticles} articles found`,
    `lost: ${result.lost.length}${of(result.lost)}`,
    `items that became two articles: ${result.doubled.length}${of(result.doubled)}`,
    `revisions: ${result.expectedRevisions} by the independent reading, ${result.foundRevisions} seen, ${result.misjudged} judged as something new`,
    `verdicts: ${Object.entries(result.verdicts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
  ].join('\n');
}
