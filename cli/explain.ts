import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { articleId } from '../src/articles/article-id.ts';
import type { ArchivedArticle } from '../src/articles/article-store.ts';
import { scoreTopics } from '../src/topics/score-topics.ts';
import { type JudgedText, type Judgement, judgeArticle, type Knowledge } from '../src/triage/judge-article.ts';
import { judgedTextOf, readTriageLine } from '../src/triage/offline-triage.ts';
import { type ClauseVerdict, explainWatch } from '../src/watches/explain-watch.ts';
import type { ArchiveDeps } from './archive-input.ts';
import { loadTrial, type Trial, type TrialChoice } from './load-trial.ts';
import { renderExplanation } from './render-explanation.ts';

/** Why and why not, for one article. */
export interface Explanation {
  readonly article: JudgedText & { readonly url?: string | null; readonly seenAt?: string };
  /** What the archive knows of its way; null for an article from a file. */
  readonly way: Pick<ArchivedArticle, 'storyId' | 'verdict' | 'of' | 'similarity' | 'watches' | 'configHash'> | null;
  readonly topics: readonly {
    readonly id: string;
    readonly score: number;
    readonly given: boolean;
    readonly threshold: number | null;
    readonly terms: readonly string[];
    /** What speaks for it and against it, in log-odds, the weightiest first; of a top topic alone. */
    readonly weights: readonly { readonly term: string; readonly weight: number }[];
  }[];
  readonly entities: readonly {
    readonly id: string;
    readonly type: string;
    readonly country?: string | null;
    readonly texts: readonly string[];
  }[];
  /** Matches first, then the nearest misses. */
  readonly watches: readonly { readonly id: string; readonly title: string; readonly verdict: ClauseVerdict }[];
}

/** The article to explain cannot be found or read. */
class ExplainError extends Error {
  override readonly name = 'ExplainError';
  readonly code: 'no-article' | 'empty-file';

  constructor(code: ExplainError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

interface Found {
  readonly article: Explanation['article'];
  readonly way: Explanation['way'];
}

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
      const inFull = options.watch !== undefined || options.query !== undefined;
      for (const found of await findArticles(deps, trial, asked, options)) {
        const explanation = explainArticle(trial, found);
        deps.print(options.json === true ? JSON.stringify(explanation) : renderExplanation(explanation, inFull));
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
    if (record) return [{ article: record.article, way: record }];
  } finally {
    await archive.close();
  }
  const what = isUrl ? 'no article with this address' : 'neither a file nor the id of an article';
  throw new ExplainError(
    'no-article',
    `explain ${asked}: ${what} in the archive; it may be too old, or no feed brought it. Save it as a text file to explain that`,
  );
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

function explainArticle({ knowledge }: Trial, { article, way }: Found): Explanation {
  const judgement = judgeArticle(knowledge, article);
  const given = new Set(judgement.topics.map(({ id }) => id));
  const topicsBelow = judgement.allTopics.filter(({ id }) => !given.has(id));
  const weights = topicWeights(knowledge, judgement);
  const watches = knowledge.watches.watches.map(({ id, title }) => ({
    id,
    title,
    verdict: explainWatch(knowledge.watches, id, { ...judgement, topicsBelow }),
  }));
  return {
    article,
    way,
    topics: judgement.allTopics
      .map(({ id, score, evidence }) => ({
        id,
        score,
        given: given.has(id),
        threshold: knowledge.taxonomy.thresholds.get(id) ?? null,
        terms: [...new Set(evidence.map(({ term }) => term))],
        weights: weights.get(id) ?? [],
      }))
      .sort((a, b) => b.score - a.score),
    entities: judgement.entities.map(({ evidence, ...entity }) => ({
      ...entity,
      texts: [...new Set(evidence.map(({ text }) => text))],
    })),
    watches: watches.sort((a, b) => a.verdict.missing - b.verdict.missing),
  };
}

function topicWeights(
  { taxonomy }: Knowledge,
  { reading, entities }: Judgement,
): Map<string, { term: string; weight: number }[]> {
  const sums = new Map<string, Map<string, number>>();
  scoreTopics(taxonomy, reading, entities, (topic, term, weight) => {
    const ofTopic = sums.get(topic) ?? new Map<string, number>();
    sums.set(topic, ofTopic.set(term, (ofTopic.get(term) ?? 0) + weight));
  });
  const sorted = [...sums].map(([topic, ofTopic]) => {
    const list = [...ofTopic].map(([term, weight]) => ({ term, weight: Math.round(weight * 100) / 100 }));
    return [topic, list.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))] as const;
  });
  return new Map(sorted);
}
