import { z } from 'zod';
import { type Article, SOURCE_KINDS, type Source } from '../articles/article.ts';
import { addressOf, articleIdAt, revisionOf } from '../articles/article-id.ts';
import { detectLanguage } from '../articles/language.ts';
import { articleTime } from '../articles/normalise-item.ts';
import { createMemoryIndex } from '../stories/memory-index.ts';
import type { JoinResult } from '../stories/story.ts';
import { type JudgedText, type Judgement, judgeArticle, type Knowledge } from './judge-article.ts';
import { storyInputOf } from './story-input.ts';

const lineSchema = z
  .object({
    id: z.string().min(1).max(500),
    title: z.string().optional(),
    text: z.string().optional(),
    summary: z.string().optional(),
    guid: z.string().optional(),
    lang: z.string().optional(),
    url: z.string().optional(),
    source: z.string().optional(),
    kind: z.enum(SOURCE_KINDS).optional(),
    country: z.string().optional(),
    publishedAt: z
      .string()
      .refine((text) => !Number.isNaN(Date.parse(text)), { error: 'expected an ISO 8601 date' })
      .optional(),
  })
  .refine((line) => line.title || line.text || line.summary, { error: 'expected a title or a text' });

/** One line of input: an article as far as its reader knows it. */
export type TriageLine = z.output<typeof lineSchema>;

/** A line that cannot be judged; the others are. */
export class TriageLineError extends Error {
  readonly code: 'not-json' | 'bad-article';
  /** The line's id, where it has one. */
  readonly id: string | null;

  constructor(code: TriageLineError['code'], id: string | null, message: string) {
    super(message);
    this.name = 'TriageLineError';
    this.code = code;
    this.id = id;
  }
}

/** Reads one JSON line. Throws TriageLineError. */
export function readTriageLine(line: string): TriageLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new TriageLineError('not-json', null, `not JSON: ${(error as Error).message}`);
  }
  const result = lineSchema.safeParse(withoutNulls(value));
  if (result.success) return result.data;
  const id = (value as { id?: unknown } | null)?.id;
  const [issue] = result.error.issues;
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw new TriageLineError('bad-article', typeof id === 'string' ? id : null, `${where}${issue?.message}`);
}

/** A null says the same as a missing key. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (!Object.values(value).includes(null)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));
}

/** What triage says of an article; the keys are a contract. */
export interface TriageAnswer {
  readonly id: string;
  readonly lang: string;
  readonly story: {
    readonly id: string;
    readonly verdict: JoinResult['verdict'];
    readonly of: string | null;
    readonly similarity: number | null;
    readonly merged?: readonly string[];
  };
  readonly topics: Judgement['topics'];
  readonly entities: Judgement['entities'];
  readonly matches: Judgement['matches'];
}

/**
 * Judges articles in memory with the same pure code as the worker's. Lines are to come in the order of their time: a line without `publishedAt` has the time of
 * the line before. A line with the address or guid of an earlier one is that article's revision, whatever its id.
 */
export function createTriage(options: {
  readonly knowledge: Knowledge;
  /** The configured feeds, for `source` and `kind` in queries. */
  readonly sources: ReadonlyMap<string, Source>;
  readonly storyWindowSec: number;
  /** Topics below their threshold too. */
  readonly allTopics: boolean;
  /** The clock until a line has a date, ms. */
  readonly startMs: number;
}): (line: TriageLine) => Promise<TriageAnswer> {
  const index = createMemoryIndex({ windowSec: options.storyWindowSec });
  /** The first id under which an article was met, by its identity. */
  const idOf = new Map<string, string>();
  let clockMs = options.startMs;
  return async (line) => {
    if (line.publishedAt !== undefined) clockMs = Date.parse(line.publishedAt);
    const { article, identities } = articleOf(line, judgedTextOf(line, options.sources, clockMs), clockMs);
    const known = identities.find((one) => idOf.has(one));
    const id = known === undefined ? line.id : idOf.get(known)!;
    for (const identity of identities) idOf.set(identity, id);
    const judgement = judgeArticle(options.knowledge, article);
    const joined = await index.join(storyInputOf({ ...article, id }, judgement, judgement.reading));
    return answerOf(line.id, judgement, joined, options.allTopics);
  };
}

/** What is judged of a line. `clockMs` is its time where it has none. */
export function judgedTextOf(line: TriageLine, sources: ReadonlyMap<string, Source>, clockMs: number): JudgedText {
  const { title = '', summary = '', text = '', publishedAt = null } = line;
  return {
    title,
    summary,
    text,
    lang: detectLanguage(`${title}\n${summary}\n${text}`, line.lang),
    publishedAt,
    at: articleTime(publishedAt, new Date(clockMs).toISOString()),
    source: sourceOf(line, sources),
  };
}

/** A line as an article; each of its `identities` is the same for all its revisions. */
export function articleOf(
  line: TriageLine,
  judged: JudgedText,
  clockMs: number,
): { readonly article: Article; readonly identities: readonly string[] } {
  const { id, guid = null } = line;
  const item = { guid, link: line.url ?? null, title: judged.title };
  const feedId = judged.source.id;
  const url = addressOf(item);
  return {
    identities: [
      ...(item.link === null ? [] : [articleIdAt(url, item, feedId)]),
      ...(guid === null ? [] : [articleIdAt(null, item, feedId)]),
      `id:${id}`,
    ],
    article: {
      ...judged,
      id,
      revision: revisionOf(judged),
      guid,
      url,
      author: null,
      categories: [],
      updatedAt: null,
      seenAt: new Date(clockMs).toISOString(),
    },
  };
}

function sourceOf(line: TriageLine, sources: ReadonlyMap<string, Source>): Source {
  const known = sources.get(line.source ?? '');
  const { source = '', kind, country } = line;
  return {
    ...(known ?? { id: source, name: source, tags: [] }),
    kind: kind ?? known?.kind ?? null,
    country: country ?? known?.country ?? null,
  };
}

function answerOf(id: string, judgement: Judgement, joined: JoinResult, allTopics: boolean): TriageAnswer {
  const { verdict, of, similarity, merged } = joined;
  return {
    id,
    lang: judgement.article.lang,
    story: { id: joined.after.id, verdict, of, similarity, ...(merged.length > 0 ? { merged } : {}) },
    topics: allTopics ? judgement.allTopics : judgement.topics,
    entities: judgement.entities,
    matches: judgement.matches,
  };
}
