import { Command } from 'commander';
import { reportBacktest } from '../src/watches/backtest.ts';
import { type ArchiveDeps, type ArchiveOptions, archiveOptions, nothingKept, withBatches } from './archive-input.ts';
import { loadTrial, type TrialChoice, tellWarnings } from './load-trial.ts';
import { renderBacktest } from './render-backtest.ts';
import { runTrial } from './run-trial.ts';
import { outputWidth } from './text-lines.ts';
import { tellErrors } from './try-batch.ts';

/** `attache backtest`: the watches, one of them, or a query, against the archive or a file. */
export function backtestCommand(deps: ArchiveDeps): Command {
  return archiveOptions(new Command('backtest'), deps)
    .description('tries watches on past articles: matches a day, stories, and what would be lost without each term')
    .option('--watch <id>', 'one watch alone')
    .option('--query <query>', 'a query that is no watch yet')
    .option('--json', 'one JSON line for each watch')
    .action(async (options: ArchiveOptions & TrialChoice & { json?: boolean }) => {
      const choice = { config: options.config, watch: options.watch, query: options.query };
      const trial = await loadTrial(choice, process.env, new Date(deps.nowMs));
      tellWarnings(trial);
      const result = await withBatches(deps, options, (batches) => runTrial(trial, choice, batches, deps.nowMs));
      const reports = reportBacktest(trial.knowledge.watches.watches, result.matches, result.range);
      if (options.json === true) for (const report of reports) deps.print(JSON.stringify(report));
      else if (result.articles === 0) deps.print(nothingKept(options));
      else deps.print(renderBacktest(reports, result, outputWidth(process.env, process.stdout.columns)));
      tellErrors(result.errors);
    });
}
