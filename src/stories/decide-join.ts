import { FEATURES, type FeatureName, JOIN_MODEL, type JoinModel } from './join-model.ts';
import { compareTerms, type Similarity, type TermVector, vectorOf } from './similarity.ts';
import { overlapOf } from './sketch-text.ts';
import type { StoryMember } from './story-member.ts';

/** A story that may be the article's. */
export interface Candidate {
  /** The store's number of the story; older stories have lower ones. */
  readonly number: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** The articles that stand for it: its first ones and its last ones. */
  readonly members: readonly StoryMember[];
}

export interface JoinDecision {
  readonly verdict: 'new' | 'copy' | 'same-story';
  /** The candidate's number; null for a new story. */
  readonly story: number | null;
  readonly of: string | null;
  readonly similarity: number | null;
  readonly origin: string;
  /** Candidates that are the same story as `story` after all. The oldest of them and `story` is to survive. */
  readonly merge: readonly number[];
  readonly reason: string;
}

/** An outlet that writes nearly the same words again a day later has a column, not an event: exchange rates, fixtures, the weather. */
const SERIES = { afterMs: 18 * 3_600_000, whole: 0.5, penalty: 9 } as const;
/** Titles that name others altogether tell of others: a visit like that one, by another minister to another country. */
const STRANGERS = { anchors: 0.05, penalty: 2.5 } as const;
/**
 * The same places, days apart or not, but one of them about war or diplomacy and the other about none of it: a visit and a volleyball match in one city. The
 * tags may err, so a great likeness still joins them.
 */
const OFF_SUBJECT = { penalty: 2.5 } as const;
/** A copy: this share of the shorter text is in the other, on so many shingles, and their words agree (a shared boilerplate is no copy). */
const COPY = { containment: 0.5, shared: 6, whole: 0.3 } as const;
/** The stories from the third to the seventh show how crowded the subject is: what they have in common proves nothing. */
const RIVALS = { from: 1, to: 6, least: 0.07 } as const;
const MAX_NUMBERS = 3;
const DAY_MS = 86_400_000;

/** What one story and the article have in common. */
export interface Likeness {
  readonly candidate: Candidate;
  /** Means over the story's members. */
  readonly mean: Similarity;
  readonly nearest: { readonly member: StoryMember; readonly whole: number };
  readonly copy: { readonly member: StoryMember; readonly containment: number } | null;
}

/** Compares an article with each story. Pure; the order of `candidates` does not matter. */
export function likenesses(article: StoryMember, candidates: readonly Candidate[]): Likeness[] {
  const own = vectorOf(article.terms, article.lang);
  return candidates
    .filter((candidate) => candidate.members.length > 0)
    .map((candidate) => likenessTo(article, own, candidate))
    .sort((one, other) => other.mean.whole - one.mean.whole || one.candidate.number - other.candidate.number);
}

function likenessTo(article: StoryMember, own: TermVector, candidate: Candidate): Likeness {
  const sum = { whole: 0, title: 0, names: 0, anchors: 0, numbers: 0 };
  let nearest = { member: candidate.members[0]!, whole: -1 };
  let copy: Likeness['copy'] = null;
  for (const member of candidate.members) {
    const likeness = compareTerms(own, vectorOf(member.terms, member.lang));
    sum.whole += likeness.whole;
    sum.title += likeness.title;
    sum.names += likeness.names;
    sum.anchors += likeness.anchors;
    sum.numbers += likeness.numbers;
    if (likeness.whole > nearest.whole) nearest = { member, whole: likeness.whole };
    const { containment, shared } = overlapOf(article.sketch, member.sketch);
    const isCopy =
      !isSeries(article, member, likeness.whole) &&
      containment >= COPY.containment &&
      shared >= COPY.shared &&
      likeness.whole >= COPY.whole;
    if (isCopy && (copy === null || containment > copy.containment)) copy = { member, containment };
  }
  const count = candidate.members.length;
  const mean = {
    whole: sum.whole / count,
    title: sum.title / count,
    names: sum.names / count,
    anchors: sum.anchors / count,
    numbers: sum.numbers / count,
  };
  return { candidate, mean, nearest, copy };
}

function isSeries(article: StoryMember, member: StoryMember, whole: number): boolean {
  const isOwn = article.sourceId !== '' && article.sourceId === member.sourceId;
  return isOwn && Math.abs(article.at - member.at) >= SERIES.afterMs && whole >= SERIES.whole;
}

