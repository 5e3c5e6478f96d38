import { eld } from 'eld/small';
import { languageByFunctionWords } from './function-words.ts';

/** What the texts are read for; a short text in doubt is more likely one of them. In order of preference. */
const EXPECTED = ['en', 'ru', 'uk', 'pl', 'de', 'fr', 'es', 'zh', 'ar'];
/** Below this many letters the detector guesses: `Niger coup` is Yoruba to it. */
const SHORT_LETTERS = 40;
const FEW_LETTERS = 16;
/** How far below the best score (0 to 1) an expected language may be in a short text, and the declared one in any. */
const SHORT_MARGIN = 0.2;
const DECLARED_MARGIN = 0.06;
/** More letters change nothing but the cost. */
const READ_CHARACTERS = 300;

/**
 * The language of a plain text: BCP 47 primary subtag, or `und` where it cannot be told (no letters, or a language the detector does not
 * know). `declared` is what the feed says of itself (`en-GB`): it decides for short texts and near ties, and is overruled by a text that is
 * plainly in another language, for many feeds declare what their software came with.
 */
export function detectLanguage(text: string, declared?: string): string {
  const stated = primarySubtag(declared);
  const sample = text.slice(0, READ_CHARACTERS);
  const evident = languageByFunctionWords(sample);
  if (evident !== null) return evident;
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return stated ?? 'und';
  const result = eld.detect(sample);
  const scores = Object.entries(result.getScores());
  const best = scores[0];
  if (best === undefined) return stated ?? 'und';
  const short = letters < SHORT_LETTERS && !isSelfEvident(sample);
  const near = (lang: string, margin: number) =>
    scores.some(([other, score]) => other === lang && best[1] - score <= margin);
  // Two or three words prove nothing against what the feed declares.
  if (stated !== null && letters < FEW_LETTERS && !isSelfEvident(sample)) return stated;
  if (stated !== null && (near(stated, short ? SHORT_MARGIN : DECLARED_MARGIN) || (short && !result.isReliable())))
    return stated;
  if (short) {
    const expected = EXPECTED.find((lang) => near(lang, SHORT_MARGIN));
    if (expected !== undefined) return expected;
    if (!result.isReliable()) return stated ?? 'und';
  }
  return result.language === '' ? (stated ?? 'und') : result.language;
}

/** Scripts that few languages share need few letters. */
function isSelfEvident(text: string): boolean {
  return /[\p{Script=Han}\p{Script=Arabic}\p{Script=Cyrillic}\p{Script=Hangul}]/u.test(text);
}

/** `zh-Hant` → `zh`; null where it is missing, malformed or says nothing (`und`, `mul`). */
function primarySubtag(declared: string | undefined): string | null {
  const subtag = /^[a-z]{2,3}(?=$|[-_])/iu.exec(declared?.trim() ?? '')?.[0]?.toLowerCase();
  return subtag === undefined || subtag === 'und' || subtag === 'mul' ? null : subtag;
}
