import { ConfigError, type ConfigProblem } from '../src/config/config-problem.ts';
import { type Config, type ConfigReading, readConfig } from '../src/config/load-config.ts';
import type { Environment } from '../src/config/yaml-file.ts';
import { readShippedWeights } from '../src/topics/topic-weights.ts';
import { compileKnowledge, type WatchProblem } from '../src/triage/compile-knowledge.ts';
import type { Knowledge } from '../src/triage/judge-article.ts';
import { parseQuery } from '../src/watches/parse-query.ts';
import { caret, QuerySyntaxError } from '../src/watches/query-error.ts';

export interface LoadedConfig {
  readonly config: Config;
  readonly knowledge: Knowledge;
  /** Odd but usable: told once. */
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Loads a config directory and compiles all that judges articles; all or nothing. Throws a ConfigError with every problem at its place: what the files' forms say, what
 * is wrong between them, the queries and the watches' own tests, as far as the one can be told beside the other.
 */
export async function loadKnowledge(dir: string, env: Environment, now: Date): Promise<LoadedConfig> {
  const reading = await readConfig(dir, env);
  const { config } = reading;
  // Without all names most queries would be told to name what there is not, and most tests would fail: their syntax alone can be judged.
  const { knowledge, problems } = reading.knowsAllNames
    ? compileKnowledge({ ...config, feeds: reading.feedNames }, { weights: readShippedWeights(), now })
    : { knowledge: null, problems: syntaxProblems(config.watches) };
  const placed = (severity: 'error' | 'warning'): ConfigProblem[] =>
    problems.filter((one) => one.severity === severity).map((one) => placeProblem(config.places, one));
  const errors = [...reading.problems, ...placed('error')];
  if (knowledge === null || errors.length > 0) throw new ConfigError(errors);
  return { config, knowledge, warnings: placed('warning') };
}

/** A watch's problem at its place in the files: that of the group where it is a group's. */
export function placeProblem(places: Config['places'], problem: WatchProblem): ConfigProblem {
  const { index, path, message, offset, group } = problem;
  return group === undefined
    ? places.watch(index, path, message, offset)
    : places.group(group.name, group.member, message);
}

function syntaxProblems(watches: ConfigReading['config']['watches']): WatchProblem[] {
  return watches.flatMap(({ query }, index) => {
    try {
      parseQuery(query);
      return [];
    } catch (error) {
      if (!(error instanceof QuerySyntaxError)) throw error;
      const message = `${error.message}\n${caret(query, error)}`;
      return [{ severity: 'error' as const, index, path: ['query'], offset: error.offset, message }];
    }
  });
}
