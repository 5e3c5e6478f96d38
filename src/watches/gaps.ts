import { createTermCounter, type TypicalTerm, typicalTerms } from './typical-terms.ts';

/** An article as the search for gaps sees it. */
export interface GapArticle {
  readonly story: string;
  readonly matched: boolean;
  readonly title: string;
  readonly source: string;
  readonly lang: string;
  /** Title, summary and the beginning of the text. */
  readonly text: string;
  /** Clauses of the query that lacked, as written; of articles that did not match. */
  readonly lacked: readonly string[];
  /** Folded words by which the query's clauses hold: no news to its author. */
  readonly known: readonly string[];
}

/** What a watch missed of the stories it found. */
export interface GapReport {
  /** All that were read. */
  readonly articles: number;
  /** Stories of which at least one article matched and one did not. */
  readonly stories: number;
  readonly matched: number;
  readonly missed: number;
  readonly lacked: readonly { readonly clause: string; readonly articles: number }[];
  readonly terms: readonly TypicalTerm[];
  readonly samples: readonly { readonly title: string; readonly source: string; readonly lacked: readonly string[] }[];
}

const MOST_TERMS = 20;
const MOST_SAMPLES = 10;
const MOST_CLAUSES = 10;

/**
 * What the author of a watch forgot: in stories of which it found an article, the articles it did not find, the clauses they lacked and
 * the terms most typical of them.
 */
export function reportGaps(articles: readonly GapArticle[]): GapReport {
  const found = new Set(articles.filter(({ matched }) => matched).map(({ story }) => story));
  const missed = articles.filter(({ matched, story }) => !matched && found.has(story));
  const known = new Set(articles.filter(({ story }) => found.has(story)).flatMap((article) => article.known));
  return {
    articles: articles.length,
    stories: new Set(missed.map(({ story }) => story)).size,
    matched: articles.filter(({ matched }) => matched).length,
    missed: missed.length,
    lacked: countClauses(missed),
    terms: forgottenTerms(
      missed,
      articles.filter(({ story }) => !found.has(story)),
      known,
    ),
    samples: missed.slice(0, MOST_SAMPLES).map(({ title, source, lacked }) => ({ title, source, lacked })),
  };
}

/** Each language against itself: a Polish "nie" is not typical of anything because most articles are English. */
function forgottenTerms(
  missed: readonly GapArticle[],
  others: readonly GapArticle[],
  known: ReadonlySet<string>,
): TypicalTerm[] {
  const isKnown = (term: string): boolean => term.split(' ').every((word) => known.has(word));
  const terms = [...new Set(missed.map(({ lang }) => lang))].flatMap((lang) => {
    const counts = { missed: createTermCounter(), others: createTermCounter() };
    for (const article of missed) if (article.lang === lang) counts.missed.add(article.text, article.story);
    for (const article of others) if (article.lang === lang) counts.others.add(article.text);
    return typicalTerms(counts.missed, counts.others, isKnown, MOST_TERMS);
  });
  return terms.sort((a, b) => b.score - a.score || (a.term < b.term ? -1 : 1)).slice(0, MOST_TERMS);
}

function countClauses(missed: readonly GapArticle[]): { clause: string; articles: number }[] {
  const counts = new Map<string, number>();
  for (const { lacked } of missed)
    for (const clause of new Set(lacked)) counts.set(clause, (counts.get(clause) ?? 0) + 1);
  return [...counts]
    .map(([clause, articles]) => ({ clause, articles }))
    .sort((a, b) => b.articles - a.articles || (a.clause < b.clause ? -1 : 1))
    .slice(0, MOST_CLAUSES);
}
