import { Command } from 'commander';
import { reportBacktest } from '../src/watches/backtest.ts';
import { loadTrial, type Trial, type TrialChoice } from './load-trial.ts';
import { readSince } from './read-since.ts';
import { renderBacktest } from './render-backtest.ts';
import { type ArchiveReader, archiveBatches, fileBatches, runTrial, type TrialResult } from './run-trial.ts';

/** Opens the archive of the running installation, or its store for the command's duration. */
export type OpenArchive = (options: {
  readonly config: string;
  readonly data: string;
}) => Promise<ArchiveReader & { close(): Promise<void> }>;

export interface ArchiveOptions extends TrialChoice {
  readonly data: string;
  readonly since?: number;
  readonly file?: string;
}

/** Without `--since`. */
const DEFAULT_SINCE = '7d';

/** `attache backtest`: the watches, one of them, or a query, against the archive or a file. */
export function backtestCommand(deps: {
  readonly openArchive: OpenArchive;
  readonly print: (text: string) => void;
  readonly nowMs: number;
}): Command {
  return archiveOptions(new Command('backtest'), deps.nowMs)
    .description(
      'tries watches on past articles: matches a day, stories, the terms that carried them and what would be lost without each',
    )
    .option('--watch <id>', 'one watch alone')
    .option('--query <query>', 'a query that is no watch yet')
    .option('--json', 'one JSON line for each watch')
    .action(async (options: ArchiveOptions & { json?: boolean }) => {
      const { trial, result } = await tryArticles(deps, options);
      const reports = reportBacktest(trial.knowledge.watches.watches, result.matches, result.range);
      if (options.json === true) for (const report of reports) deps.print(JSON.stringify(report));
      else deps.print(renderBacktest(reports, result.articles));
      tellErrors(result);
    });
}

/** The options that say which articles are tried. */
export function archiveOptions(command: Command, nowMs: number): Command {
  return command
    .option('--config <dir>', 'the config directory', 'config')
    .option('--data <dir>', 'where the embedded Redis keeps its data', 'data')
    .option(
      '--since <time>',
      `articles seen since then: a duration back (36h, 30d) or a time; ${DEFAULT_SINCE} where it is missing`,
      (text) => readSince(text, nowMs),
    )
    .option('--file <articles.jsonl>', 'the articles of a file in place of the archive');
}

/** Tries the chosen watches on the chosen articles. */
export async function tryArticles(
  deps: { readonly openArchive: OpenArchive; readonly nowMs: number },
  options: ArchiveOptions,
): Promise<{ readonly trial: Trial; readonly result: TrialResult }> {
  const { nowMs } = deps;
  const choice = { config: options.config, watch: options.watch, query: options.query };
  const trial = await loadTrial(choice, process.env, new Date(nowMs));
  if (options.file !== undefined)
    return { trial, result: await runTrial(trial, choice, fileBatches(options.file), nowMs) };
  const archive = await deps.openArchive(options);
  try {
    const range = { sinceMs: options.since ?? readSince(DEFAULT_SINCE, nowMs), untilMs: nowMs + 1 };
    return { trial, result: await runTrial(trial, choice, archiveBatches(archive, range), nowMs) };
  } finally {
    await archive.close();
  }
}

/** Lines that could not be read go to stderr, the first few, and make the exit code 1. */
export function tellErrors({ errors }: TrialResult): void {
  for (const { line, message } of errors.slice(0, 10)) process.stderr.write(`attache: line ${line}: ${message}\n`);
  if (errors.length > 10) process.stderr.write(`attache: ${errors.length - 10} more lines could not be read\n`);
  if (errors.length > 0) process.exitCode = 1;
}
