import { ConfigError, type ConfigProblem } from '../src/config/config-problem.ts';
import { type Config, loadConfig } from '../src/config/load-config.ts';
import type { Environment } from '../src/config/yaml-file.ts';
import { readShippedWeights } from '../src/topics/topic-weights.ts';
import { compileKnowledge } from '../src/triage/compile-knowledge.ts';
import type { Knowledge } from '../src/triage/judge-article.ts';

export interface LoadedConfig {
  readonly config: Config;
  readonly knowledge: Knowledge;
  /** Odd but usable: told once. */
  readonly warnings: readonly ConfigProblem[];
}

/** Loads a config directory and compiles all that judges articles; all or nothing. Throws a ConfigError with every problem at its place. */
export async function loadKnowledge(dir: string, env: Environment, now: Date): Promise<LoadedConfig> {
  const config = await loadConfig(dir, env);
  const { knowledge, problems } = compileKnowledge(config, { weights: readShippedWeights(), now });
  const placed = (severity: 'error' | 'warning'): ConfigProblem[] =>
    problems
      .filter((one) => one.severity === severity)
      .map((one) => config.places.watch(one.index, one.path, one.message, one.offset));
  const errors = placed('error');
  if (errors.length > 0) throw new ConfigError(errors);
  return { config, knowledge, warnings: placed('warning') };
}
