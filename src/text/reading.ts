import { type Evidence, FIELDS, type Field } from './evidence.ts';
import type { Lexicon } from './lexicon.ts';
import type { Hit, PhraseMatcher } from './phrase-matcher.ts';
import { readWords, type Words } from './words.ts';

/** One field, read once. */
export interface FieldReading {
  readonly field: Field;
  readonly source: string;
  readonly words: Words;
  /** The words' numbers in the reading's lexicon. */
  readonly numbers: Uint32Array;
  readonly hits: readonly Hit[];
}

export interface FieldHit {
  readonly field: Field;
  readonly hit: Hit;
}

/** An article after the one pass over its text: what entities, topics and watches judge. */
export interface Reading {
  /** Primary subtag, or `und`. */
  readonly lang: string;
  readonly lexicon: Lexicon;
  /** Title, summary, text, in this order; empty ones too. */
  readonly fields: readonly FieldReading[];
  /** The places of one term, in reading order; empty where it does not stand. */
  hitsOf(term: number): readonly FieldHit[];
}

const NO_HITS: readonly FieldHit[] = [];

/** Reads an article's plain texts once for all the matcher's terms. `lang` is its primary subtag or `und`. */
export function readArticle(
  fields: { readonly title: string; readonly summary: string; readonly text: string },
  lang: string,
  matcher: PhraseMatcher,
): Reading {
  const lexicon = matcher.lexicon(lang);
  const readings = FIELDS.map((field): FieldReading => {
    const words = readWords(fields[field]);
    const numbers = lexicon.numbersOf(words);
    return { field, source: fields[field], words, numbers, hits: matcher.findNumbered(words, numbers, lexicon) };
  });
  const byTerm = new Map<number, FieldHit[]>();
  for (const { field, hits } of readings) {
    for (const hit of hits) {
      const known = byTerm.get(hit.term);
      if (known === undefined) byTerm.set(hit.term, [{ field, hit }]);
      else known.push({ field, hit });
    }
  }
  return { lang, lexicon, fields: readings, hitsOf: (term) => byTerm.get(term) ?? NO_HITS };
}

/** A hit as its reader sees it. `term` is the term as its author wrote it. */
export function evidenceOf(reading: Reading, field: Field, hit: Hit, term: string): Evidence {
  const source = reading.fields.find((reading) => reading.field === field)?.source ?? '';
  return { field, start: hit.start, end: hit.end, text: source.slice(hit.start, hit.end), term };
}
