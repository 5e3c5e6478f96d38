import { type Lexicon, WordNotes } from '../text/lexicon.ts';
import { stem } from '../text/stem.ts';
import { type BackgroundStatistics, backgroundShare } from './background.ts';
import { eventsOfStem, type StemEvents } from './find-events.ts';
import { hashText } from './hash-text.ts';
import { type TermKind, termOf } from './read-terms.ts';

/** What a word is counted as, in whatever article of its language it stands. */
export interface KnownTerm {
  /** 32-bit hash of the stem. */
  readonly key: number;
  readonly isNumber: boolean;
  /** The share of background articles that hold it, 0 to 1. */
  readonly share: number;
  /** The stem whole, as its own language writes it. */
  readonly stem: string;
  /** What it says happened, by itself or at the end of several words. */
  readonly events: StemEvents;
}

/** Finds a visited word's term (`visitTerms`) in one language. `number` is the word's in the lexicon; -1 where it has none. */
export type FindTerm = (written: string, kind: TermKind, number: number) => KnownTerm;

/** Per language; news in one language uses some 50,000 common forms. Beyond it the memory starts again. */
const KEPT_WORDS = 60_000;
/** A feed may declare a language of its own for each item; beyond so many the memory starts again. */
const MOST_LANGUAGES = 100;
const NUMERAL = /^\p{N}/u;

/** What a background knows of the words met so far. */
interface Memory {
  readonly numbered: WordNotes<KnownTerm>;
  /** By language, then by the word, or by what is counted as it stands. */
  readonly words: Map<string, Map<string, KnownTerm>>;
  readonly wholes: Map<string, Map<string, KnownTerm>>;
}

/** News repeats its words: each is stemmed, spelt, hashed and looked up once for each background. */
const memories = new WeakMap<BackgroundStatistics, Memory>();

/** The terms of one language as the background knows them; faster where the words are numbered in a lexicon. */
export function knownTerms(background: BackgroundStatistics, lang: string, lexicon: Lexicon | null): FindTerm {
  const memory = memories.get(background) ?? { numbered: new WordNotes(), words: new Map(), wholes: new Map() };
  memories.set(background, memory);
  const [words, wholes] = [knownIn(memory.words, lang), knownIn(memory.wholes, lang)];
  const numbered = lexicon === null ? [] : memory.numbered.on(lexicon);
  const read = (known: Map<string, KnownTerm>, written: string, isWhole: boolean): KnownTerm => {
    const before = known.get(written);
    if (before !== undefined) return before;
    const fresh = readTerm(background, written, isWhole, lang);
    known.set(written, fresh);
    return fresh;
  };
  return (written, kind, number) => {
    if (kind === 'whole') return read(wholes, written, true);
    if (number < 0) return read(words, written, false);
    numbered[number] ??= readTerm(background, written, false, lang);
    return numbered[number];
  };
}

function knownIn(byLang: Map<string, Map<string, KnownTerm>>, lang: string): Map<string, KnownTerm> {
  const known = byLang.get(lang);
  if (known !== undefined && known.size <= KEPT_WORDS) return known;
  if (byLang.size >= MOST_LANGUAGES) byLang.clear();
  const fresh = new Map<string, KnownTerm>();
  byLang.set(lang, fresh);
  return fresh;
}

function readTerm(background: BackgroundStatistics, written: string, isWhole: boolean, lang: string): KnownTerm {
  const term = isWhole ? written : termOf(written, lang);
  const whole = isWhole ? written : stem(written, lang);
  const key = hashText(term);
  return {
    key,
    isNumber: NUMERAL.test(term),
    share: backgroundShare(background, term, key, lang),
    stem: whole,
    events: eventsOfStem(background.events.get(lang), whole),
  };
}
