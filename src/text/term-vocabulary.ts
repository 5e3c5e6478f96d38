import type { TermForm } from './phrase-matcher.ts';

/** Term words as numbers: each spelling has one number for each way to compare it. */
export class TermVocabulary {
  readonly exact = new Map<string, number>();
  readonly prefix = new Map<string, number>();
  /** Folded word → spelling → id. */
  readonly written = new Map<string, Map<string, number>>();
  /** Folded word → its id and the languages of its terms ('' is any). */
  readonly inflected = new Map<string, { id: number; langs: Set<string> }>();
  readonly prefixLengths: number[] = [];
  #next = 0;

  id(form: TermForm, folded: string, written: string, lang: string): number {
    if (form === 'inflected') {
      const entry = this.inflected.get(folded) ?? { id: this.#next++, langs: new Set() };
      entry.langs.add(lang);
      this.inflected.set(folded, entry);
      return entry.id;
    }
    if (form === 'case') {
      const spellings = this.written.get(folded) ?? new Map<string, number>();
      this.written.set(folded, spellings);
      return this.#idIn(spellings, written);
    }
    if (form === 'prefix' && !this.prefixLengths.includes(folded.length)) this.prefixLengths.push(folded.length);
    return this.#idIn(form === 'prefix' ? this.prefix : this.exact, folded);
  }

  #idIn(map: Map<string, number>, key: string): number {
    const id = map.get(key) ?? this.#next++;
    map.set(key, id);
    return id;
  }
}
