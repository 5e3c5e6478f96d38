/**
 * Fits the weights of src/stories/join-model.ts, and says what they are worth on sets they were not fitted on.
 *
 *   node bench/stories/fit-weights.ts FILE.jsonl[.gz]…
 *
 * Each set is read in order with its true stories as candidates; every candidate is a case. A logistic regression (Newton's method, ridge), each set with
 * the same say. Then, once for all sets and once for each set left out: the weights, and F1 in pairs by threshold.
 */
import { readBackground } from '../../src/stories/background.ts';
import { type Candidate, featuresOf, likenesses, rivalsOf } from '../../src/stories/decide-join.ts';
import { FEATURES, type FeatureName, JOIN_MODEL } from '../../src/stories/join-model.ts';
import { createMemoryIndex } from '../../src/stories/memory-index.ts';
import { CANDIDATE_LIMIT, keepMembers, planJoin, postedKeys } from '../../src/stories/plan-join.ts';
import type { StoryMember } from '../../src/stories/story-member.ts';
import { type LabelledStream, readLabelledStream } from './labelled-stream.ts';
import { scoreStories } from './score-pairwise.ts';

interface Case {
  readonly features: readonly number[];
  readonly same: number;
}

const background = readBackground();
const WINDOW_MS = 72 * 3_600_000;
const THRESHOLDS = [-0.4, 0, 0.4];

/** The cases of one set, with its true stories as candidates. */
function casesOf({ inputs, clusters }: LabelledStream): Case[] {
  const cases: Case[] = [];
  const stories = new Map<string, { number: number; firstAt: number; lastAt: number; members: StoryMember[] }>();
  const byKey = new Map<number, string[]>();
  const holding = new Map<number, number>();
  for (const [index, input] of inputs.entries()) {
    const plan = planJoin(input, background);
    const member = plan.member({
      stories: stories.size,
      holding: plan.terms.map((term) => holding.get(term.key) ?? 0),
    });
    const scores = new Map<string, number>();
    for (const { key, rarity } of plan.lookups)
      for (const cluster of new Set(byKey.get(key)?.slice(-30) ?? []))
        scores.set(cluster, (scores.get(cluster) ?? 0) + rarity);
    const candidates = [...scores]
      .sort((one, other) => other[1] - one[1])
      .map(([cluster]) => ({ cluster, ...stories.get(cluster)! }))
      .filter(({ lastAt }) => input.at - lastAt <= WINDOW_MS)
      .slice(0, CANDIDATE_LIMIT);
    const all = likenesses(member, candidates satisfies readonly Candidate[]);
    for (const [place, likeness] of all.entries()) {
      const features = featuresOf(likeness, rivalsOf(all, place));
      const { cluster } = likeness.candidate as Candidate & { cluster: string };
      cases.push({ features: FEATURES.map((name) => features[name]), same: cluster === clusters[index] ? 1 : 0 });
    }
    const cluster = clusters[index]!;
    const story = stories.get(cluster) ?? { number: stories.size, firstAt: input.at, lastAt: input.at, members: [] };
    stories.set(cluster, { ...story, lastAt: input.at, members: keepMembers([...story.members, member]) });
    for (const key of postedKeys(member)) byKey.set(key, [...(byKey.get(key) ?? []).slice(-60), cluster]);
    if (story.members.length === 0)
      for (const term of plan.terms) holding.set(term.key, (holding.get(term.key) ?? 0) + 1);
  }
  return cases;
}

/** Ridge-penalised logistic regression by Newton's method. */
function fitWeights(sets: readonly (readonly Case[])[], ridge = 0.3): number[] {
  const size = FEATURES.length;
  let weights = new Array<number>(size).fill(0);
  for (let round = 0; round < 15; round++) {
    const rows = Array.from({ length: size }, (_, row) =>
      Array.from({ length: size + 1 }, (_, at) => (at === row ? ridge : 0)),
    );
    for (let row = 0; row < size; row++) rows[row]![size] = -ridge * weights[row]!;
    for (const cases of sets) {
      const share = 1000 / cases.length;
      for (const { features, same } of cases) {
        const odds = features.reduce((sum, value, at) => sum + value * weights[at]!, 0);
        const probability = 1 / (1 + Math.exp(-odds));
        const slope = share * probability * (1 - probability);
        for (let row = 0; row < size; row++) {
          const line = rows[row]!;
          for (let at = 0; at < size; at++) line[at]! += slope * features[row]! * features[at]!;
          line[size]! += share * (same - probability) * features[row]!;
        }
      }
    }
    const step = solve(rows);
    weights = weights.map((weight, at) => weight + step[at]!);
  }
  return weights;
}

/** Gaussian elimination with pivots; rows end with the right side. */
function solve(rows: number[][]): number[] {
  const size = rows.length;
  for (let pivot = 0; pivot < size; pivot++) {
    const best = rows
      .slice(pivot)
      .reduce((at, row, offset) => (Math.abs(row[pivot]!) > Math.abs(rows[at]![pivot]!) ? pivot + offset : at), pivot);
    [rows[pivot], rows[best]] = [rows[best]!, rows[pivot]!];
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = rows[row]![pivot]! / rows[pivot]![pivot]!;
      for (let at = pivot; at <= size; at++) rows[row]![at]! -= factor * rows[pivot]![at]!;
    }
  }
  return rows.map((row, at) => row[size]! / row[at]!);
}

async function f1Of({ inputs, clusters }: LabelledStream, weights: readonly number[], join: number): Promise<number> {
  const named = Object.fromEntries(FEATURES.map((name, at) => [name, weights[at]!])) as Record<FeatureName, number>;
  const index = createMemoryIndex({ background, model: { ...JOIN_MODEL, weights: named, join } });
  const living = new Map<string, string>();
  const ids: string[] = [];
  for (const input of inputs) {
    const { after, merged } = await index.join(input);
    for (const gone of merged) living.set(gone, after.id);
    ids.push(after.id);
  }
  const now = (id: string): string => (living.has(id) ? now(living.get(id)!) : id);
  return scoreStories(clusters, ids.map(now)).f1;
}

const streams = process.argv.slice(2).map((file) => readLabelledStream(file));
const halves = process.argv.slice(2).map((file) => readLabelledStream(file, true));
const cases = streams.map(casesOf);
const all = fitWeights(cases);
console.log(FEATURES.map((name, at) => `${name}: ${all[at]!.toFixed(3)}`).join(', '));
for (const leaveOut of [false, true]) {
  console.log(
    leaveOut ? 'fitted on the other sets: whole set / every second story, by threshold' : 'fitted on all sets',
  );
  const sums = THRESHOLDS.map(() => 0);
  for (const [at, stream] of streams.entries()) {
    const weights = leaveOut ? fitWeights(cases.filter((_, other) => other !== at)) : all;
    const cells: string[] = [];
    for (const [place, join] of THRESHOLDS.entries()) {
      const whole = await f1Of(stream, weights, join);
      const half = await f1Of(halves[at]!, weights, join);
      sums[place]! += (whole + half) / 2 / streams.length;
      cells.push(`${whole.toFixed(3)}/${half.toFixed(3)}`);
    }
    console.log(`  ${stream.name.padEnd(28)} ${cells.join('  ')}`);
  }
  console.log(`  ${'mean'.padEnd(28)} ${sums.map((one, at) => `${one.toFixed(3)}@${THRESHOLDS[at]}`).join('   ')}`);
}
