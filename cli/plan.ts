import { Command } from 'commander';
import type { BacktestMatch } from '../src/watches/backtest.ts';
import { type ArchiveDeps, type ArchiveOptions, archiveOptions, nothingKept, withBatches } from './archive-input.ts';
import { loadTrial } from './load-trial.ts';
import { runTrial, type TrialResult } from './run-trial.ts';
import { outputWidth, wrapLine } from './text-lines.ts';
import { tellErrors } from './try-batch.ts';

/** What a new config would change for one watch. */
interface WatchChange {
  readonly watch: string;
  readonly status: 'added' | 'removed' | 'changed';
  readonly before: number;
  readonly after: number;
  /** Articles that match only with the new config, and only without it. */
  readonly gained: readonly Title[];
  readonly lost: readonly Title[];
}

interface Title {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly url: string | null;
}

/** Exit code where a plan has a difference, as `terraform plan -detailed-exitcode` has it. */
const DIFFERENT = 2;
const TITLES_SHOWN = 5;

/** `attache plan --config NEW`: the difference in matches between the config in use and a new one; exit code 2 where there is one. */
export function planCommand(deps: ArchiveDeps): Command {
  return archiveOptions(new Command('plan'), deps)
    .description(
      'what a new config would match that the one in use does not, and the other way round; exit code 2 where they differ',
    )
    .option('--running <dir>', 'the config in use', 'config')
    .option('--json', 'one JSON line for each watch that changes')
    .action(async (options: ArchiveOptions & { running: string; json?: boolean }) => {
      const before = await matchesOf(deps, options, options.running);
      const after = await matchesOf(deps, options, options.config);
      const changes = compare(before, after);
      if (options.json === true) for (const change of changes) deps.print(JSON.stringify(change));
      else if (after.result.articles === 0 && changes.length === 0) deps.print(nothingKept(options));
      else deps.print(render(changes, after.result.articles, outputWidth(process.env, process.stdout.columns)));
      if (changes.length > 0) process.exitCode = DIFFERENT;
      tellErrors(after.result.errors);
    });
}

interface Side {
  readonly watches: readonly string[];
  readonly result: TrialResult;
}

/** The archive is opened with the config in use: a new one may name another Redis. */
async function matchesOf(
  deps: ArchiveDeps,
  options: ArchiveOptions & { running: string },
  config: string,
): Promise<Side> {
  const trial = await loadTrial({ config }, process.env, new Date(deps.nowMs));
  const input = { ...options, config: options.running };
  const result = await withBatches(deps, input, (batches) => runTrial(trial, { config }, batches, deps.nowMs));
  return { watches: trial.knowledge.watches.watches.map(({ id }) => id), result };
}

function compare(before: Side, after: Side): WatchChange[] {
  const old = Map.groupBy(before.result.matches, ({ watch }) => watch);
  const now = Map.groupBy(after.result.matches, ({ watch }) => watch);
  return [...new Set([...before.watches, ...after.watches])].flatMap((watch): WatchChange[] => {
    const [was, is] = [old.get(watch) ?? [], now.get(watch) ?? []];
    const status = !before.watches.includes(watch) ? 'added' : after.watches.includes(watch) ? 'changed' : 'removed';
    const change = {
      watch,
      status,
      before: was.length,
      after: is.length,
      gained: only(is, was),
      lost: only(was, is),
    } as const;
    return status === 'changed' && change.gained.length + change.lost.length === 0 ? [] : [change];
  });
}

function only(these: readonly BacktestMatch[], those: readonly BacktestMatch[]): Title[] {
  const known = new Set(those.map(({ article }) => article));
  return these
    .filter(({ article }) => !known.has(article))
    .map(({ article, title, source, url }) => ({ id: article, title, source, url }));
}

function render(changes: readonly WatchChange[], articles: number, width: number): string {
  if (changes.length === 0) return `no difference over ${articles} articles`;
  const blocks = changes.map(({ watch, status, before, after, gained, lost }) => {
    const head = `${watch} (${status}): ${before} → ${after} articles, +${gained.length} −${lost.length}`;
    return [head, ...titles('+', gained), ...titles('−', lost)].flatMap((line) => wrapLine(line, width)).join('\n');
  });
  return [...blocks, `over ${articles} articles`].join('\n\n');
}

function titles(sign: string, list: readonly Title[]): string[] {
  const shown = list
    .slice(0, TITLES_SHOWN)
    .map(({ title, source }) => `  ${sign} ${title}${source === '' ? '' : `, ${source}`}`);
  return list.length > TITLES_SHOWN ? [...shown, `  ${sign} … and ${list.length - TITLES_SHOWN} more`] : shown;
}
