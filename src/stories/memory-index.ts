import { type BackgroundStatistics, readBackground } from './background.ts';
import { decideJoin, type JoinDecision } from './decide-join.ts';
import { foldStates, type StoryState, stateOf, summaryOf } from './fold-story.ts';
import { JOIN_MODEL, type JoinModel } from './join-model.ts';
import type { Candidate } from './likeness.ts';
import {
  CANDIDATE_LIMIT,
  COUNT_CELLS,
  epochsOf,
  type JoinPlan,
  KEPT_REVISIONS,
  keepMembers,
  LOOKUP_TERMS,
  POSTING_LIMIT,
  planJoin,
  RANKED_LIMIT,
  REVISION_REASON,
  type WeighedArticle,
} from './plan-join.ts';
import { PostingLists } from './posting-lists.ts';
import { DEFAULT_WINDOW_SEC, type JoinResult, type StoryIndex, type StoryInput, type StoryOptions } from './story.ts';
import type { StoryMember } from './story-member.ts';
import { StoryTally } from './story-tally.ts';
import type { RecentCounts } from './term-weights.ts';

/** A story; to an article that looks for its own it is a candidate as it stands. */
interface Story {
  readonly number: number;
  state: StoryState;
  firstAt: number;
  lastAt: number;
  members: StoryMember[];
  epoch: number;
}

interface ArticleRecord {
  story: number;
  last: JoinResult;
  readonly results: Map<string, JoinResult>;
}

interface Index {
  readonly model: JoinModel;
  readonly background: BackgroundStatistics;
  readonly windowMs: number;
  /** By number. */
  readonly stories: (Story | undefined)[];
  readonly movedTo: Map<number, number>;
  readonly records: Map<string, ArticleRecord>;
  /** By epoch: the last stories under each term. */
  readonly postings: Map<number, PostingLists>;
  /** By generation: counts by cell, the last cell the number of stories. */
  readonly counts: Map<number, Uint32Array>;
  readonly tally: StoryTally;
}

/** An index in memory for one process: offline triage, backtests, tests. It answers as the Redis store does for the same articles in the same order. */
export function createMemoryIndex(
  options: StoryOptions & { readonly background?: BackgroundStatistics; readonly model?: JoinModel } = {},
): StoryIndex {
  const index: Index = {
    model: options.model ?? JOIN_MODEL,
    background: options.background ?? readBackground(),
    windowMs: (options.windowSec ?? DEFAULT_WINDOW_SEC) * 1000,
    stories: [],
    movedTo: new Map(),
    records: new Map(),
    postings: new Map(),
    counts: new Map(),
    tally: new StoryTally(LOOKUP_TERMS * 2 * POSTING_LIMIT),
  };
  return { join: (input) => join(index, input) };
}

function join(index: Index, input: StoryInput): JoinResult {
  const record = index.records.get(input.id);
  const known = record?.results.get(input.revision);
  if (known !== undefined) return known;
  if (record !== undefined) return remember(record, input.revision, revise(index, record, input));
  const plan = planJoin(input, index.background);
  const { epoch, generation } = epochsOf(input.at, index.windowMs);
  const recent = readCounts(index, plan, generation);
  const weighed = plan.weigh(recent);
  const candidates = candidatesOf(index, plan, epoch);
  const decision = decideJoin(
    weighed.member,
    plan.namedOrigin,
    candidates,
    { storiesOfLate: recent.stories, isDated: input.isDated },
    index.model,
  );
  const { result, number } = commit(index, plan, weighed, decision, epoch);
  if (result.verdict === 'new') countStory(index, plan, generation);
  forget(index, epoch);
  index.records.set(input.id, { story: number, last: result, results: new Map([[input.revision, result]]) });
  return result;
}

function remember(record: ArticleRecord, revision: string, result: JoinResult): JoinResult {
  record.results.set(revision, result);
  record.last = result;
  const [, second] = record.results.keys();
  if (record.results.size > KEPT_REVISIONS && second !== undefined) record.results.delete(second);
  return result;
}

function revise(index: Index, record: ArticleRecord, input: StoryInput): JoinResult {
  const story = storyOf(index, record.story);
  const before = story === undefined ? record.last.after : summaryOf(story.state);
  if (story?.state.founder === input.id && input.title !== '') story.state = { ...story.state, headline: input.title };
  const after = story === undefined ? record.last.after : summaryOf(story.state);
  return {
    verdict: 'revision',
    of: input.id,
    similarity: null,
    origin: record.last.origin,
    before,
    after,
    merged: [],
    reason: REVISION_REASON,
  };
}

