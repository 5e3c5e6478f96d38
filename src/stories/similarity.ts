import { ENTITY, IN_TITLE, NAME, NUMBER } from './count-terms.ts';
import type { WeighedTerm } from './term-weights.ts';

/** How alike two articles are; all but `numbers` are cosines, 0 to 1. */
export interface Similarity {
  /** All terms. */
  readonly whole: number;
  /** Terms that stand in both titles, against the titles alone. */
  readonly title: number;
  /** Terms written as names in both. */
  readonly names: number;
  /** How many numbers they share. */
  readonly numbers: number;
}

/** Terms by key with their norms: what comparing one article with many needs. */
export interface TermVector {
  readonly terms: ReadonlyMap<number, WeighedTerm>;
  readonly lang: string;
  readonly norm: number;
  readonly titleNorm: number;
  readonly nameNorm: number;
  /** Of what means the same in every language: names, numbers, entities. */
  readonly sharedNorm: number;
}

const ANY_LANGUAGE = NAME | NUMBER | ENTITY;
/** Two articles in different languages have only names in common: at least so many of them, and they are believed so far. */
const LEAST_SHARED_NAMES = 3;
const CROSS_LANGUAGE_TRUST = 0.7;

export function vectorOf(terms: readonly WeighedTerm[], lang: string): TermVector {
  const normOf = (flags: number): number => {
    let squares = 0;
    for (const term of terms) if (flags === 0 || term.flags & flags) squares += term.weight * term.weight;
    return Math.sqrt(squares) || 1;
  };
  return {
    terms: new Map(terms.map((term) => [term.key, term])),
    lang,
    norm: normOf(0),
    titleNorm: normOf(IN_TITLE),
    nameNorm: normOf(NAME),
    sharedNorm: normOf(ANY_LANGUAGE),
  };
}

/** Compares two articles' terms. Across languages names, numbers and entities stand for the whole. */
export function compareTerms(one: TermVector, other: TermVector): Similarity {
  let whole = 0;
  let title = 0;
  let names = 0;
  let numbers = 0;
  let shared = 0;
  let sharedCount = 0;
  const [small, large] = one.terms.size <= other.terms.size ? [one, other] : [other, one];
  for (const term of small.terms.values()) {
    const twin = large.terms.get(term.key);
    if (twin === undefined) continue;
    const product = term.weight * twin.weight;
    const flags = term.flags & twin.flags;
    whole += product;
    if (flags & IN_TITLE) title += product;
    if (flags & NAME) names += product;
    if (flags & NUMBER) numbers++;
    if (flags & ANY_LANGUAGE) {
      shared += product;
      sharedCount++;
    }
  }
  const cosine = whole / (one.norm * other.norm);
  const acrossLanguages =
    one.lang !== other.lang && sharedCount >= LEAST_SHARED_NAMES
      ? (CROSS_LANGUAGE_TRUST * shared) / (one.sharedNorm * other.sharedNorm)
      : 0;
  return {
    whole: Math.max(cosine, acrossLanguages),
    title: title / (one.titleNorm * other.titleNorm),
    names: names / (one.nameNorm * other.nameNorm),
    numbers,
  };
}
