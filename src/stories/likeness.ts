import type { JoinModel, LanguageCase, Weights } from './join-model.ts';
import { compareTerms, type Similarity } from './similarity.ts';
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

/** An outlet that writes nearly the same words again a day later has a column, not an event: exchange rates, fixtures, the weather. */
const SERIES = { afterMs: 18 * 3_600_000, whole: 0.5, penalty: 9 } as const;
/** Titles that name others altogether tell of others: a visit like that one, by another minister to another country. */
const STRANGERS_ANCHORS = 0.05;
/** A copy: this share of the shorter text is in the other, on so many shingles, and their words agree (a shared boilerplate is no copy). */
const COPY = { containment: 0.5, shared: 6, whole: 0.3 } as const;
/** The stories from the fifth to the ninth show how crowded the subject is: what they have in common proves nothing. Nearer ones may be parts of the same great story. */
const RIVALS = { from: 4, to: 9, least: 0.05 } as const;
const MAX_NUMBERS = 3;
/** The logarithm of what a short report weighs, in nats: the middle from which lengths are measured. */
const USUAL_LENGTH = 4;
const DAY_MS = 86_400_000;

interface Nearest {
  readonly member: StoryMember;
  readonly whole: number;
}

/** What a story's articles of one language case and the article have in common. */
export interface LanguageLikeness {
  /** Means over the articles. */
  readonly mean: Similarity;
  readonly nearest: Nearest;
}

/** What one story and the article have in common. */
export interface Likeness {
  readonly candidate: Candidate;
  /** By language case; null where the story has no article of it. */
  readonly cases: Readonly<Record<LanguageCase, LanguageLikeness | null>>;
  readonly nearest: Nearest;
  /** The greater of the cases' means. */
  readonly whole: number;
  readonly copy: { readonly member: StoryMember; readonly containment: number } | null;
}

/** Compares an article with each story, likest first. Pure; the order of `candidates` does not matter. */
export function likenesses(article: StoryMember, candidates: readonly Candidate[]): Likeness[] {
  return candidates
    .filter((candidate) => candidate.members.length > 0)
    .map((candidate) => likenessTo(article, candidate))
    .sort((one, other) => other.whole - one.whole || one.candidate.number - other.candidate.number);
}

/** Compares an article with a story. */
export function likenessTo(own: StoryMember, candidate: Candidate): Likeness {
  const found: Record<LanguageCase, Found[]> = { same: [], across: [] };
  let copy: Likeness['copy'] = null;
  for (const member of candidate.members) {
    const language = own.lang === member.lang ? 'same' : 'across';
    const similarity = compareTerms(own.terms, member.terms, language === 'across');
    found[language].push({ member, similarity });
    if (similarity.whole < COPY.whole || isSeries(own, member, similarity.whole)) continue;
    const { containment, shared } = overlapOf(own.sketch, member.sketch);
    const isCopy = containment >= COPY.containment && shared >= COPY.shared;
    if (isCopy && (copy === null || containment > copy.containment)) copy = { member, containment };
  }
  const cases = { same: likenessIn(found.same), across: likenessIn(found.across) };
  const [least, most] = cases.same === null ? [cases.across!, cases.across!] : [cases.same, cases.across ?? cases.same];
  const nearest = most.nearest.whole > least.nearest.whole ? most.nearest : least.nearest;
  return { candidate, cases, nearest, whole: Math.max(least.mean.whole, most.mean.whole), copy };
}

interface Found {
  readonly member: StoryMember;
  readonly similarity: Similarity;
}

function likenessIn(found: readonly Found[]): LanguageLikeness | null {
  let nearest = found[0];
  if (nearest === undefined) return null;
  for (const one of found) if (one.similarity.whole > nearest.similarity.whole) nearest = one;
  const mean = found.length === 1 ? nearest.similarity : meanOf(found);
  return { mean, nearest: { member: nearest.member, whole: nearest.similarity.whole } };
}

