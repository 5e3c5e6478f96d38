import { bodyOf } from '../../src/stories/count-terms.ts';
import { termsOf } from '../../src/stories/read-terms.ts';
import type { LabelledStream } from './labelled-stream.ts';
import { type StoryScore, scoreStories } from './score-pairwise.ts';

/** The thresholds that are tried; the best for each set is reported, which flatters the baseline. */
const THRESHOLDS = [0.1, 0.14, 0.18, 0.22, 0.26, 0.3, 0.36, 0.42] as const;
const WINDOW_MS = 72 * 3_600_000;
/** Terms that more than this share of all articles hold are passed over: they change nothing and cost most of the time. */
const MOST_COMMON = 0.1;

interface Story {
  lastAt: number;
  count: number;
  readonly sum: Map<string, number>;
}

/**
 * Plain TF-IDF, as a textbook has it: statistics of the whole set, the future included, and one pass over the stream with the same clock and window as ours. An
 * article joins the story with the greatest mean cosine, if it is great enough.
 */
export function playBaseline({ inputs, clusters }: LabelledStream): StoryScore & { readonly threshold: number } {
  const counts = inputs.map((input) => {
    const frequencies = new Map<string, number>();
    for (const term of termsOf(`${input.title} ${bodyOf(input)}`, input.lang))
      frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
    return frequencies;
  });
  const holding = new Map<string, number>();
  for (const one of counts) for (const term of one.keys()) holding.set(term, (holding.get(term) ?? 0) + 1);
  const vectors = counts.map((one) => unitVector(one, holding, inputs.length));
  const scores = THRESHOLDS.map((threshold) => ({
    ...scoreStories(clusters, assign(inputs, vectors, threshold)),
    threshold,
  }));
  return scores.reduce((best, one) => (one.f1 > best.f1 ? one : best));
}

function unitVector(
  frequencies: ReadonlyMap<string, number>,
  holding: ReadonlyMap<string, number>,
  articles: number,
): Map<string, number> {
  const vector = new Map<string, number>();
  let squares = 0;
  for (const [term, frequency] of frequencies) {
    const held = holding.get(term)!;
    const weight = (1 + Math.log(frequency)) * Math.log((articles + 1) / (held + 0.5));
    squares += weight * weight;
    if (held <= Math.max(30, articles * MOST_COMMON)) vector.set(term, weight);
  }
  const norm = Math.sqrt(squares) || 1;
  for (const [term, weight] of vector) vector.set(term, weight / norm);
  return vector;
}

function assign(
  inputs: LabelledStream['inputs'],
  vectors: readonly ReadonlyMap<string, number>[],
  threshold: number,
): string[] {
  const stories: Story[] = [];
  const storiesWith = new Map<string, Set<number>>();
  return inputs.map(({ at }, index) => {
    const vector = vectors[index]!;
    const dots = new Map<number, number>();
    for (const [term, weight] of vector) {
      for (const number of storiesWith.get(term) ?? []) {
        const story = stories[number]!;
        if (at - story.lastAt > WINDOW_MS) storiesWith.get(term)!.delete(number);
        else dots.set(number, (dots.get(number) ?? 0) + (weight * story.sum.get(term)!) / story.count);
      }
    }
    let best = -1;
    for (const [number, dot] of dots) if (dot >= threshold && dot > (dots.get(best) ?? 0)) best = number;
    if (best < 0) best = stories.push({ lastAt: at, count: 0, sum: new Map() }) - 1;
    const story = stories[best]!;
    story.lastAt = at;
    story.count++;
    for (const [term, weight] of vector) {
      story.sum.set(term, (story.sum.get(term) ?? 0) + weight);
      const numbers = storiesWith.get(term) ?? new Set();
      storiesWith.set(term, numbers.add(best));
    }
    return String(best);
  });
}
