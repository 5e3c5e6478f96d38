import { type CountedTerm, ENTITY, EVENT, IN_TITLE } from './count-terms.ts';

/** A term with what it weighs in its article, 1 to 255 in steps of `1 / WEIGHT_STEPS` nats. */
export interface WeighedTerm {
  readonly key: number;
  readonly weight: number;
  readonly flags: number;
}

/** How common terms have been of late: stories begun, and how many of their first articles held each of the terms (in the terms' order). */
export interface RecentCounts {
  readonly stories: number;
  readonly holding: ArrayLike<number>;
}

/** So many recent stories weigh as much as the background: after a few hundred about one subject its words tell nothing apart. */
const BACKGROUND_STORIES = 800;
/** Heavier terms than these say what an article is about; the rest adds bytes. */
const KEPT_TERMS = 60;
/** So many of them may be entities and events: light, since many articles hold them, but what two languages have in common. */
const KEPT_SHARED = 20;
/** A weight of one is this part of a nat (the unit of −ln). */
export const WEIGHT_STEPS = 6;

/**
 * TF-IDF (Spärck Jones 1972) with a logarithm on the frequency, one more occurrence for the title, and the share of articles that hold a term as a Dirichlet
 * estimate: the shipped background as prior, the stories of the last days as observations. Stories, not articles: forty reports of one event do not make its words
 * common.
 */
export function weighTerms(terms: readonly CountedTerm[], recent: RecentCounts): WeighedTerm[] {
  const heavy = terms
    .map((term, index) => {
      const held = (recent.holding[index] ?? 0) + BACKGROUND_STORIES * term.share;
      const share = Math.min(1, held / (recent.stories + BACKGROUND_STORIES));
      const occurrences = 1 + Math.log(term.frequency) + (term.flags & IN_TITLE ? 1 : 0);
      return { key: term.key, flags: term.flags, weight: -Math.log(share) * occurrences };
    })
    .sort((one, other) => other.weight - one.weight || one.key - other.key);
  const shared = new Set(heavy.filter((term) => term.flags & (ENTITY | EVENT)).slice(0, KEPT_SHARED));
  let others = KEPT_TERMS - shared.size;
  return heavy
    .filter((term) => shared.has(term) || others-- > 0)
    .map((term) => ({ ...term, weight: Math.min(255, Math.round(term.weight * WEIGHT_STEPS)) }))
    .filter((term) => term.weight > 0);
}