function meanOf(found: readonly Found[]): Similarity {
  const sum = {
    whole: 0,
    title: 0,
    names: 0,
    entities: 0,
    events: 0,
    apart: 0,
    anchors: 0,
    numbers: 0,
    evidence: 0,
    shorter: 0,
  };
  for (const { similarity } of found) {
    sum.whole += similarity.whole;
    sum.title += similarity.title;
    sum.names += similarity.names;
    sum.entities += similarity.entities;
    sum.events += similarity.events;
    sum.apart += similarity.apart;
    sum.anchors += similarity.anchors;
    sum.numbers += similarity.numbers;
    sum.evidence += similarity.evidence;
    sum.shorter += similarity.shorter;
  }
  const count = found.length;
  return {
    whole: sum.whole / count,
    title: sum.title / count,
    names: sum.names / count,
    entities: sum.entities / count,
    events: sum.events / count,
    apart: sum.apart / count,
    anchors: sum.anchors / count,
    numbers: sum.numbers / count,
    evidence: sum.evidence / count,
    shorter: sum.shorter / count,
  };
}

function isSeries(article: StoryMember, member: StoryMember, whole: number): boolean {
  const isOwn = article.sourceId !== '' && article.sourceId === member.sourceId;
  return isOwn && Math.abs(article.at - member.at) >= SERIES.afterMs && whole >= SERIES.whole;
}

/** The likeness of other stories, without the best of them: the one that may be this event too, and so must not speak against it. */
export function rivalsOf(all: readonly Likeness[], index: number): number {
  let sum = 0;
  for (let place = RIVALS.from; place < RIVALS.to; place++) sum += all[place < index ? place : place + 1]?.whole ?? 0;
  return Math.max(RIVALS.least, sum / (RIVALS.to - RIVALS.from));
}

/** The inputs of the regression for one language case. */
export function featuresOf(
  article: StoryMember,
  candidate: Candidate,
  { mean, nearest }: LanguageLikeness,
  rivals: number,
): Weights {
  const rootWhole = Math.sqrt(mean.whole);
  const rootNames = Math.sqrt(mean.names);
  const rootEvidence = Math.sqrt(mean.evidence);
  const length = Math.log(mean.shorter) - USUAL_LENGTH;
  const size = Math.log(candidate.members.length);
  return {
    bias: 1,
    whole: mean.whole,
    rootWhole,
    title: mean.title,
    names: mean.names,
    rootNames,
    entities: mean.entities,
    events: mean.events,
    apart: mean.apart,
    anchors: mean.anchors,
    strangers: mean.anchors < STRANGERS_ANCHORS ? 1 : 0,
    offSubject: candidate.members.every((member) => member.isOnSubject !== article.isOnSubject) ? 1 : 0,
    nearest: nearest.whole,
    rivals,
    numbers: Math.min(mean.numbers, MAX_NUMBERS),
    rootEvidence,
    length,
    size,
    sizedWhole: size * mean.whole,
    days: Math.abs(article.at - nearest.member.at) / DAY_MS,
  };
}

/** The sum of the features by their weights. Spelt out, since to look each up by its name costs as much as all that leads to them; a test holds it to `FEATURES`. */
export function weigh(weights: Weights, features: Weights): number {
  return (
    weights.bias * features.bias +
    weights.whole * features.whole +
    weights.rootWhole * features.rootWhole +
    weights.title * features.title +
    weights.names * features.names +
    weights.rootNames * features.rootNames +
    weights.entities * features.entities +
    weights.events * features.events +
    weights.apart * features.apart +
    weights.anchors * features.anchors +
    weights.strangers * features.strangers +
    weights.offSubject * features.offSubject +
    weights.nearest * features.nearest +
    weights.rivals * features.rivals +
    weights.numbers * features.numbers +
    weights.rootEvidence * features.rootEvidence +
    weights.length * features.length +
    weights.size * features.size +
    weights.sizedWhole * features.sizedWhole +
    weights.days * features.days
  );
}

/** The log-odds that the article reports the story's event: those of the language case that speaks most for it. */
export function logOdds(model: JoinModel, article: StoryMember, likeness: Likeness, rivals: number): number {
  const { candidate, cases, nearest } = likeness;
  let most = Number.NEGATIVE_INFINITY;
  for (const language of ['same', 'across'] as const) {
    const found = cases[language];
    if (found === null) continue;
    most = Math.max(most, weigh(model.weights[language], featuresOf(article, candidate, found, rivals)));
  }
  const series = isSeries(article, nearest.member, nearest.whole) ? SERIES.penalty : 0;
  const isRoundup = article.isRoundup || candidate.members.every((member) => member.isRoundup);
  return most - series - (isRoundup ? model.roundupPenalty : 0);
}
