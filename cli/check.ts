import { Command } from 'commander';
import { ConfigError, formatProblem } from '../src/config/config-problem.ts';
import type { Config } from '../src/config/load-config.ts';
import { loadKnowledge } from '../workers/load-knowledge.ts';
import { visibleText } from './visible-text.ts';

/** `attache check`: validates all config and runs the watches' own tests; every error with file:line:column, exit code 1 on any. */
export function checkCommand(): Command {
  return new Command('check')
    .description("validates all config and runs the watches' own tests")
    .option('--config <dir>', 'the config directory', 'config')
    .action(async (options: { config: string }) => {
      try {
        const { config, warnings } = await loadKnowledge(options.config, process.env, new Date());
        for (const warning of warnings) process.stdout.write(`${visibleText(formatProblem(warning))} (warning)\n`);
        process.stdout.write(`${summary(config)}\n`);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        for (const problem of error.problems) process.stdout.write(`${visibleText(formatProblem(problem))}\n`);
        const count = error.problems.length;
        process.stderr.write(`attache: ${count} ${count === 1 ? 'error' : 'errors'} in the configuration\n`);
        process.exitCode = 1;
      }
    });
}

function summary(config: Config): string {
  const off = config.subscribers.filter((one) => one.url === '').map((one) => one.id);
  const tests = config.watches.reduce((sum, watch) => sum + watch.tests.match.length + watch.tests.ignore.length, 0);
  return [
    `${config.dir}: ${config.feeds.length} feeds, ${config.watches.length} watches (${tests} tests passed), ${config.subscribers.length} subscribers`,
    ...(off.length > 0 ? [`off, since their url is empty: ${off.join(', ')}`] : []),
  ].join('\n');
}
