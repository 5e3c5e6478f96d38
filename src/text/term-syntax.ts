import type { Term, TermForm } from './phrase-matcher.ts';

/**
 * A term as config files write it: `army` with its plural and inflected forms, `"arms"` (in double quotes) exactly so, `=AUKUS` in just
 * these capitals, `militar*` any word that begins so. `lang` limits it to articles of a language.
 */
export function parseTerm(written: string, lang?: string): Term {
  const { text, form } = split(written.trim());
  return lang === undefined ? { text, form } : { text, form, lang };
}

function split(written: string): { text: string; form: TermForm } {
  if (written.startsWith('=')) return { text: written.slice(1), form: 'case' };
  if (written.endsWith('*')) return { text: written.slice(0, -1), form: 'prefix' };
  if (written.length > 2 && written.startsWith('"') && written.endsWith('"'))
    return { text: written.slice(1, -1), form: 'exact' };
  return { text: written, form: 'inflected' };
}
