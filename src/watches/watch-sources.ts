import { parseQuery } from './parse-query.ts';
import type { Clause } from './query.ts';
import { QuerySyntaxError } from './query-error.ts';

/**
 * The feeds' ids and tags that a query asks for by `source:`, also through a group; not those that it excludes. Empty for a query that takes news from anywhere, and for one
 * that cannot be read.
 */
export function namedSources(query: string, terms: Readonly<Record<string, readonly string[]>>): ReadonlySet<string> {
  // Most queries name none: they need not be parsed again.
  if (!query.includes('source:')) return new Set();
  try {
    return new Set(sourcesOf(parseQuery(query).root, terms));
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    return new Set();
  }
}

function sourcesOf(clause: Clause, terms: Readonly<Record<string, readonly string[]>>): string[] {
  switch (clause.type) {
    case 'tag':
      return clause.field === 'source' ? [clause.value] : [];
    case 'group':
      return clause.of === 'source' ? (terms[clause.name] ?? []).map((member) => member.trim()) : [];
    case 'and':
      return clause.clauses.flatMap((inner) => sourcesOf(inner, terms));
    case 'or':
    case 'at-least': {
      const named = clause.clauses.map((inner) => sourcesOf(inner, terms));
      const needed = clause.type === 'at-least' ? clause.count : 1;
      // Branches that name none are enough by themselves: news from anywhere will do.
      return named.filter((names) => names.length === 0).length >= needed ? [] : named.flat();
    }
    default:
      return [];
  }
}

/** The ids of the feeds that such names stand for: a feed's own id, or one of its tags. */
export function feedsNamed(
  names: ReadonlySet<string>,
  feeds: readonly { readonly id: string; readonly tags: readonly string[] }[],
): string[] {
  return feeds.filter(({ id, tags }) => names.has(id) || tags.some((tag) => names.has(tag))).map(({ id }) => id);
}
