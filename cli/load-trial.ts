import type { Source } from '../src/articles/article.ts';
import { ConfigError } from '../src/config/config-problem.ts';
import { type Config, loadConfig } from '../src/config/load-config.ts';
import { readShippedWeights } from '../src/topics/topic-weights.ts';
import { compileKnowledge } from '../src/triage/compile-knowledge.ts';
import type { Knowledge } from '../src/triage/judge-article.ts';
import { type PossibleTags, possibleTags } from '../src/triage/possible-tags.ts';
import type { WatchConfig } from '../src/watches/query.ts';
import { WatchError } from '../src/watches/watch-error.ts';
import { placeProblem } from '../workers/load-knowledge.ts';
import { sourceOf } from '../workers/running-config.ts';

/** Which watches are tried: all of a config, one of them, or a query that is not in it yet. */
export interface TrialChoice {
  readonly config: string;
  readonly watch?: string | undefined;
  readonly query?: string | undefined;
}

export interface Trial {
  readonly config: Config;
  readonly knowledge: Knowledge;
  /** Of the knowledge's watches. */
  readonly possible: PossibleTags;
  readonly sources: ReadonlyMap<string, Source>;
  /** What is odd about a `query`, with a caret. */
  readonly warnings: readonly string[];
  /** How long loading took. */
  readonly loadMs: number;
}

/** The id of a watch given as `--query`. */
const QUERY_ID = 'query';

/**
 * Loads a config with the chosen watches alone, so that an article is judged only as far as they ask.
 *
 * @throws ConfigError with every problem at its place; WatchError for an unknown `watch` or a mistake in `query`, with a caret
 */
export async function loadTrial(choice: TrialChoice, env: NodeJS.ProcessEnv, now: Date): Promise<Trial> {
  const startedMs = performance.now();
  const config = await loadConfig(choice.config, env);
  const watches = chooseWatches(config, choice);
  const { knowledge, problems } = compileKnowledge({ ...config, watches }, { weights: readShippedWeights(), now });
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0 && choice.query !== undefined)
    throw new WatchError('bad-query', QUERY_ID, errors.map(({ message }) => message).join('\n'));
  const placed = errors.map((one) => {
    const index = config.watches.findIndex(({ id }) => id === watches[one.index]?.id);
    return placeProblem(config.places, { ...one, index });
  });
  if (placed.length > 0) throw new ConfigError(placed);
  const sources = new Map(config.feeds.map((feed) => [feed.id, sourceOf(feed)]));
  const warnings = choice.query === undefined ? [] : problems.map(({ message }) => message);
  const possible = possibleTags(knowledge, knowledge.watches);
  return { config, knowledge, possible, sources, warnings, loadMs: performance.now() - startedMs };
}

/** What is odd about a query goes to stderr; it is tried all the same. */
export function tellWarnings({ warnings }: Pick<Trial, 'warnings'>): void {
  for (const warning of warnings) process.stderr.write(`attache: warning: ${warning}\n`);
}

function chooseWatches(config: Config, { watch, query }: TrialChoice): readonly WatchConfig[] {
  if (query !== undefined) return [{ id: QUERY_ID, title: query, query, notify: [] }];
  if (watch === undefined) return config.watches;
  const found = config.watches.filter(({ id }) => id === watch);
  if (found.length === 0) {
    const known = config.watches.map(({ id }) => id).join(', ') || 'none';
    throw new WatchError('unknown-watch', watch, `watches.yaml has none of this id; known: ${known}`);
  }
  return found;
}