/** A story by a number it has or had. */
function storyOf({ stories, movedTo }: Index, number: number): Story | undefined {
  let at = number;
  for (let hops = 0; hops < 16 && stories[at] === undefined; hops++) {
    const next = movedTo.get(at);
    if (next === undefined) break;
    at = next;
  }
  return stories[at];
}

function candidatesOf(index: Index, plan: JoinPlan, epoch: number): Candidate[] {
  const { tally } = index;
  tally.clear();
  const lists = [index.postings.get(epoch), index.postings.get(epoch - 1)];
  for (let term = 0; term < plan.lookups.length; term++) {
    const { key, rarity } = plan.lookups[term]!;
    for (const postings of lists) postings?.visit(key, (number) => tally.add(number, term, rarity));
  }
  const candidates: Story[] = [];
  for (const { number } of tally.best(RANKED_LIMIT)) {
    if (candidates.length >= CANDIDATE_LIMIT) break;
    const story = storyOf(index, number);
    if (isOpen(story, plan.input.at, index.windowMs) && !candidates.includes(story)) candidates.push(story);
  }
  return candidates;
}

const isOpen = (story: Story | undefined, at: number, windowMs: number): story is Story =>
  story !== undefined && at - story.lastAt <= windowMs && story.firstAt - at <= windowMs;

function readCounts({ counts }: Index, plan: JoinPlan, generation: number): RecentCounts {
  const [now, before] = [counts.get(generation), counts.get(generation - 1)];
  const cell = (at: number): number => (now?.[at] ?? 0) + (before?.[at] ?? 0);
  return { stories: cell(COUNT_CELLS), holding: plan.terms.map((term) => cell(term.key & (COUNT_CELLS - 1))) };
}

function countStory(index: Index, plan: JoinPlan, generation: number): void {
  const table = index.counts.get(generation) ?? new Uint32Array(COUNT_CELLS + 1);
  index.counts.set(generation, table);
  table[COUNT_CELLS]!++;
  for (const term of plan.terms) table[term.key & (COUNT_CELLS - 1)]!++;
}

function commit(
  index: Index,
  plan: JoinPlan,
  weighed: WeighedArticle,
  decision: JoinDecision,
  epoch: number,
): { readonly result: JoinResult; readonly number: number } {
  const own = stateOf(plan.input, decision.origin, plan.storyId);
  const member = { ...weighed.member, origin: decision.origin };
  const joined = (decision.story === null ? [] : [decision.story, ...decision.merge])
    .sort((one, other) => one - other)
    .map((number) => index.stories[number]!);
  const [target, ...others] = joined;
  const before = target === undefined ? null : summaryOf(target.state);
  const { firstAt, lastAt } = own;
  const story: Story = target ?? { number: index.stories.length, state: own, firstAt, lastAt, members: [], epoch };
  const merged: string[] = [];
  for (const other of others) {
    story.state = foldStates(story.state, other.state);
    story.members = keepMembers([...story.members, ...other.members]);
    index.stories[other.number] = undefined;
    index.movedTo.set(other.number, story.number);
    merged.push(other.state.id);
  }
  if (target !== undefined) story.state = foldStates(story.state, own);
  if (!member.isRoundup || story.members.length === 0) story.members = keepMembers([...story.members, member]);
  story.epoch = Math.max(story.epoch, epoch);
  story.firstAt = story.state.firstAt;
  story.lastAt = story.state.lastAt;
  index.stories[story.number] = story;
  post(index, story.number, weighed.posted, epoch);
  const { verdict, of, similarity, origin, reason } = decision;
  const result = { verdict, of, similarity, origin, before, after: summaryOf(story.state), merged, reason };
  return { result, number: story.number };
}

function post(index: Index, number: number, posted: readonly number[], epoch: number): void {
  const postings = index.postings.get(epoch) ?? new PostingLists(POSTING_LIMIT);
  index.postings.set(epoch, postings);
  for (const key of posted) postings.post(key, number);
}

/** Drops what no article can reach any more: epochs before the last one, and the stories that ended in them. */
function forget(index: Index, epoch: number): void {
  for (const old of index.postings.keys()) {
    if (old >= epoch - 2) continue;
    index.postings.delete(old);
    for (const story of index.stories)
      if (story !== undefined && story.epoch <= old) index.stories[story.number] = undefined;
    for (const number of index.movedTo.keys()) if (storyOf(index, number) === undefined) index.movedTo.delete(number);
  }
  for (const old of index.counts.keys()) if (old < epoch * 2 - 6) index.counts.delete(old);
}
