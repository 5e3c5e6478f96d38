import type { BacktestReport } from '../src/watches/backtest.ts';

const BAR = 40;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
/** Longer ranges are shown by weeks. */
const MOST_DAYS = 45;
const TERMS_SHOWN = 12;

/** A backtest for people: for each watch a bar chart of its days, the largest stories, and its terms. */
export function renderBacktest(reports: readonly BacktestReport[], articles: number): string {
  const head = `${articles} articles${articles === 0 ? ': nothing is kept for this time yet' : ''}`;
  return [head, ...reports.map(renderWatch)].join('\n\n');
}

function renderWatch(report: BacktestReport): string {
  const title = report.title === report.watch ? report.title : `${report.watch}: ${report.title}`;
  const sum = `  ${plural(report.articles, 'article')} in ${plural(report.stories, 'story', 'stories')}, ${report.alertsPerDay.toFixed(1)} new stories a day`;
  if (report.articles === 0) return `${title}\n  nothing`;
  return [title, sum, '', ...chart(report), '', ...samples(report), '', ...terms(report)].join('\n');
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

function terms({ terms, articles }: BacktestReport): string[] {
  const shown = terms.slice(0, TERMS_SHOWN);
  const width = Math.max(4, ...shown.map(({ term }) => term.length));
  const rows = shown.map(({ term, articles: having, lostArticles, lostStories, by }) => {
    const share = `${Math.round((having / articles) * 100)}%`.padStart(5);
    const lost = `${plural(lostArticles, 'article')}, ${plural(lostStories, 'story', 'stories')}`;
    const through = by.length > 0 ? `  through ${by.map((one) => `${one.term} (${one.articles})`).join(', ')}` : '';
    return `  ${term.padEnd(width)} ${share}  ${lost}${through}`;
  });
  return [`  ${'term'.padEnd(width)} share  lost without it`, ...rows];
}
