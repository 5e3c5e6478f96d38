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

/**
 * What comparing one article with many needs of its terms. Everything that is read of each of the many lies side by side in `numbers`, for fetching it from memory costs
 * more than comparing it: sums (`SUM`), then the keys in ascending order, then, in the keys' order, `weight + 256 * flags`.
 */
export interface TermVector {
  readonly lang: string;
  readonly numbers: Uint32Array;
  /** How many terms there are. */
  readonly count: number;
  /** Where a key stands, plus one: an open-addressed table, at most a quarter full, entered at the key's lowest bits. */
  readonly slots: Uint8Array;
}

/** Sums over the terms: of the squares of weights, then of weights. `shared` terms mean the same in every language, `anchors` are names in the title. */
const SUM = {
  squares: 0,
  titleSquares: 1,
  nameSquares: 2,
  entitySquares: 3,
  eventSquares: 4,
  sharedSquares: 5,
  weight: 6,
  sharedWeight: 7,
  anchorWeight: 8,
} as const;
const FIRST_KEY = 9;

const ANY_LANGUAGE = NAME | NUMBER | ENTITY | EVENT;

/** What comparing needs of an article's terms. */
export function vectorOf(terms: readonly WeighedTerm[], lang: string): TermVector {
  const count = terms.length;
  const order = orderOf(terms);
  const numbers = new Uint32Array(FIRST_KEY + 2 * count);
  for (let at = 0; at < count; at++) {
    const term = terms[order[at]! % ORDER_STEP]!;
    numbers[FIRST_KEY + at] = term.key;
    numbers[FIRST_KEY + count + at] = term.weight | (term.flags << 8);
    addUp(numbers, term);
  }
  return { lang, numbers, count, slots: slotsOf(numbers, count) };
}

function addUp(sums: Uint32Array, { weight, flags }: WeighedTerm): void {
  const square = weight * weight;
  sums[SUM.squares]! += square;
  sums[SUM.weight]! += weight;
  if (flags & IN_TITLE) sums[SUM.titleSquares]! += square;
  if (flags & NAME) sums[SUM.nameSquares]! += square;
  if (flags & ENTITY) sums[SUM.entitySquares]! += square;
  if (flags & EVENT) sums[SUM.eventSquares]! += square;
  if (isAnchor(flags)) sums[SUM.anchorWeight]! += weight;
  if (flags & ANY_LANGUAGE) {
    sums[SUM.sharedSquares]! += square;
    sums[SUM.sharedWeight]! += weight;
  }
}

/** More than an article's terms (a member's bytes count them in one). */
const ORDER_STEP = 256;

/** The terms' places by ascending key, each below its key in one number: numbers are sorted without a call for each pair. */
function orderOf(terms: readonly WeighedTerm[]): Float64Array {
  const order = new Float64Array(terms.length);
  for (let at = 0; at < order.length; at++) order[at] = terms[at]!.key * ORDER_STEP + at;
  return order.sort();
}

function slotsOf(numbers: Uint32Array, count: number): Uint8Array {
  let size = 64;
  while (size < count * 4) size *= 2;
  const slots = new Uint8Array(size);
  for (let at = 0; at < count; at++) {
    let slot = numbers[FIRST_KEY + at]! & (size - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (size - 1);
    slots[slot] = at + 1;
  }
  return slots;
}

/** Where a key stands in the numbers, or -1. */
function placeOf(key: number, { numbers, slots }: TermVector): number {
  const mask = slots.length - 1;
  for (let slot = key & mask; ; slot = (slot + 1) & mask) {
    const at = slots[slot]! - 1;
    if (at < 0) return -1;
    if (numbers[FIRST_KEY + at] === key) return FIRST_KEY + at;
  }
}

const isAnchor = (flags: number): boolean => (flags & (IN_TITLE | NAME)) === (IN_TITLE | NAME);

/** Compares two articles' terms. Most of the other's are not among the one's: each costs a look into a table, not a step through both. */
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
  let anchorsOfOne = 0;
  let anchorsOfOther = 0;
  const [own, its] = [one.numbers, other.numbers];
  const end = FIRST_KEY + other.count;
  for (let there = FIRST_KEY; there < end; there++) {
    const here = placeOf(its[there]!, one);
    if (here < 0) continue;
    const [mine, twin] = [own[here + one.count]!, its[there + other.count]!];
    if (isAnchor(mine >> 8)) anchorsOfOne += mine & 0xff;
    if (isAnchor(twin >> 8)) anchorsOfOther += twin & 0xff;
    const flags = (mine & twin) >> 8;
    const product = (mine & 0xff) * (twin & 0xff);
    const evidence = Math.sqrt(product) / WEIGHT_STEPS;
    sum.whole += product;
    sum.evidence += evidence;
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
  const weight = isAcross ? SUM.sharedWeight : SUM.weight;
  return {
    whole: isAcross
      ? sum.shared / normOf(own, its, SUM.sharedSquares)
      : sum.whole / normOf(own, its, SUM.squares),
    title: sum.title / normOf(own, its, SUM.titleSquares),
    names: sum.names / normOf(own, its, SUM.nameSquares),
    entities: sum.entities / normOf(own, its, SUM.entitySquares),
    events: sum.events / normOf(own, its, SUM.eventSquares),
    apart: sum.entities === 0 && own[SUM.entitySquares]! > 0 && its[SUM.entitySquares]! > 0 ? 1 : 0,
    anchors:
      (shareOf(anchorsOfOne, own[SUM.anchorWeight]!) + shareOf(anchorsOfOther, its[SUM.anchorWeight]!)) / 2,
    numbers: sum.numbers,
    evidence,
    shorter: Math.max(1, Math.min(own[weight]!, its[weight]!) / WEIGHT_STEPS),
  };
}

/** The product of two norms; one that never divides by nothing. */
const normOf = (own: Uint32Array, its: Uint32Array, squares: number): number =>
  (Math.sqrt(own[squares]!) || 1) * (Math.sqrt(its[squares]!) || 1);

const shareOf = (part: number, all: number): number => (all === 0 ? 0.5 : part / all);
