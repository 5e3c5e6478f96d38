/** Pairwise and B-cubed scores (Bagga & Baldwin 1998) of stories found against stories labelled; both by article, in one order. */
export interface StoryScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly bcubed: number;
  readonly stories: number;
}

export function scoreStories(gold: readonly string[], found: readonly string[]): StoryScore {
  const goldSizes = sizes(gold);
  const foundSizes = sizes(found);
  const both = sizes(gold.map((cluster, index) => `${found[index]}\0${cluster}`));
  const pairs = (counts: ReadonlyMap<string, number>): number =>
    [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  const precision = pairs(both) / (pairs(foundSizes) || 1);
  const recall = pairs(both) / (pairs(goldSizes) || 1);
  let inFound = 0;
  let inGold = 0;
  for (const [key, count] of both) {
    const [story, cluster] = key.split('\0') as [string, string];
    inFound += (count * count) / foundSizes.get(story)!;
    inGold += (count * count) / goldSizes.get(cluster)!;
  }
  return {
    precision,
    recall,
    f1: harmonic(precision, recall),
    bcubed: harmonic(inFound / gold.length, inGold / gold.length),
    stories: foundSizes.size,
  };
}

/** Precision and recall of the pairs whose articles are in different languages; null where no story has two. */
export function scoreAcross(
  langs: readonly string[],
  gold: readonly string[],
  found: readonly string[],
): { readonly precision: number; readonly recall: number } | null {
  const pairs = (keys: readonly string[]): number =>
    [...sizes(keys).values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  const across = (keys: readonly string[]): number =>
    pairs(keys) - pairs(keys.map((key, index) => `${langs[index]}\0${key}`));
  const labelled = across(gold);
  const both = across(gold.map((cluster, index) => `${found[index]}\0${cluster}`));
  return labelled === 0 ? null : { precision: both / (across(found) || 1), recall: both / labelled };
}

const harmonic = (one: number, other: number): number => (one + other === 0 ? 0 : (2 * one * other) / (one + other));

function sizes(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
