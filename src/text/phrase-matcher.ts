import { EdgeTable } from './edge-table.ts';
import { Lexicon, WordNotes } from './lexicon.ts';
import { stem } from './stem.ts';
import { TermVocabulary } from './term-vocabulary.ts';
import { isDotted, readWords, type Words, writtenWord } from './words.ts';

/**
 * How a term's words are compared with the text's:
 * - inflected: plural and inflected forms too, by the stemmer of the article's language;
 * - exact: as written up to case and accents;
 * - case: as written, capitals too (=AUKUS);
 * - prefix: exact, the last word being the beginning of one (militar*).
 */
export type TermForm = 'inflected' | 'exact' | 'case' | 'prefix';

export interface Term {
  readonly text: string;
  readonly form: TermForm;
  /** BCP 47 primary subtag: look for it only in articles of this language. */
  readonly lang?: string;
}

/** One place where a term stands. */
export interface Hit {
  /** The number `MatcherBuilder.add` gave. */
  readonly term: number;
  /** Word indexes, both inclusive. */
  readonly first: number;
  readonly last: number;
  /** UTF-16 offsets, end exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface PhraseMatcher {
  readonly terms: readonly Term[];
  /** All hits, overlapping ones too, by first word, then last, then term. `lang` is the article's primary subtag or `und`. */
  find(words: Words, lang: string): Hit[];
  /** The lexicon of a language, good for one article: a full one is replaced between two. */
  lexicon(lang: string): Lexicon;
  /** As `find`, of words with their numbers in a lexicon. */
  findNumbered(words: Words, numbers: Uint32Array, lexicon: Lexicon): Hit[];
}

/** What a text word may stand for in one language. */
interface Candidates {
  /** Word ids whatever the capitals. */
  readonly ids: readonly number[];
  /** Word ids of case-sensitive terms, by spelling. */
  readonly written: ReadonlyMap<string, number> | null;
  /** Of `ids` alone: terms that are this word, and nodes of terms that begin with it. Most words of a text end here, without a look at the trie. */
  readonly whole: readonly number[];
  readonly begun: readonly number[];
}

const NOTHING: Candidates = { ids: [], written: null, whole: [], begun: [] };
/** A feed may declare a language of its own for each item, and what is kept of one takes a megabyte: the one not met for longest is forgotten. */
const MOST_LANGUAGES = 32;
const ROOT = 0;

/** Collects terms, then builds one matcher for all of them: cost hardly grows with their number. */
export class MatcherBuilder {
  readonly #terms: Term[] = [];
  readonly #numbers = new Map<string, number>();

