import { ENTITY, EVENT, IN_TITLE, NAME, NUMBER } from './count-terms.ts';
import { WEIGHT_STEPS, type WeighedTerm } from './term-weights.ts';

/** How alike two articles are; all but `anchors` and `numbers` are cosines, 0 to 1. */
export interface Similarity {
  /**
   * Words, numbers and entities; of articles in two languages, what means the same in both: names, numbers, entities and events. In one language an event
   * says again what its word says, so only `events` counts it.
   */
  readonly whole: number;
  /** Of these, terms that stand in both titles, against the titles alone. */
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

/** Terms in the order of their keys, with their norms: what comparing one article with many needs. */
export interface TermVector {
  readonly keys: Uint32Array;
  readonly weights: Uint8Array;
  readonly flags: Uint8Array;
  readonly lang: string;
  readonly norm: number;
  readonly titleNorm: number;
  readonly sharedTitleNorm: number;
  readonly nameNorm: number;
  readonly entityNorm: number;
  readonly namesEntities: boolean;
  readonly eventNorm: number;
  /** Of what means the same in every language. */
  readonly sharedNorm: number;
  /** The sum of the weights of names in the title. */
  readonly anchorWeight: number;
  /** The sums of the weights of what articles of one language have in common, in nats, and of what means the same in every language. */
  readonly weight: number;
  readonly sharedWeight: number;
}

/** What ties two reports in two languages to one event; crimes and accidents everywhere have the rest in common. */
const TIES = NAME | NUMBER | ENTITY;
const ANY_LANGUAGE = NAME | NUMBER | ENTITY | EVENT;

/** What comparing needs of an article's terms, in one pass over them. */
export function vectorOf(terms: readonly WeighedTerm[], lang: string): TermVector {
  const squares = { own: 0, title: 0, name: 0, entity: 0, event: 0, shared: 0, sharedTitle: 0 };
  let [anchorWeight, weight, sharedWeight] = [0, 0, 0];
  let namesEntities = false;
  const sorted = [...terms].sort((one, other) => one.key - other.key);
  for (const term of sorted) {
    const { flags } = term;
    const square = term.weight * term.weight;
    if (flags & EVENT) squares.event += square;
    else {
      squares.own += square;
      weight += term.weight;
      if (flags & IN_TITLE) squares.title += square;
      if (flags & NAME) squares.name += square;
    }
    if (isAnchor(flags)) anchorWeight += term.weight;
    if (flags & ENTITY) {
      squares.entity += square;
      namesEntities = true;
    }
    if (flags & ANY_LANGUAGE) {
      squares.shared += square;
      sharedWeight += term.weight;
      if (flags & IN_TITLE) squares.sharedTitle += square;
    }
  }
  return {
    keys: Uint32Array.from(sorted, ({ key }) => key),
    weights: Uint8Array.from(sorted, ({ weight: one }) => one),
    flags: Uint8Array.from(sorted, ({ flags }) => flags),
    lang,
    norm: normOf(squares.own),
    titleNorm: normOf(squares.title),
    sharedTitleNorm: normOf(squares.sharedTitle),
    nameNorm: normOf(squares.name),
    entityNorm: normOf(squares.entity),
    namesEntities,
    eventNorm: normOf(squares.event),
    sharedNorm: normOf(squares.shared),
    anchorWeight,
    weight: weight / WEIGHT_STEPS,
    sharedWeight: sharedWeight / WEIGHT_STEPS,
  };
}

/** One that never divides by nothing. */
const normOf = (squares: number): number => Math.sqrt(squares) || 1;

const isAnchor = (flags: number): boolean => (flags & (IN_TITLE | NAME)) === (IN_TITLE | NAME);

/** Compares two articles' terms. */
export function compareTerms(one: TermVector, other: TermVector): Similarity {
  const sum = {
    whole: 0,
    title: 0,
    names: 0,
    entities: 0,
    events: 0,
    shared: 0,
    sharedTitle: 0,
    numbers: 0,
    evidence: 0,
    evidenceShared: 0,
  };
  let anchorsOfOne = 0;
  let anchorsOfOther = 0;
  let isTied = false;
  for (let at = 0, there = 0; at < one.keys.length && there < other.keys.length; ) {
    const ahead = one.keys[at]! - other.keys[there]!;
    if (ahead < 0) at++;
    if (ahead > 0) there++;
    if (ahead !== 0) continue;
    const [weight, twin] = [one.weights[at]!, other.weights[there]!];
    if (isAnchor(one.flags[at]!)) anchorsOfOne += weight;
    if (isAnchor(other.flags[there]!)) anchorsOfOther += twin;
    const flags = one.flags[at++]! & other.flags[there++]!;
    const product = weight * twin;
    const evidence = Math.sqrt(product) / WEIGHT_STEPS;
    if (flags & EVENT) sum.events += product;
    else {
      sum.whole += product;
      sum.evidence += evidence;
      if (flags & IN_TITLE) sum.title += product;
      if (flags & NAME) sum.names += product;
    }
    if (flags & TIES) isTied = true;
    if (flags & ENTITY) sum.entities += product;
    if (flags & NUMBER) sum.numbers++;
    if (flags & ANY_LANGUAGE) {
      sum.shared += product;
      sum.evidenceShared += evidence;
      if (flags & IN_TITLE) sum.sharedTitle += product;
    }
  }
  const isAcross = one.lang !== other.lang;
  if (isAcross && !isTied) return NOTHING_IN_COMMON;
  const evidence = isAcross ? sum.evidenceShared : sum.evidence;
  const shorter = Math.max(
    1,
    isAcross ? Math.min(one.sharedWeight, other.sharedWeight) : Math.min(one.weight, other.weight),
  );
  return {
    whole: isAcross ? sum.shared / (one.sharedNorm * other.sharedNorm) : sum.whole / (one.norm * other.norm),
    title: isAcross
      ? sum.sharedTitle / (one.sharedTitleNorm * other.sharedTitleNorm)
      : sum.title / (one.titleNorm * other.titleNorm),
    names: sum.names / (one.nameNorm * other.nameNorm),
    entities: sum.entities / (one.entityNorm * other.entityNorm),
    events: sum.events / (one.eventNorm * other.eventNorm),
    apart: sum.entities === 0 && one.namesEntities && other.namesEntities ? 1 : 0,
    anchors: (shareOf(anchorsOfOne, one.anchorWeight) + shareOf(anchorsOfOther, other.anchorWeight)) / 2,
    numbers: sum.numbers,
    evidence,
    shorter,
  };
}

const NOTHING_IN_COMMON: Similarity = {
  whole: 0,
  title: 0,
  names: 0,
  entities: 0,
  events: 0,
  apart: 0,
  anchors: 0,
  numbers: 0,
  evidence: 0,
  shorter: 1,
};

const shareOf = (part: number, all: number): number => (all === 0 ? 0.5 : part / all);
