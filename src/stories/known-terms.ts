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

/** Finds a visited word's term (`visitTerms`) in one language. */
export type FindTerm = (written: string, kind: TermKind) => KnownTerm;

/** Per language; news in one language uses some 50,000 common forms. Beyond it the memory starts again. */
const KEPT_WORDS = 60_000;
const NUMERAL = /^\p{N}/u;

interface Memory {
  readonly words: Map<string, KnownTerm>;
  readonly wholes: Map<string, KnownTerm>;
}

/** News repeats its words: each is stemmed, spelt, hashed and looked up once for each background. */
const memories = new WeakMap<BackgroundStatistics, Map<string, Memory>>();

/** The terms of one language as the background knows them. */
export function knownTerms(background: BackgroundStatistics, lang: string): FindTerm {
  const { words, wholes } = memoryOf(background, lang);
  return (written, kind) => {
    const memory = kind === 'whole' ? wholes : words;
    const known = memory.get(written);
    if (known !== undefined) return known;
    const fresh = readTerm(background, written, kind, lang);
    memory.set(written, fresh);
    return fresh;
  };
}

function memoryOf(background: BackgroundStatistics, lang: string): Memory {
  const byLang = memories.get(background) ?? new Map<string, Memory>();
  memories.set(background, byLang);
  const known = byLang.get(lang);
  if (known !== undefined && known.words.size + known.wholes.size <= KEPT_WORDS) return known;
  const fresh = { words: new Map(), wholes: new Map() };
  byLang.set(lang, fresh);
  return fresh;
}

function readTerm(background: BackgroundStatistics, written: string, kind: TermKind, lang: string): KnownTerm {
  const term = kind === 'whole' ? written : termOf(written, lang);
  const whole = kind === 'whole' ? written : stem(written, lang);
  const key = hashText(term);
  return {
    key,
    isNumber: NUMERAL.test(term),
    share: backgroundShare(background, term, key, lang),
    stem: whole,
    events: eventsOfStem(background.events.get(lang), whole),
  };
}
