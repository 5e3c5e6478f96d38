import type { BacktestReport } from '../src/watches/backtest.ts';
import { columns } from '../src/watches/query-error.ts';
import type { TrialResult } from './run-trial.ts';
import { clipText, wrapLine } from './text-lines.ts';

const BAR = 40;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
/** Longer ranges are shown by weeks. */
const MOST_DAYS = 45;
const TERMS_SHOWN = 12;

/**
 * A backtest for people: all watches in a table where there are several, then for each its days as a bar chart, the largest stories, and its
 * terms.
 *
 * @param width columns of the output
 */
export function renderBacktest(
  reports: readonly BacktestReport[],
  { articles, range }: Pick<TrialResult, 'articles' | 'range'>,
  width: number,
): string {
  const days = range === null ? '' : `, ${dayOf(range.first)} to ${dayOf(range.last)}`;
  const found = reports.filter((report) => report.articles > 0);
  return [
    `${articles} articles${days}`,
    ...(reports.length > 1 ? [overview(reports, width)] : []),
    ...(reports.length === 1 ? reports : found).map((report) => renderWatch(report, width)),
  ].join('\n\n');
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function overview(reports: readonly BacktestReport[], width: number): string {
  const name = Math.min(width - 36, Math.max(5, ...reports.map(({ watch }) => watch.length)));
  const rows = reports.map(
    ({ watch, articles, stories, alertsPerDay }) =>
      `  ${clipText(watch, name).padEnd(name)} ${String(articles).padStart(8)} ${String(stories).padStart(8)} ${alertsPerDay.toFixed(1).padStart(14)}`,
  );
  return [`  ${'watch'.padEnd(name)} articles  stories  new stories/day`.trimEnd(), ...rows].join('\n');
}

function renderWatch(report: BacktestReport, width: number): string {
  const title = report.title === report.watch ? report.title : headOf(report);
  const sum = `  ${plural(report.articles, 'article')} in ${plural(report.stories, 'story', 'stories')}, ${report.alertsPerDay.toFixed(1)} new stories a day`;
  const lines =
    report.articles === 0
      ? [title, '  nothing: attache explain shows for one article which clause fails']
      : [title, sum, '', ...chart(report), '', ...samples(report), '', ...terms(report, width)];
  return lines.flatMap((line) => wrapLine(line, width, 12)).join('\n');
}

/** A query that is no watch yet is its own title. */
function headOf({ watch, title }: BacktestReport): string {
  return watch === 'query' ? title.replace(/\s+/g, ' ') : `${watch}: ${title}`;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Articles a day (or week), the stories that began then beside them. */
function chart({ days }: BacktestReport): string[] {
  const rows = days.length > MOST_DAYS ? weeksOf(days) : days;
  const most = Math.max(...rows.map(({ articles }) => articles));
  const width = String(most).length;
  return rows.map(({ day, articles, stories }) => {
    const began = stories > 0 ? `  ${plural(stories, 'new story', 'new stories')}` : '';
    return `  ${day} ${String(articles).padStart(width)} ${bar(articles / most)}${began}`.trimEnd();
  });
}

function weeksOf(days: BacktestReport['days']): { day: string; articles: number; stories: number }[] {
  const weeks: { day: string; articles: number; stories: number }[] = [];
  for (const [index, { day, articles, stories }] of days.entries()) {
    if (index % 7 === 0) weeks.push({ day, articles: 0, stories: 0 });
    const week = weeks.at(-1)!;
    week.articles += articles;
    week.stories += stories;
  }
  return weeks;
}

function bar(share: number): string {
  const eighths = Math.round(share * BAR * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

function samples({ samples }: BacktestReport): string[] {
  return samples.map(({ day, title, source, articles }) => {
    const more = articles > 1 ? ` (${articles} articles)` : '';
    return `  ${day}  ${title}${source === '' ? '' : `, ${source}`}${more}`;
  });
}

function terms({ terms, articles }: BacktestReport, lineWidth: number): string[] {
  const shown = terms.slice(0, TERMS_SHOWN);
  const width = Math.min(lineWidth >> 1, Math.max(4, ...shown.map(({ term }) => columns(term))));
  const rows = shown.map(({ term, articles: having, lostArticles, lostStories, by }) => {
    const share = `${Math.round((having / articles) * 100)}%`.padStart(5);
    const lost = `${plural(lostArticles, 'article')}, ${plural(lostStories, 'story', 'stories')}`;
    const through = by.length > 0 ? `  through ${by.map((one) => `${one.term} (${one.articles})`).join(', ')}` : '';
    return `  ${padded(term, width)} ${share}  ${lost}${through}`;
  });
  return [`  ${'term'.padEnd(width)} share  lost without it`, ...rows];
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}
