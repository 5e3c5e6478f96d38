import type { Judged } from './article-facts.ts';
import type { WatchSet } from './compile-watches.ts';
import { type ClauseVerdict, carrying, explainWatch, lacking } from './explain-watch.ts';
import { matchWatches } from './match-watches.ts';
import type { WatchConfig } from './query.ts';

/** A headline of a watch's own tests that came out otherwise. */
export interface WatchTestFailure {
  readonly watch: string;
  /** The list it stands in: it should have matched, or should not have. */
  readonly kind: 'match' | 'ignore';
  /** Its place in that list, from 0. */
  readonly index: number;
  readonly headline: string;
  /** The clauses that decided it. */
  readonly clauses: readonly ClauseVerdict[];
  readonly message: string;
}

/**
 * Runs the watches' own tests.
 *
 * @param judge tags a headline as the title of an article without text, read with the set's matcher
 * @returns the failures, in the order of the config; each names the clauses that decided
 */
export function testWatches(
  set: WatchSet,
  watches: readonly WatchConfig[],
  judge: (headline: string) => Judged,
): WatchTestFailure[] {
  return watches.flatMap((watch) => {
    const of = (kind: 'match' | 'ignore') =>
      (watch.tests?.[kind] ?? []).flatMap((headline, index) => {
        const judged = judge(headline);
        const matched = matchWatches(set, judged).some((match) => match.watch === watch.id);
        return matched === (kind === 'match')
          ? []
          : [failure(watch.id, kind, index, headline, explainWatch(set, watch.id, judged))];
      });
    return [...of('match'), ...of('ignore')];
  });
}

function failure(
  watch: string,
  kind: 'match' | 'ignore',
  index: number,
  headline: string,
  verdict: ClauseVerdict,
): WatchTestFailure {
  const clauses = kind === 'match' ? lacking(verdict) : carrying(verdict);
  const shown = clauses.slice(0, 5).map(kind === 'match' ? describeLack : describeHold);
  const said =
    kind === 'match'
      ? `should match and does not, for lack of ${shown.join('; and of ')}`
      : `should be ignored and matches, through ${shown.join('; and ')}`;
  return {
    watch,
    kind,
    index,
    headline,
    clauses,
    message: `watch ${watch}: tests.${kind}[${index}] "${headline}" ${said}`,
  };
}

/** A clause that does not hold, with what stands in its place. */
export function describeLack({ op, text, note }: ClauseVerdict): string {
  if (op === 'not') return `${text} (what it excludes is there)`;
  return note === null ? text : `${text} (${note})`;
}

function describeHold({ text, evidence }: ClauseVerdict): string {
  return evidence.length === 0 ? text : `${text} (${evidence.map((span) => `"${span.text}"`).join(', ')})`;
}