  /** The term's number; the same term always has the same one. A term without a word (punctuation only) never matches. */
  add(term: Term): number {
    const key = `${term.form}\n${term.lang ?? ''}\n${term.text}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#terms.push(term) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  build(): PhraseMatcher {
    return new TrieMatcher(this.#terms);
  }
}

class TrieMatcher implements PhraseMatcher {
  readonly terms: readonly Term[];
  readonly #vocabulary = new TermVocabulary();
  readonly #edges: EdgeTable;
  /** Terms that end at a node. */
  readonly #ending: (number[] | undefined)[] = [undefined];
  readonly #stems = new Map<string, Map<string, number[]>>();
  /** By language, the last one met last. */
  readonly #lexicons = new Map<string, Lexicon>();
  readonly #candidates = new WordNotes<Candidates>();

  constructor(terms: readonly Term[]) {
    this.terms = [...terms];
    const edges = new Map<number, Map<number, number>>();
    for (const [number, term] of this.terms.entries()) {
      for (const path of spellings(term)) this.#insert(edges, number, term, path);
    }
    this.#edges = new EdgeTable(edges, (node) => this.#ending[node] !== undefined);
  }

  find(words: Words, lang: string): Hit[] {
    const lexicon = this.lexicon(lang);
    return this.findNumbered(words, lexicon.numbersOf(words), lexicon);
  }

  lexicon(lang: string): Lexicon {
    const known = this.#lexicons.get(lang);
    const lexicon = known === undefined || known.isFull ? new Lexicon(lang) : known;
    this.#lexicons.delete(lang);
    this.#lexicons.set(lang, lexicon);
    const [oldest] = this.#lexicons.keys();
    if (this.#lexicons.size > MOST_LANGUAGES && oldest !== undefined) {
      this.#lexicons.delete(oldest);
      this.#stems.delete(oldest);
    }
    return lexicon;
  }

  findNumbered(words: Words, numbers: Uint32Array, lexicon: Lexicon): Hit[] {
    const { lang } = lexicon;
    const hits: Hit[] = [];
    const known = this.#candidates.on(lexicon);
    const candidates: Candidates[] = new Array(words.count);
    for (let at = 0; at < words.count; at++) {
      const number = numbers[at]!;
      known[number] ??= this.#lookUp(words.folded[at]!, lang);
      candidates[at] = known[number];
    }
    const pass: Pass = { words, lang, candidates, hits };
    for (let first = 0; first < words.count; first++) {
      const { whole, begun, written } = candidates[first] ?? NOTHING;
      for (const term of whole) addHit(pass, term, first, first);
      if (first + 1 < words.count) for (const node of begun) this.#follow(pass, node, first, first + 1);
      if (written !== null) this.#followWritten(pass, written, ROOT, first, first);
    }
    return hits.length > 1 ? inOrder(hits) : hits;
  }

  /** Depth first over all term words that the text's word at `at` may be. */
  #follow(pass: Pass, node: number, first: number, at: number): void {
    const candidates = pass.candidates[at] ?? NOTHING;
    if (candidates === NOTHING) return;
    for (const id of candidates.ids) this.#step(pass, this.#edges.find(node, id), first, at);
    if (candidates.written !== null) this.#followWritten(pass, candidates.written, node, first, at);
  }

  #followWritten(pass: Pass, written: ReadonlyMap<string, number>, node: number, first: number, at: number): void {
    const id = written.get(writtenWord(pass.words, at));
    if (id !== undefined) this.#step(pass, this.#edges.find(node, id), first, at);
  }

  #step(pass: Pass, edge: number, first: number, at: number): void {
    if (edge < 0) return;
    const node = this.#edges.child(edge);
    if (this.#edges.ends(edge)) {
      for (const term of this.#ending[node] ?? []) if (this.#speaks(term, pass.lang)) addHit(pass, term, first, at);
    }
    if (at + 1 < pass.words.count && this.#edges.goesOn(edge)) this.#follow(pass, node, first, at + 1);
  }

  #speaks(term: number, lang: string): boolean {
    const wanted = this.terms[term]?.lang;
    return wanted === undefined || wanted === lang;
  }

  #insert(edges: Map<number, Map<number, number>>, number: number, term: Term, path: Words): void {
    let node = ROOT;
    for (let at = 0; at < path.count; at++) {
      const id = this.#vocabulary.id(
        formOf(term, path, at),
        path.folded[at] ?? '',
        writtenWord(path, at),
        term.lang ?? '',
      );
      const children = edges.get(node) ?? new Map<number, number>();
      edges.set(node, children);
      const child = children.get(id) ?? this.#ending.push(undefined) - 1;
      children.set(id, child);
      node = child;
    }
    if (node === ROOT) return;
    const ending = this.#ending[node] ?? [];
    if (!ending.includes(number)) ending.push(number);
    this.#ending[node] = ending;
  }

  #lookUp(word: string, lang: string): Candidates {
    const ids = [...(this.#stemsOf(lang).get(stem(word, lang)) ?? [])];
    const add = (id: number | undefined): void => {
      if (id !== undefined && !ids.includes(id)) ids.push(id);
    };
    // A term's own spelling always matches, whatever the stemmer thinks of it.
    const own = this.#vocabulary.inflected.get(word);
    if (own !== undefined && (own.langs.has('') || own.langs.has(lang))) add(own.id);
    add(this.#vocabulary.exact.get(word));
    for (const length of this.#vocabulary.prefixLengths)
      if (length <= word.length) add(this.#vocabulary.prefix.get(word.slice(0, length)));
    const written = this.#vocabulary.written.get(word) ?? null;
    if (ids.length === 0 && written === null) return NOTHING;
    const edges = ids.map((id) => this.#edges.find(ROOT, id)).filter((edge) => edge >= 0);
    const children = edges.map((edge) => this.#edges.child(edge));
    return {
      ids,
      written,
      whole: children.flatMap((node) => this.#ending[node] ?? []).filter((term) => this.#speaks(term, lang)),
      begun: edges.filter((edge) => this.#edges.goesOn(edge)).map((edge) => this.#edges.child(edge)),
    };
  }

  /** Stem → ids of the term words with that stem in this language. Built when the first article of the language comes. */
  #stemsOf(lang: string): Map<string, number[]> {
    const known = this.#stems.get(lang);
    if (known !== undefined) return known;
    const stems = new Map<string, number[]>();
    for (const [word, { id, langs }] of this.#vocabulary.inflected) {
      if (!langs.has('') && !langs.has(lang)) continue;
      const key = stem(word, lang);
      const ids = stems.get(key);
      if (ids === undefined) stems.set(key, [id]);
      else ids.push(id);
    }
    this.#stems.set(lang, stems);
    return stems;
  }
}

/** One text on its way through the matcher. */
interface Pass {
  readonly words: Words;
  readonly lang: string;
  readonly candidates: readonly Candidates[];
  readonly hits: Hit[];
}

function addHit({ words, hits }: Pass, term: number, first: number, last: number): void {
  hits.push({ term, first, last, start: words.starts[first] ?? 0, end: words.ends[last] ?? 0 });
}

/** A hyphenated term is also looked for in one word: cease-fire finds cease fire, cease-fire and ceasefire; F-16 finds F16. */
function spellings(term: Term): Words[] {
  const asWritten = readWords(term.text);
  const joined = term.text.replace(/(?<=[\p{L}\p{N}])[-‐‑](?=[\p{L}\p{N}])/gu, '');
  return joined === term.text ? [asWritten] : [asWritten, readWords(joined)];
}

/** U.S. in a term means the acronym: without dots and capitals it would be another word. */
function formOf(term: Term, path: Words, at: number): TermForm {
  if (isDotted(path, at)) return 'case';
  if (term.form === 'prefix') return at === path.count - 1 ? 'prefix' : 'exact';
  return term.form;
}

function inOrder(hits: Hit[]): Hit[] {
  return hits.sort((a, b) => a.first - b.first || a.last - b.last || a.term - b.term);
}
