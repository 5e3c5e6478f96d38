import { ENTITY, EVENT, IN_TITLE, NAME, NUMBER } from './count-terms.ts';
import { ANY_LANGUAGE, FIRST_KEY, isAnchor, placeOf, SUM, type TermVector } from './term-vector.ts';
import { WEIGHT_STEPS } from './term-weights.ts';

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

/** What ties two reports in two languages to one event; crimes and accidents everywhere have the rest in common. */
const TIES = NAME | NUMBER | ENTITY;

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

/** Compares two articles' terms; `isAcross` where they are in two languages. Most of the other's are not among the one's: each costs a look into a table, not a step through both. */
export function compareTerms(one: TermVector, other: TermVector, isAcross: boolean): Similarity {
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
  const [own, its, slots] = [one.numbers, other.numbers, one.slots];
  const end = FIRST_KEY + other.count;
  for (let there = FIRST_KEY; there < end; there++) {
    const here = placeOf(its[there]!, own, slots);
    if (here < 0) continue;
    const [mine, twin] = [own[here + one.count]!, its[there + other.count]!];
    if (isAnchor(mine >> 8)) anchorsOfOne += mine & 0xff;
    if (isAnchor(twin >> 8)) anchorsOfOther += twin & 0xff;
    const flags = (mine & twin) >> 8;
    const product = (mine & 0xff) * (twin & 0xff);
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
  if (isAcross && !isTied) return NOTHING_IN_COMMON;
  const evidence = isAcross ? sum.evidenceShared : sum.evidence;
  const weight = isAcross ? SUM.sharedWeight : SUM.weight;
  return {
    whole: isAcross ? sum.shared / normOf(own, its, SUM.sharedSquares) : sum.whole / normOf(own, its, SUM.squares),
    title: isAcross
      ? sum.sharedTitle / normOf(own, its, SUM.sharedTitleSquares)
      : sum.title / normOf(own, its, SUM.titleSquares),
    names: sum.names / normOf(own, its, SUM.nameSquares),
    entities: sum.entities / normOf(own, its, SUM.entitySquares),
    events: sum.events / normOf(own, its, SUM.eventSquares),
    apart: sum.entities === 0 && own[SUM.entitySquares]! > 0 && its[SUM.entitySquares]! > 0 ? 1 : 0,
    anchors: (shareOf(anchorsOfOne, own[SUM.anchorWeight]!) + shareOf(anchorsOfOther, its[SUM.anchorWeight]!)) / 2,
    numbers: sum.numbers,
    evidence,
    shorter: Math.max(1, Math.min(own[weight]!, its[weight]!) / WEIGHT_STEPS),
  };
}

/** The product of two norms; one that never divides by nothing. */
const normOf = (own: Uint32Array, its: Uint32Array, squares: number): number =>
  (Math.sqrt(own[squares]!) || 1) * (Math.sqrt(its[squares]!) || 1);

const shareOf = (part: number, all: number): number => (all === 0 ? 0.5 : part / all);
