import type { Words } from '../text/words.ts';
import { chainHash, hashText } from './hash-text.ts';

/**
 * A bottom-k sketch of a text's shingles (runs of four words): the smallest hashes, ascending. It tells the share of a text that is found in another
 * (Broder, "On the resemblance and containment of documents", 1997), also where one is a third of the other, which signatures of resemblance
 * (MinHash, SimHash) cannot.
 */
export type Sketch = Uint32Array;

const SHINGLE_WORDS = 4;
const SKETCH_SIZE = 48;
/** Longer texts are told by their beginning; copies are cut at the end. */
const MAX_WORDS = 1_500;
/** Under this many shingles a text is too short to be called anyone's copy by its body alone. */
const SHORT_BODY = 12;

/** The sketch of the words of an article's body; of title and body where the body is a line at most. Empty where there is next to nothing. */
export function sketchText(title: Words, body: Words): Sketch {
  const shingles = shinglesOf(body.folded);
  const all = shingles.length >= SHORT_BODY ? shingles : shinglesOf([...title.folded, ...body.folded]);
  all.sort();
  let size = 0;
  for (let index = 0; index < all.length && size < SKETCH_SIZE; index++)
    if (size === 0 || all[index] !== all[size - 1]) all[size++] = all[index]!;
  return all.slice(0, size);
}

function shinglesOf(folded: readonly string[]): Uint32Array {
  const words = Math.min(folded.length, MAX_WORDS);
  const hashes = new Uint32Array(words);
  for (let index = 0; index < words; index++) hashes[index] = hashText(folded[index]!);
  const shingles = new Uint32Array(Math.max(0, words - SHINGLE_WORDS + 1));
  for (let index = 0; index < shingles.length; index++) {
    let shingle = 0;
    for (let offset = 0; offset < SHINGLE_WORDS; offset++) shingle = chainHash(shingle, hashes[index + offset]!);
    shingles[index] = shingle;
  }
  return shingles;
}

export interface Overlap {
  /** Estimated share of the smaller text that is in the other, 0 to 1. */
  readonly containment: number;
  /** Shared hashes the estimate stands on. */
  readonly shared: number;
}

/** How much of the smaller of two texts is in the other. Only hashes up to the lesser of both maxima were kept of both texts: these are compared. */
export function overlapOf(one: Sketch, other: Sketch): Overlap {
  const limit = Math.min(limitOf(one), limitOf(other));
  let shared = 0;
  let ofOne = 0;
  let ofOther = 0;
  while (ofOne < one.length || ofOther < other.length) {
    const left = one[ofOne] ?? Number.POSITIVE_INFINITY;
    const right = other[ofOther] ?? Number.POSITIVE_INFINITY;
    if (Math.min(left, right) > limit) break;
    if (left === right) shared++;
    if (left <= right) ofOne++;
    if (right <= left) ofOther++;
  }
  const least = Math.min(ofOne, ofOther);
  return { containment: least === 0 ? 0 : shared / least, shared };
}

/** The hash up to which a sketch is complete: a text with fewer shingles than it could hold is whole. */
const limitOf = (sketch: Sketch): number => (sketch.length < SKETCH_SIZE ? 0xffffffff : sketch[sketch.length - 1]!);
