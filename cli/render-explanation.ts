import type { Explanation } from '../src/triage/explain-article.ts';
import { type ClauseVerdict, lacking } from '../src/watches/explain-watch.ts';
import { describeLack } from '../src/watches/test-watches.ts';

const TOPICS_SHOWN = 8;
const TERMS_SHOWN = 6;

/**
 * An explanation for people.
 *
 * @param inFull every watch clause by clause; else those that match, the others in a line
 */
export function renderExplanation(explanation: Explanation, inFull: boolean): string {
  const { article, topics, entities, watches } = explanation;
  return [
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
    'Watches',
    ...watches.flatMap(({ id, title, verdict }) => [
      `  ${mark(verdict.holds)} ${id}: ${title}`,
      ...(inFull || verdict.holds ? treeLines(verdict, 2) : [`      ${lackLine(verdict)}`]),
    ]),
  ].join('\n');
}

function lackLine(verdict: ClauseVerdict): string {
  return `${verdict.missing === 1 ? 'one clause short' : 'lacks'}: ${lacking(verdict).map(describeLack).join('; ')}`;
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
    lines.push(`  story ${way.storyId}: ${way.verdict}${way.of === null ? '' : ` of ${way.of}`}${like}`);
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

function treeLines(verdict: ClauseVerdict, depth: number): string[] {
  const { holds, text, evidence, note, parts, op } = verdict;
  const spans = evidence.map((span) => `"${span.text}" in the ${span.field}`).join(', ');
  const why = holds ? spans : (note ?? '');
  const label = parts.length > 0 && op !== 'not' ? `${labelOf(verdict)} ` : `${oneLine(text)}  `;
  return [
    `${'  '.repeat(depth)}  ${mark(holds)} ${label}${why}`.trimEnd(),
    ...parts.flatMap((part) => treeLines(part, depth + 1)),
  ];
}

/** A clause with parts is named by what joins them: its text stands below, part by part. */
function labelOf({ op, text }: ClauseVerdict): string {
  if (op === 'and') return 'all of';
  if (op === 'or') return 'any of';
  return `at least ${/\d+/.exec(text)?.[0] ?? ''} of`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function mark(holds: boolean): string {
  return holds ? '✓' : '✗';
}
