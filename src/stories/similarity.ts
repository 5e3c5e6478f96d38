import { ENTITY, IN_TITLE, NAME, NUMBER } from './count-terms.ts';
import type { WeighedTerm } from './term-weights.ts';

/** How alike two articles are; all but `anchors` and `numbers` are cosines, 0 to 1. */
export interface Similarity {
  /** All terms. */
  readonly whole: number;
  /** Terms that stand in both titles, against the titles alone. */
  readonly title: number;
  /** Terms written as names in both. */
  readonly names: number;
  /** The share of the names in one's title that the other has anywhere, as the mean of both ways; a half where a title names nobody. */
  readonly anchors: number;
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
  /** The sum of the weights of names in the title. */
  readonly anchorWeight: number;
  /** Of what means the same in every language: names, numbers, entities. */
  readonly sharedNorm: number;
}

const ANY_LANGUAGE = NAME | NUMBER | ENTITY;
/** Two articles in different languages have only names in common: at least so many of them, and they are believed so far. */
const LEAST_SHARED_NAMES = 3;
const CROSS_LANGUAGE_TRUST = 0.6;
/** Three entities are surer than three words with a capital. */
const CROSS_LANGUAGE_TRUST_IN_ENTITIES = 0.9;

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
    anchorWeight: terms.reduce((sum, term) => (isAnchor(term) ? sum + term.weight : sum), 0),
    sharedNorm: normOf(ANY_LANGUAGE),
  };
}

const isAnchor = (term: WeighedTerm): boolean => (term.flags & (IN_TITLE | NAME)) === (IN_TITLE | NAME);

/** Compares two articles' terms. Across languages names, numbers and entities stand for the whole. */
export function compareTerms(one: TermVector, other: TermVector): Similarity {
  let whole = 0;
  let title = 0;
  let names = 0;
  let numbers = 0;
  let shared = 0;
  let sharedCount = 0;
  let entities = 0;
  let anchorsOfSmall = 0;
  let anchorsOfLarge = 0;
  const [small, large] = one.terms.size <= other.terms.size ? [one, other] : [other, one];
  for (const term of small.terms.values()) {
    const twin = large.terms.get(term.key);
    if (twin === undefined) continue;
    const product = term.weight * twin.weight;
    const flags = term.flags & twin.flags;
    whole += product;
    if (isAnchor(term)) anchorsOfSmall += term.weight;
    if (isAnchor(twin)) anchorsOfLarge += twin.weight;
    if (flags & IN_TITLE) title += product;
    if (flags & NAME) names += product;
    if (flags & NUMBER) numbers++;
    if (flags & ANY_LANGUAGE) {
      shared += product;
      sharedCount++;
      if (flags & ENTITY) entities++;
    }
  }
  const cosine = whole / (one.norm * other.norm);
  const trust = entities >= LEAST_SHARED_NAMES ? CROSS_LANGUAGE_TRUST_IN_ENTITIES : CROSS_LANGUAGE_TRUST;
  const acrossLanguages =
    one.lang !== other.lang && sharedCount >= LEAST_SHARED_NAMES
      ? (trust * shared) / Math.min(one.sharedNorm, other.sharedNorm) ** 2
      : 0;
  const anchors = (shareOf(anchorsOfSmall, small.anchorWeight) + shareOf(anchorsOfLarge, large.anchorWeight)) / 2;
  const same = {
    whole: cosine,
    title: title / (one.titleNorm * other.titleNorm),
    names: names / (one.nameNorm * other.nameNorm),
    anchors,
    numbers,
  };
  return acrossLanguages > cosine ? liftedTo(acrossLanguages, same) : same;
}

/** Titles and spelt names hardly meet across languages: there the entities speak for them. */
const liftedTo = (least: number, { title, names, anchors, numbers }: Similarity): Similarity => ({
  whole: least,
  title: Math.max(title, least),
  names: Math.max(names, least),
  anchors: Math.max(anchors, 0.5),
  numbers,
});

const shareOf = (part: number, all: number): number => (all === 0 ? 0.5 : part / all);
