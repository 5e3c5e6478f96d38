import { ENTITY, EVENT, IN_TITLE, NAME, NUMBER } from './count-terms.ts';
import type { WeighedTerm } from './term-weights.ts';

/** Terms that mean the same in every language. */
export const ANY_LANGUAGE = NAME | NUMBER | ENTITY | EVENT;
/** A name in the title. */
export const isAnchor = (flags: number): boolean => (flags & (IN_TITLE | NAME)) === (IN_TITLE | NAME);

/** Places of the sums over the terms: of the squares of weights, then of weights. `shared` terms mean the same in every language; events count in these sums and
 * their own alone, but a place in the title is an anchor as well. */
export const SUM = {
  squares: 0,
  titleSquares: 1,
  nameSquares: 2,
  entitySquares: 3,
  eventSquares: 4,
  sharedSquares: 5,
  weight: 6,
  sharedWeight: 7,
  anchorWeight: 8,
  sharedTitleSquares: 9,
} as const;
export const FIRST_KEY = 10;

/** A term as one number: the key above, flags and weight below, so that terms are sorted by their keys without a call for each pair. */
export const packTerm = (key: number, weight: number, flags: number): number =>
  key * TERM_STEP + ((flags << 8) | weight);
const TERM_STEP = 0x1_0000;

/**
 * An article's terms as they are compared. Each article is compared with many, and fetching these from memory costs more than comparing them: so all that is read of them
 * lies side by side in `numbers`. First the sums (`SUM`), from `FIRST_KEY` on the keys in ascending order, then, in the keys' order, `weight + 256 * flags`.
 */
export class TermVector {
  readonly numbers: Uint32Array;
  /** How many terms there are. */
  readonly count: number;
  #slots: Uint8Array | null = null;

  /** `packed` are the terms as `packTerm` writes them, in any order; they are sorted in place. */
  constructor(packed: Float64Array) {
    packed.sort();
    this.count = packed.length;
    this.numbers = new Uint32Array(FIRST_KEY + 2 * this.count);
    for (let at = 0; at < this.count; at++) {
      const key = Math.floor(packed[at]! / TERM_STEP);
      const rest = packed[at]! - key * TERM_STEP;
      this.numbers[FIRST_KEY + at] = key;
      this.numbers[FIRST_KEY + this.count + at] = rest;
      addUp(this.numbers, rest & 0xff, rest >> 8);
    }
  }

  /** Where a key stands (`placeOf`). Made when it is first asked: most vectors are only compared with. */
  get slots(): Uint8Array {
    this.#slots ??= slotsOf(this);
    return this.#slots;
  }

  /** The terms by ascending key, spelt out. */
  all(): WeighedTerm[] {
    return Array.from(this.numbers.subarray(FIRST_KEY, FIRST_KEY + this.count), (key, at) => {
      const rest = this.numbers[FIRST_KEY + this.count + at]!;
      return { key, weight: rest & 0xff, flags: rest >> 8 };
    });
  }
}

/** Terms as they are compared. */
export function vectorOf(terms: readonly WeighedTerm[]): TermVector {
  const packed = new Float64Array(terms.length);
  for (const [at, { key, weight, flags }] of terms.entries()) packed[at] = packTerm(key, weight, flags);
  return new TermVector(packed);
}

function addUp(sums: Uint32Array, weight: number, flags: number): void {
  const square = weight * weight;
  if (flags & EVENT) sums[SUM.eventSquares]! += square;
  else {
    sums[SUM.squares]! += square;
    sums[SUM.weight]! += weight;
    if (flags & IN_TITLE) sums[SUM.titleSquares]! += square;
    if (flags & NAME) sums[SUM.nameSquares]! += square;
  }
  if (flags & ENTITY) sums[SUM.entitySquares]! += square;
  if (isAnchor(flags)) sums[SUM.anchorWeight]! += weight;
  if (flags & ANY_LANGUAGE) {
    sums[SUM.sharedSquares]! += square;
    sums[SUM.sharedWeight]! += weight;
    if (flags & IN_TITLE) sums[SUM.sharedTitleSquares]! += square;
  }
}

/** For each key its place among the keys, plus one: an open-addressed table, at most a quarter full, entered at the key's lowest bits. */
function slotsOf({ numbers, count }: TermVector): Uint8Array {
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

/** The place of a key in a vector's `numbers`, or -1; the term's weight and flags are `count` places behind. */
export function placeOf(key: number, numbers: Uint32Array, slots: Uint8Array): number {
  const mask = slots.length - 1;
  for (let slot = key & mask; ; slot = (slot + 1) & mask) {
    const place = slots[slot]! + FIRST_KEY - 1;
    if (place < FIRST_KEY) return -1;
    if (numbers[place] === key) return place;
  }
}
