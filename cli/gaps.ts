import { Command } from 'commander';
import { createMemoryIndex } from '../src/stories/memory-index.ts';
import { readWords } from '../src/text/words.ts';
import { type Judgement, judgeArticle } from '../src/triage/judge-article.ts';
import { TriageLineError } from '../src/triage/offline-triage.ts';
import { storyInputOf } from '../src/triage/story-input.ts';
import { type ClauseVerdict, carrying, explainWatch, lacking } from '../src/watches/explain-watch.ts';
import { type GapArticle, type GapReport, reportGaps } from '../src/watches/gaps.ts';
import { type ArchiveDeps, type ArchiveOptions, archiveOptions, withBatches } from './archive-input.ts';
import { loadTrial, type Trial } from './load-trial.ts';
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
      deps.print(
        options.json === true ? JSON.stringify({ watch: options.watch, ...report }) : render(options.watch, report),
      );
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

function render(watch: string, report: GapReport): string {
  const { matched, missed, stories, lacked, terms, samples } = report;
  const head = `${watch}: ${matched} articles matched; of their stories, ${missed} did not (in ${stories} stories)`;
  if (missed === 0) return head;
  const width = Math.max(6, ...terms.map(({ term }) => term.length), ...lacked.map(({ clause }) => clause.length));
  return [
    head,
    '',
    `  ${'lacked'.padEnd(width)} articles`,
    ...lacked.map(({ clause, articles }) => `  ${clause.padEnd(width)} ${String(articles).padStart(8)}`),
    '',
    `  ${'typical'.padEnd(width)} articles  stories  of 1,000 others`,
    ...terms.map(
      ({ term, articles, stories, elsewherePerMille }) =>
        `  ${term.padEnd(width)} ${String(articles).padStart(8)} ${String(stories).padStart(8)} ${elsewherePerMille.toFixed(1).padStart(16)}`,
    ),
    '',
    ...samples.map(
      ({ title, source, lacked }) => `  ${title}${source === '' ? '' : `, ${source}`}\n    lacked ${lacked.join(', ')}`,
    ),
  ].join('\n');
}
