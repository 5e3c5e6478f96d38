import type { Evidence } from '../src/text/evidence.ts';
import type { Explanation } from '../src/triage/explain-article.ts';
import { type ClauseVerdict, lacking } from '../src/watches/explain-watch.ts';
import { isNear, type WatchVerdict } from '../src/watches/nearest-watches.ts';
import { describeLack } from '../src/watches/test-watches.ts';
import { wrapLine } from './text-lines.ts';

const TOPICS_SHOWN = 8;
const TERMS_SHOWN = 6;
/** Near misses shown; the others are named. */
const NEAR_SHOWN = 8;
const NAMED = 20;
/** Clauses that lack, in the line of a watch that does not match. */
const LACKING_SHOWN = 4;
/** Characters of an article shown on each side of a span. */
const CONTEXT = 28;

/**
 * An explanation for people.
 *
 * @param inFull every watch clause by clause; else those that match, the near misses in a line, the others by name
 * @param width columns of the output
 */
export function renderExplanation(explanation: Explanation, inFull: boolean, width: number): string {
  const { article, topics, entities, watches } = explanation;
  const lines = [
    article.title || '(without a title)',
    ...wayOf(explanation),
    '',
    'Topics',
    ...topics.slice(0, TOPICS_SHOWN).map(topicLine),
    ...(topics.length === 0 ? ['  none has a term here'] : []),
    '',
    'Entities',
    ...entities.map(
      ({ id, type, country, texts }) => `  ${id}${country ? `@${country}` : ''}  ${type}: ${texts.join(', ')}`,
    ),
    ...(entities.length === 0 ? ['  none'] : []),
    '',
    ...(inFull ? ['Watches', ...watches.flatMap((watch) => wholeWatch(watch, article, true))] : sorted(explanation)),
  ];
  return lines.flatMap((line) => wrapLine(line, width)).join('\n');
}

type Texts = Pick<Explanation['article'], 'title' | 'summary' | 'text'>;

function sorted({ article, watches }: Explanation): string[] {
  const matching = watches.filter(({ verdict }) => verdict.holds);
  const near = watches.filter(isNear).slice(0, NEAR_SHOWN);
  const others = watches.filter((watch) => !watch.verdict.holds && !near.includes(watch)).map(({ id }) => id);
  const named = others.slice(0, NAMED).join(', ') + (others.length > NAMED ? ` and ${others.length - NAMED} more` : '');
  return [
    'Watches that match',
    ...matching.flatMap((watch) => wholeWatch(watch, article, false)),
    ...(matching.length === 0 ? ['  none'] : []),
    ...(near.length > 0 ? ['', 'Near misses', ...near.flatMap(missLines)] : []),
    ...(others.length > 0 ? ['', `No part of it here: ${named}`] : []),
  ];
}

function wholeWatch({ id, title, verdict }: WatchVerdict, article: Texts, inFull: boolean): string[] {
  return [`  ${mark(verdict.holds)} ${headOf(id, title)}`, ...treeLines(verdict, article, 2, inFull)];
}

/** A query that is no watch yet is its own title. */
function headOf(id: string, title: string): string {
  return id === 'query' ? oneLine(title) : `${id}: ${title}`;
}

function missLines({ id, title, verdict }: WatchVerdict): string[] {
  const lacks = lacking(verdict);
  const more = lacks.length > LACKING_SHOWN ? ` and ${lacks.length - LACKING_SHOWN} more` : '';
  const short = verdict.missing === 1 ? 'one clause short' : `${verdict.missing} clauses short`;
  return [
    `  ✗ ${headOf(id, title)}`,
    `      ${short}: ${lacks.slice(0, LACKING_SHOWN).map(describeLack).join('; ')}${more}`,
  ];
}

function wayOf({ article, way }: Explanation): string[] {
  const { source, lang, publishedAt, seenAt, url } = article;
  const lines = [
    `  language ${lang}, source ${source.name || source.id || 'unknown'}${source.kind ? ` (${source.kind})` : ''}`,
    `  published ${publishedAt ?? 'unknown'}${seenAt && way ? `, fetched ${seenAt}` : ''}`,
  ];
  if (url) lines.push(`  ${url}`);
  if (way) {
    const like = way.similarity === null ? '' : `, ${Math.round(way.similarity * 100)}% alike`;
    const of =
      way.of === null
        ? ''
        : ` of ${way.of}${way.ofArticle ? ` “${way.ofArticle.title}”, ${way.ofArticle.source}` : ''}`;
    lines.push(`  story ${way.storyId}: ${way.verdict}${of}${like}`);
    lines.push(
      `  when judged (config ${way.configHash.slice(0, 12)}) it matched ${way.watches.join(', ') || 'no watch'}`,
    );
  }
  return lines;
}