/** The likeness of other stories, without the best of them: the one that may be this event too, and so must not speak against it. */
export function rivalsOf(all: readonly Likeness[], index: number): number {
  const others = all.filter((_, other) => other !== index).slice(RIVALS.from, RIVALS.to);
  const mean = others.reduce((sum, other) => sum + other.mean.whole, 0) / (RIVALS.to - RIVALS.from);
  return Math.max(RIVALS.least, mean);
}

/** The inputs of the regression. */
export function featuresOf({ mean, nearest }: Likeness, rivals: number): Record<FeatureName, number> {
  return {
    bias: 1,
    whole: mean.whole,
    rootWhole: Math.sqrt(mean.whole),
    title: mean.title,
    names: mean.names,
    rootNames: Math.sqrt(mean.names),
    anchors: mean.anchors,
    nearest: nearest.whole,
    rivals,
    numbers: Math.min(mean.numbers, MAX_NUMBERS),
  };
}

/** The log-odds that the article reports the story's event. */
function logOdds(model: JoinModel, article: StoryMember, likeness: Likeness, rivals: number): number {
  const features = featuresOf(likeness, rivals);
  let sum = 0;
  for (const name of FEATURES) sum += model.weights[name] * features[name];
  const { members } = likeness.candidate;
  const ageing = (Math.abs(article.at - likeness.nearest.member.at) / DAY_MS) * model.ageingPerDay;
  const series = isSeries(article, likeness.nearest.member, likeness.nearest.whole) ? SERIES.penalty : 0;
  const isRoundup = article.isRoundup || members.every((member) => member.isRoundup);
  const strangers = likeness.mean.anchors < STRANGERS.anchors ? STRANGERS.penalty : 0;
  const isOffSubject = members.every((member) => member.isOnSubject !== article.isOnSubject);
  const offSubject = isOffSubject ? OFF_SUBJECT.penalty : 0;
  return sum - ageing - strangers - offSubject - series - (isRoundup ? model.roundupPenalty : 0);
}

/**
 * Which of the candidates the article belongs to: the story of the text it copies, else the likeliest if that is likely enough, else none. Candidates whose
 * window is over must not be among them. `namedOrigin` is the agency its text names, or null.
 */
export function decideJoin(
  article: StoryMember,
  namedOrigin: string | null,
  candidates: readonly Candidate[],
  model: JoinModel = JOIN_MODEL,
): JoinDecision {
  const all = likenesses(article, candidates);
  const judged = all
    .map((likeness, index) => ({ likeness, odds: logOdds(model, article, likeness, rivalsOf(all, index)) }))
    .sort((one, other) => other.odds - one.odds || one.likeness.candidate.number - other.likeness.candidate.number);
  const copied = judged
    .filter(({ likeness }) => likeness.copy !== null)
    .sort((one, other) => other.likeness.copy!.containment - one.likeness.copy!.containment)[0];
  const best = copied ?? judged[0];
  if (best === undefined || (copied === undefined && best.odds < model.join))
    return newStory(model, article, namedOrigin, best);
  const { candidate, copy, nearest } = best.likeness;
  const merge = judged
    .filter((other) => other !== best && other.odds >= model.merge && best.odds >= model.merge && !article.isRoundup)
    .map((other) => other.likeness.candidate.number);
  const joined = { story: candidate.number, merge };
  if (copy !== null) {
    const { member, containment } = copy;
    const origin = namedOrigin ?? member.origin;
    const reason = `${percent(containment)} of the shorter text is in ${member.articleId}`;
    return { ...joined, verdict: 'copy', of: member.articleId, similarity: rounded(containment), origin, reason };
  }
  return {
    ...joined,
    verdict: 'same-story',
    of: nearest.member.articleId,
    similarity: rounded(nearest.whole),
    origin: namedOrigin ?? article.articleId,
    reason: `log-odds ${best.odds.toFixed(2)} of the same event, ${model.join} asked for`,
  };
}

function newStory(
  model: JoinModel,
  article: StoryMember,
  namedOrigin: string | null,
  best: { readonly likeness: Likeness; readonly odds: number } | undefined,
): JoinDecision {
  const reason =
    best === undefined
      ? 'no story of late shares its rare words'
      : `the nearest, ${best.likeness.nearest.member.articleId}, has log-odds ${best.odds.toFixed(2)}, ${model.join} asked for`;
  const origin = namedOrigin ?? article.articleId;
  return { verdict: 'new', story: null, of: null, similarity: null, origin, merge: [], reason };
}

const rounded = (share: number): number => Math.round(share * 1000) / 1000;
const percent = (share: number): string => `${Math.round(share * 100)}%`;
