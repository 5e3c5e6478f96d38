import { functionWordLanguage } from '../articles/function-words.ts';
import { fold } from '../text/words.ts';

/** The commonest words that several languages share or that are too short to tell one by, which is why the language detector leaves them out. */
const SHARED: Readonly<Record<string, string>> = {
  en: 'a an in is it as at for was',
  de: 'die der den in im zu',
  fr: 'de la le les en un',
  es: 'de la el en que y a por con se',
  pl: 'i na z do nie to o',
  ru: 'и в на с по не из',
  uk: 'і в у на з до не за',
  zh: '的 在 是 了',
  ar: 'في من على',
};
const LANGUAGE_OF = new Map<string, string>();
// Of a word that several share the first is named.
for (const [language, words] of Object.entries(SHARED)) {
  for (const word of words.split(' ').map(fold)) if (!LANGUAGE_OF.has(word)) LANGUAGE_OF.set(word, language);
}
const NAMES = new Intl.DisplayNames(['en'], { type: 'language' });

/** The language, in English, in whose texts this word stands nearly always, whatever they are about; null for a word that says something. */
export function commonIn(word: string): string | null {
  const language = LANGUAGE_OF.get(fold(word)) ?? functionWordLanguage(word);
  return language === null ? null : (NAMES.of(language) ?? language);
}
