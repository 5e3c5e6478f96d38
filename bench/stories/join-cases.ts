import { crowdOf } from '../../src/stories/decide-join.ts';
import { FEATURES, JOIN_MODEL, type LanguageCase } from '../../src/stories/join-model.ts';
import { type Candidate, featuresOf, likenesses, rivalsOf } from '../../src/stories/likeness.ts';
import { CANDIDATE_LIMIT, keepMembers, POSTING_LIMIT, planJoin, RANKED_LIMIT } from '../../src/stories/plan-join.ts';
import type { StoryMember } from '../../src/stories/story-member.ts';
import type { Case } from './fit-regression.ts';
import type { LabelledStream } from './labelled-stream.ts';
import { background } from './play-stream.ts';

/** What a stream teaches: for each article each story that comes into question, with what they have in common and whether it is the article's. */
export interface StreamCases {
  readonly cases: Readonly<Record<LanguageCase, readonly Case[]>>;
  /** Of the articles whose story was begun before: the share of which that story came into question. */
  readonly candidateRecall: number;
}

interface TrueStory {
  readonly cluster: string;
  readonly number: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly members: readonly StoryMember[];
}

const WINDOW_MS = 72 * 3_600_000;

/** Reads a stream with its true stories as candidates. */
export function casesOf({ inputs, clusters }: LabelledStream): StreamCases {
  const cases: Record<LanguageCase, Case[]> = { same: [], across: [] };
  const stories = new Map<string, TrueStory>();
  const byKey = new Map<number, string[]>();
  const holding = new Map<number, number>();
  let begun = 0;
  let found = 0;
  for (const [index, input] of inputs.entries()) {
    const cluster = clusters[index]!;
    const plan = planJoin(input, background());
    const recent = { stories: stories.size, holding: plan.terms.map((term) => holding.get(term.key) ?? 0) };
    const { member, posted } = plan.weigh(recent);
    const candidates = candidatesOf(plan.lookups, byKey, stories, input.at);
    const all = likenesses(member, candidates);
    for (const [place, { candidate, cases: likeness }] of all.entries()) {
      const language = likeness.same === null ? 'across' : 'same';
      const features = featuresOf(member, candidate, likeness[language]!, rivalsOf(all, place));
      const isSame = (candidate as Candidate & TrueStory).cluster === cluster;
      const offset = -crowdOf(JOIN_MODEL, { storiesOfLate: stories.size, isDated: input.isDated });
      cases[language].push({ features: FEATURES.map((name) => features[name]), same: isSame ? 1 : 0, offset });
    }
    const story = stories.get(cluster);
    if (story !== undefined && input.at - story.lastAt <= WINDOW_MS) {
      begun++;
      if (candidates.some((candidate) => candidate.cluster === cluster)) found++;
    }
    stories.set(cluster, {
      cluster,
      number: story?.number ?? stories.size,
      firstAt: story?.firstAt ?? input.at,
      lastAt: input.at,
      members: keepMembers([...(story?.members ?? []), member]),
    });
    for (const key of posted) {
      const others = (byKey.get(key) ?? []).filter((one) => one !== cluster);
      byKey.set(key, [...others, cluster].slice(-POSTING_LIMIT));
    }
    if (story === undefined) for (const term of plan.terms) holding.set(term.key, (holding.get(term.key) ?? 0) + 1);
  }
  return { cases, candidateRecall: begun === 0 ? 1 : found / begun };
}

function candidatesOf(
  lookups: readonly { readonly key: number; readonly rarity: number }[],
  byKey: ReadonlyMap<number, readonly string[]>,
  stories: ReadonlyMap<string, TrueStory>,
  at: number,
): TrueStory[] {
  const scores = new Map<string, number>();
  for (const { key, rarity } of lookups)
    for (const cluster of byKey.get(key) ?? []) scores.set(cluster, (scores.get(cluster) ?? 0) + rarity);
  return [...scores]
    .sort((one, other) => other[1] - one[1])
    .slice(0, RANKED_LIMIT)
    .map(([cluster]) => stories.get(cluster)!)
    .filter(({ lastAt }) => at - lastAt <= WINDOW_MS)
    .slice(0, CANDIDATE_LIMIT);
}
