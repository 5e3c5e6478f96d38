import { readWords } from '../text/words.ts';

/** A word or pair of neighbours that some articles have more often than others. */
export interface TypicalTerm {
  /** Folded. */
  readonly term: string;
  /** As it first stood in those articles: accents are no matter for the search, but for the reader. */
  readonly written: string;
  /** Of those articles, how many have it. */
  readonly articles: number;
  /** Stories of those. */
  readonly stories: number;
  /** Of 1,000 other articles, how many have it. */
  readonly elsewherePerMille: number;
  /** Dunning's log-likelihood ratio. */
  readonly score: number;
}

/** Log-likelihood under which a difference is chance: 10.83 is the 0.1% point of chi-square with one degree of freedom. */
const SIGNIFICANT = 10.83;
const SHORTEST_WORD = 3;
/** A pair is shown in place of its words where it is nearly as frequent. */
const PAIR_SHARE = 0.7;

/** Counts in how many articles each word and pair of neighbours stands. */
export interface TermCounter {
  /** `story` is counted apart where given: one much reported event is not five reasons. */
  add(text: string, story?: string): void;
  readonly articles: number;
  articlesOf(term: string): number;
  storiesOf(term: string): number;
  writtenAs(term: string): string;
  terms(): Iterable<string>;
}

export function createTermCounter(): TermCounter {
  const counts = new Map<string, number>();
  const stories = new Map<string, Set<string>>();
  const spellings = new Map<string, string>();
  let articles = 0;
  return {
    get articles() {
      return articles;
    },
    add(text, story) {
      articles++;
      for (const [term, written] of termsOf(text)) {
        counts.set(term, (counts.get(term) ?? 0) + 1);
        if (story === undefined) continue;
        if (!spellings.has(term)) spellings.set(term, written);
        const known = stories.get(term);
        if (known) known.add(story);
        else stories.set(term, new Set([story]));
      }
    },
    articlesOf: (term) => counts.get(term) ?? 0,
    writtenAs: (term) => spellings.get(term) ?? term,
    storiesOf: (term) => stories.get(term)?.size ?? 0,
    terms: () => counts.keys(),
  };
}

/** Words of three letters and more (a single one where characters are words), and pairs of neighbours, each once; with how they are written. */
function termsOf(text: string): Map<string, string> {
  const words = readWords(text);
  const { folded } = words;
  const terms = new Map<string, string>();
  const add = (term: string, first: number, last: number): void => {
    if (!terms.has(term)) terms.set(term, text.slice(words.starts[first], words.ends[last]).replace(/\s+/g, ' '));
  };
  for (const [at, word] of folded.entries()) {
    const next = folded[at + 1];
    const ideograph = isIdeograph(word);
    if (!ideograph && word.length >= SHORTEST_WORD && !/^\d+$/.test(word)) add(word, at, at);
    if (next === undefined) continue;
    if (ideograph && isIdeograph(next)) add(word + next, at, at + 1);
    else if (word.length >= SHORTEST_WORD && next.length >= SHORTEST_WORD) add(`${word} ${next}`, at, at + 1);
  }
  return terms;
}

function isIdeograph(word: string): boolean {
  return /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(word);
}

/**
 * The terms most typical of some articles against others. Ranked by the log-likelihood ratio (Dunning 1993, "Accurate Methods for the
 * Statistics of Surprise and Coincidence"), times the number of stories, so that one event's names come after what several have in common.
 *
 * @param missed the articles in question, each added with its story
 * @param others articles of other stories
 * @param known terms that are no news
 * @param most terms returned
 */
export function typicalTerms(
  missed: TermCounter,
  others: TermCounter,
  known: (term: string) => boolean,
  most: number,
): TypicalTerm[] {
  const found: TypicalTerm[] = [];
  for (const term of missed.terms()) {
    const articles = missed.articlesOf(term);
    if (articles < 2 && missed.articles > 3) continue;
    const elsewhere = others.articlesOf(term);
    const score = logLikelihood(articles, missed.articles, elsewhere, others.articles);
    const share = elsewhere / Math.max(1, others.articles);
    if (score < SIGNIFICANT || articles / missed.articles <= share || known(term)) continue;
    found.push({
      term,
      written: missed.writtenAs(term),
      articles,
      stories: missed.storiesOf(term),
      elsewherePerMille: share * 1000,
      score: score * missed.storiesOf(term),
    });
  }
  found.sort((a, b) => b.score - a.score || (a.term < b.term ? -1 : 1));
  return withoutHalves(found.slice(0, most * 4)).slice(0, most);
}

/** Of "coast" and "coast guard", the pair where the word seldom stands without it, else the word. */
function withoutHalves(terms: readonly TypicalTerm[]): TypicalTerm[] {
  const pairs = terms.filter(({ term }) => term.includes(' '));
  const words = new Map(terms.map((one) => [one.term, one]));
  const covered = new Set<string>();
  for (const pair of pairs) {
    const halves = pair.term.split(' ').flatMap((half) => words.get(half) ?? []);
    const bound = halves.filter((word) => pair.articles >= word.articles * PAIR_SHARE);
    for (const { term } of bound.length > 0 ? bound : halves.length > 0 ? [pair] : []) covered.add(term);
  }
  return terms.filter(({ term }) => !covered.has(term));
}

function logLikelihood(a: number, ofA: number, b: number, ofB: number): number {
  const rate = (a + b) / (ofA + ofB);
  const term = (count: number, expected: number): number => (count === 0 ? 0 : count * Math.log(count / expected));
  const hits = term(a, ofA * rate) + term(b, ofB * rate);
  const misses = term(ofA - a, ofA * (1 - rate)) + term(ofB - b, ofB * (1 - rate));
  return 2 * (hits + misses);
}