/** A top topic with what speaks for and against it, in log-odds; a subtopic with its terms. */
function topicLine({ id, score, given, threshold, terms, weights }: Explanation['topics'][number]): string {
  const under =
    given || threshold === null ? '' : score < threshold ? ` (under ${threshold})` : ' (its parent was not given)';
  const told =
    weights.length > 0 ? weights.map(({ term, weight }) => `${term} ${weight > 0 ? '+' : ''}${weight}`) : terms;
  const more = told.length > TERMS_SHOWN ? ' …' : '';
  return `  ${mark(given)} ${id} ${score.toFixed(2)}${under}  ${told.slice(0, TERMS_SHOWN).join(', ')}${more}`;
}

/** Where an OR holds, what else would have done is left out unless all is asked for. */
function treeLines(verdict: ClauseVerdict, article: Texts, depth: number, inFull: boolean): string[] {
  const { holds, parts, op } = verdict;
  const indent = '  '.repeat(depth);
  const leafOfNot = op === 'not' && parts[0]?.parts.length === 0 ? parts[0] : null;
  if (leafOfNot)
    return [`${indent}  ${mark(holds)} ${oneLine(verdict.text)}  ${excluded(leafOfNot, article)}`.trimEnd()];
  const label = parts.length > 0 ? labelOf(verdict) : `${oneLine(verdict.text)}  ${reason(verdict, article)}`;
  const shown = holds && !inFull && op !== 'and' ? parts.filter((part) => part.holds || op === 'not') : parts;
  const left = parts.length - shown.length;
  return [
    `${indent}  ${mark(holds)} ${label}`.trimEnd(),
    ...shown.flatMap((part) => treeLines(part, article, depth + 1, inFull)),
    ...(left > 0 ? [`${indent}      … ${left} more would have done`] : []),
  ];
}

function excluded(leaf: ClauseVerdict, article: Texts): string {
  return leaf.holds ? `it is there: ${reason(leaf, article)}` : (leaf.note ?? '');
}

function reason({ holds, evidence, note }: ClauseVerdict, article: Texts): string {
  if (!holds) return note ?? '';
  const [first] = evidence;
  if (!first) return '';
  const texts = [...new Set(evidence.map(({ text }) => text))];
  const others = texts.slice(1).map((text) => `"${oneLine(text)}"`);
  return `${inContext(first, article)}${others.length > 0 ? `, also ${others.join(', ')}` : ''}`;
}

/** `title: …minister [lands in] Minsk…` */
function inContext({ field, start, end, text }: Evidence, article: Texts): string {
  const source = article[field];
  const from = wordStart(source, start - CONTEXT);
  const to = wordEnd(source, end + CONTEXT);
  const before = (from > 0 ? '…' : '') + source.slice(from, start);
  const after = source.slice(end, to) + (to < source.length ? '…' : '');
  return oneLine(`${field}: ${before}[${text}]${after}`);
}

/** The next beginning of a word from there on, where one is near. */
function wordStart(source: string, at: number): number {
  if (at <= 0) return 0;
  const space = source.slice(at, at + 12).search(/\s/);
  return space < 0 ? at : at + space + 1;
}

function wordEnd(source: string, at: number): number {
  if (at >= source.length) return source.length;
  const space = source.slice(at - 12, at).search(/\s\S*$/);
  return space < 0 ? at : at - 12 + space;
}

/** A clause with parts is named by what joins them: its text stands below, part by part. */
function labelOf({ op, text }: ClauseVerdict): string {
  if (op === 'and') return 'all of';
  if (op === 'or') return 'any of';
  if (op === 'not') return 'not';
  return `at least ${/\d+/.exec(text)?.[0] ?? ''} of`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function mark(holds: boolean): string {
  return holds ? '✓' : '✗';
}
