import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { articleId } from '../src/articles/article-id.ts';
import { type Explanation, explainArticle } from '../src/triage/explain-article.ts';
import { judgedTextOf, readTriageLine } from '../src/triage/offline-triage.ts';
import { nearestFirst } from '../src/watches/nearest-watches.ts';
import type { ArchiveDeps, ArchiveReader } from './archive-input.ts';
import { loadTrial, type Trial, type TrialChoice, tellWarnings } from './load-trial.ts';
import { renderExplanation } from './render-explanation.ts';
import { outputWidth } from './text-lines.ts';

/** The article to explain cannot be found or read. */
class ExplainError extends Error {
  override readonly name = 'ExplainError';
  readonly code: 'no-article' | 'empty-file';

  constructor(code: ExplainError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

type Found = Pick<Explanation, 'article' | 'way'>;

/** `attache explain URL|FILE|ID`: the way of one article, and for each watch why it matched or did not. */
export function explainCommand(deps: ArchiveDeps): Command {
  return new Command('explain')
    .description('why and why not: topics, entities, and each watch clause by clause, for one article')
    .argument(
      '<article>',
      'its address or id in the archive, or a file: JSON lines as for attache triage, or plain text with the title in its first line',
    )
    .option('--config <dir>', 'the config directory', 'config')
    .option('--data <dir>', 'where the embedded Redis keeps its data', 'data')
    .option('--watch <id>', 'one watch alone, with every clause')
    .option('--query <query>', 'a query that is no watch yet')
    .option('--json', 'one JSON line for each article')
    .action(async (asked: string, options: TrialChoice & { data: string; json?: boolean }) => {
      const trial = await loadTrial(options, process.env, new Date(deps.nowMs));
      tellWarnings(trial);
      const inFull = options.watch !== undefined || options.query !== undefined;
      for (const found of await findArticles(deps, trial, asked, options)) {
        const explained = explainArticle(trial.knowledge, found);
        const explanation = { ...explained, watches: nearestFirst(explained.watches) };
        const width = outputWidth(process.env, process.stdout.columns);
        deps.print(options.json === true ? JSON.stringify(explanation) : renderExplanation(explanation, inFull, width));
      }
    });
}

async function findArticles(
  deps: ArchiveDeps,
  trial: Trial,
  asked: string,
  options: { config: string; data: string },
): Promise<Found[]> {
  if (existsSync(asked)) return readFile(asked, trial, deps.nowMs);
  const isUrl = /^https?:\/\//i.test(asked);
  const archive = await deps.openArchive(options);
  try {
    const record = await archive.get(isUrl ? articleId({ guid: null, link: asked, title: '' }, '') : asked);
    if (record) return [{ article: record.article, way: { ...record, ofArticle: await originOf(archive, record.of) } }];
  } finally {
    await archive.close();
  }
  const what = isUrl ? 'no article with this address' : 'neither a file nor the id of an article';
  throw new ExplainError(
    'no-article',
    `explain ${asked}: ${what} in the archive; it may be too old, or no feed brought it. Save it as a text file to explain that`,
  );
}

/** The article that another is a copy or a follow-up of, where it is still kept. */
async function originOf(
  archive: ArchiveReader,
  id: string | null,
): Promise<{ readonly id: string; readonly title: string; readonly source: string } | null> {
  const record = id === null ? null : await archive.get(id);
  return record && { id: record.article.id, title: record.article.title, source: record.article.source.name };
}

function readFile(path: string, { sources }: Trial, nowMs: number): Found[] {
  const written = readFileSync(path, 'utf8').trim();
  if (written === '') throw new ExplainError('empty-file', `explain ${path}: the file is empty`);
  if (!written.startsWith('{')) {
    const [title = '', ...rest] = written.split('\n');
    return [
      {
        article: judgedTextOf({ id: path, title: title.trim(), text: rest.join('\n').trim() }, sources, nowMs),
        way: null,
      },
    ];
  }
  return written
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((text) => {
      const line = readTriageLine(text);
      const clockMs = line.publishedAt === undefined ? nowMs : Date.parse(line.publishedAt);
      return { article: { ...judgedTextOf(line, sources, clockMs), url: line.url ?? null }, way: null };
    });
}
