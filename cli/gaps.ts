import { Command } from 'commander';
import { createMemoryIndex } from '../src/stories/memory-index.ts';
import { readWords } from '../src/text/words.ts';
import { type Judgement, judgeArticle } from '../src/triage/judge-article.ts';
import { TriageLineError } from '../src/triage/offline-triage.ts';
import { storyInputOf } from '../src/triage/story-input.ts';
import { type ClauseVerdict, carrying, explainWatch, lacking } from '../src/watches/explain-watch.ts';
import { type GapArticle, type GapReport, reportGaps } from '../src/watches/gaps.ts';
import { columns } from '../src/watches/query-error.ts';
import { type ArchiveDeps, type ArchiveOptions, archiveOptions, nothingKept, withBatches } from './archive-input.ts';
import { loadTrial, type Trial } from './load-trial.ts';
import { clipText, outputWidth, wrapLine } from './text-lines.ts';
import { type Batch, type BatchItem, itemsOf, type LineError, tellErrors } from './try-batch.ts';

/** UTF-16 units of an article's text that are looked at: what follows is seldom about the event. */
const TEXT_READ = 1500;

/** `attache gaps --watch ID`: what the watch missed of the stories it found. */
export function gapsCommand(deps: ArchiveDeps): Command {
  return archiveOptions(new Command('gaps'), deps)
    .description(
      'in stories that a watch found: the articles it missed, what they lacked, and the terms most typical of them',
    )
    .requiredOption('--watch <id>', 'the watch')
    .option('--json', 'one JSON line')
    .action(async (options: ArchiveOptions & { watch: string; json?: boolean }) => {
      const trial = await loadTrial(
        { config: options.config, watch: options.watch },
        process.env,
        new Date(deps.nowMs),
      );
      const errors: LineError[] = [];
      const report = await withBatches(deps, options, async (batches) =>
        reportGaps(await readAll(trial, options.watch, batches, errors, deps.nowMs)),
      );
      if (options.json === true) deps.print(JSON.stringify({ watch: options.watch, ...report }));
      else if (report.articles === 0) deps.print(nothingKept(options));
      else deps.print(render(options.watch, report, outputWidth(process.env, process.stdout.columns)));
      tellErrors(errors);
    });
}

async function readAll(
  trial: Trial,
  watch: string,
  batches: AsyncIterable<Batch>,
  errors: LineError[],
  nowMs: number,
): Promise<GapArticle[]> {
  const index = createMemoryIndex({ windowSec: trial.config.settings.retention.storyWindow });
  const articles: GapArticle[] = [];
  let lines = 0;
  for await (const batch of batches) {
    for (const item of itemsOf(trial, batch, nowMs)) {
      lines++;
      if (item instanceof TriageLineError) errors.push({ line: lines, message: item.message });
      else if (item !== null) articles.push(await gapArticle(trial, watch, item, index));
    }
  }
  return articles;
}

async function gapArticle(
  trial: Trial,
  watch: string,
  item: BatchItem,
  index: ReturnType<typeof createMemoryIndex>,
): Promise<GapArticle> {
  const judgement = judgeArticle(trial.knowledge, item.judged);
  const story = item.story ?? (await index.join(storyInputOf(item.article(), judgement))).after.id;
  const { title, summary, text, source, lang } = item.judged;
  const verdict = verdictOf(trial, watch, judgement);
  return {
    story,
    matched: verdict.holds,
    title,
    source: source.name,
    lang,
    text: `${title}\n${summary}\n${text.slice(0, TEXT_READ)}`,
    lacked: lacking(verdict).map((clause) => clause.text),
    known: wordsOf(verdict),
  };
}

function verdictOf({ knowledge }: Trial, watch: string, judgement: Judgement): ClauseVerdict {
  return explainWatch(knowledge.watches, watch, judgement);
}

/** The words of all spans by which clauses hold, whether or not the whole query does. */
function wordsOf(verdict: ClauseVerdict): string[] {
  if (verdict.op === 'not') return [];
  if (verdict.parts.length > 0) return verdict.parts.flatMap(wordsOf);
  return carrying(verdict).flatMap(({ evidence }) => evidence.flatMap(({ text }) => readWords(text).folded));
}

function render(watch: string, report: GapReport, width: number): string {
  const { matched, missed, stories, lacked, terms, samples } = report;
  if (missed === 0)
    return `${watch}: ${count(matched, 'article')} matched, and no sister article in their stories was missed`;
  const longest = Math.max(
    6,
    ...terms.map(({ written }) => columns(written)),
    ...lacked.map(({ clause }) => clause.length),
  );
  const first = Math.min(longest, width - 36);
  const cell = (text: string): string => {
    const shown = clipText(text.replace(/\s+/g, ' '), first);
    return shown + ' '.repeat(first - columns(shown));
  };
  return [
    `${watch}: ${count(matched, 'article')} matched; in ${count(stories, 'story', 'stories')} of theirs, ${missed} more did not`,
    '',
    `  ${cell('lacked')} articles`,
    ...lacked.map(({ clause, articles }) => `  ${cell(clause)} ${String(articles).padStart(8)}`),
    ...(terms.length === 0 ? [] : ['', `  ${cell('typical of those missed')} articles  stories  of 1,000 others`]),
    ...terms.map(
      ({ written, articles, stories, elsewherePerMille }) =>
        `  ${cell(written)} ${String(articles).padStart(8)} ${String(stories).padStart(8)} ${elsewherePerMille.toFixed(1).padStart(16)}`,
    ),
    '',
    ...samples.flatMap(({ title, source, lacked }) => [
      ...wrapLine(`  ${title}${source === '' ? '' : `, ${source}`}`, width),
      ...wrapLine(`    lacked ${lacked.join(', ').replace(/\s+/g, ' ')}`, width),
    ]),
  ].join('\n');
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
