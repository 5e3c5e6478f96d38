import { ENTITY, EVENT, IN_TITLE, NAME, NUMBER } from './count-terms.ts';
import { WEIGHT_STEPS, type WeighedTerm } from './term-weights.ts';

/** How alike two articles are; all but `anchors` and `numbers` are cosines, 0 to 1. */
export interface Similarity {
  /** All terms; of articles in two languages, what means the same in both: names, numbers, entities and events. */
  readonly whole: number;
  /** Terms that stand in both titles, against the titles alone. */
  readonly title: number;
  /** Terms written as names in both. */
  readonly names: number;
  /** Countries, organisations, people. */
  readonly entities: number;
  /** What happened. */
  readonly events: number;
  /** 1 where both name countries, organisations or people, and none in common; else 0. */
  readonly apart: number;
  /** The share of the names in one's title that the other has anywhere, as the mean of both ways; a half where a title names nobody. */
  readonly anchors: number;
  /** How many numbers they share. */
  readonly numbers: number;
  /** The weight of what they share, however much else they say, in nats. */
  readonly evidence: number;
  /** What the one that says less weighs, in nats. */
  readonly shorter: number;
}

/** Terms by key with their norms: what comparing one article with many needs. */
export interface TermVector {
  readonly terms: ReadonlyMap<number, WeighedTerm>;
  readonly lang: string;
  readonly norm: number;
  readonly titleNorm: number;
  readonly nameNorm: number;
  readonly entityNorm: number;
  readonly namesEntities: boolean;
  readonly eventNorm: number;
  /** Of what means the same in every language. */
  readonly sharedNorm: number;
  /** The sum of the weights of names in the title. */
  readonly anchorWeight: number;
  /** The sums of all weights, in nats, and of those of what means the same in every language. */
  readonly weight: number;
  readonly sharedWeight: number;
}

const ANY_LANGUAGE = NAME | NUMBER | ENTITY | EVENT;

export function vectorOf(terms: readonly WeighedTerm[], lang: string): TermVector {
  const normOf = (wanted: (flags: number) => boolean): number => {
    let squares = 0;
    for (const term of terms) if (wanted(term.flags)) squares += term.weight * term.weight;
    return Math.sqrt(squares) || 1;
  };
  return {
    terms: new Map(terms.map((term) => [term.key, term])),
    lang,
    norm: normOf(() => true),
    titleNorm: normOf((flags) => (flags & IN_TITLE) !== 0),
    nameNorm: normOf((flags) => (flags & NAME) !== 0),
    entityNorm: normOf((flags) => (flags & ENTITY) !== 0),
    namesEntities: terms.some((term) => (term.flags & ENTITY) !== 0),
    eventNorm: normOf((flags) => (flags & EVENT) !== 0),
    sharedNorm: normOf((flags) => (flags & ANY_LANGUAGE) !== 0),
    anchorWeight: terms.reduce((sum, term) => (isAnchor(term) ? sum + term.weight : sum), 0),
    weight: terms.reduce((sum, term) => sum + term.weight, 0) / WEIGHT_STEPS,
    sharedWeight: terms.reduce((sum, term) => (term.flags & ANY_LANGUAGE ? sum + term.weight : sum), 0) / WEIGHT_STEPS,
  };
}

const isAnchor = (term: WeighedTerm): boolean => (term.flags & (IN_TITLE | NAME)) === (IN_TITLE | NAME);

/** Compares two articles' terms. */
export function compareTerms(one: TermVector, other: TermVector): Similarity {
  const sum = {
    whole: 0,
    title: 0,
    names: 0,
    entities: 0,
    events: 0,
    shared: 0,
    numbers: 0,
    evidence: 0,
    evidenceShared: 0,
  };
  let anchorsOfSmall = 0;
  let anchorsOfLarge = 0;
  const [small, large] = one.terms.size <= other.terms.size ? [one, other] : [other, one];
  for (const term of small.terms.values()) {
    const twin = large.terms.get(term.key);
    if (twin === undefined) continue;
    const product = term.weight * twin.weight;
    const flags = term.flags & twin.flags;
    const evidence = Math.sqrt(product) / WEIGHT_STEPS;
    sum.whole += product;
    sum.evidence += evidence;
    if (isAnchor(term)) anchorsOfSmall += term.weight;
    if (isAnchor(twin)) anchorsOfLarge += twin.weight;
    if (flags & IN_TITLE) sum.title += product;
    if (flags & NAME) sum.names += product;
    if (flags & ENTITY) sum.entities += product;
    if (flags & EVENT) sum.events += product;
    if (flags & NUMBER) sum.numbers++;
    if (flags & ANY_LANGUAGE) {
      sum.shared += product;
      sum.evidenceShared += evidence;
    }
  }
  const isAcross = one.lang !== other.lang;
  const evidence = isAcross ? sum.evidenceShared : sum.evidence;
  const shorter = Math.max(
    1,
    isAcross ? Math.min(one.sharedWeight, other.sharedWeight) : Math.min(one.weight, other.weight),
  );
  return {
    whole: isAcross ? sum.shared / (one.sharedNorm * other.sharedNorm) : sum.whole / (one.norm * other.norm),
    title: sum.title / (one.titleNorm * other.titleNorm),
    names: sum.names / (one.nameNorm * other.nameNorm),
    entities: sum.entities / (one.entityNorm * other.entityNorm),
    events: sum.events / (one.eventNorm * other.eventNorm),
    apart: sum.entities === 0 && one.namesEntities && other.namesEntities ? 1 : 0,
    anchors: (shareOf(anchorsOfSmall, small.anchorWeight) + shareOf(anchorsOfLarge, large.anchorWeight)) / 2,
    numbers: sum.numbers,
    evidence,
    shorter,
  };
}

const shareOf = (part: number, all: number): number => (all === 0 ? 0.5 : part / all);
