/** News in one language uses some 50,000 common forms. */
const FULL = 60_000;

/** The words met of late in one language, with a number for each. A full lexicon is followed by an empty one: numbers hold within one alone. */
export class Lexicon {
  /** Primary subtag, or `und`. */
  readonly lang: string;
  readonly #numbers = new Map<string, number>();

  constructor(lang: string) {
    this.lang = lang;
  }

  get isFull(): boolean {
    return this.#numbers.size >= FULL;
  }

  /** The numbers of a text's words. */
  numbersOf({ folded, count }: { readonly folded: readonly string[]; readonly count: number }): Uint32Array {
    const numbers = new Uint32Array(count);
    for (let at = 0; at < count; at++) numbers[at] = this.#numbers.get(folded[at]!) ?? this.#add(folded[at]!);
    return numbers;
  }

  #add(word: string): number {
    const number = this.#numbers.size;
    this.#numbers.set(word, number);
    return number;
  }
}

/** What its owner knows of words, by their numbers: of each it is found out once, and found again without a look at its letters. It goes when its lexicon goes. */
export class WordNotes<Note> {
  readonly #byLexicon = new WeakMap<Lexicon, (Note | undefined)[]>();

  /** The notes on a lexicon's words, to be read and added to. */
  on(lexicon: Lexicon): (Note | undefined)[] {
    const known = this.#byLexicon.get(lexicon);
    if (known !== undefined) return known;
    const notes = new Array<Note | undefined>(FULL);
    this.#byLexicon.set(lexicon, notes);
    return notes;
  }
}
