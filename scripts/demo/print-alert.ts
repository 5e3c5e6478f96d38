import { styleText } from 'node:util';
import type { Alert, SentEvidence, StoryAlert } from '../../src/alerts/alert-schema.ts';

/** An alert as a desk would read it: what happened, where it stands, and the words that made it fire. */
export function printAlert(alert: Alert, webhookId: string): string {
  if (alert.type !== 'story.matched' && alert.type !== 'story.updated') return `● ${alert.type} ${webhookId}`;
  const { watch, story, article, sequence, change, alsoMatched } = alert.data;
  const what = alert.type === 'story.matched' ? 'new story' : `update ${sequence}: ${change.join(', ')}`;
  const also = alsoMatched?.map((one) => one.title) ?? [];
  return [
    `${styleText('bold', `● ${watch.title}`)} — ${what}`,
    `  ${mark(article.title, evidenceIn(alert, 'title'))}`,
    `  ${article.source.name}, ${article.lang}; the story has ${plural(story.articles, 'article')}, ${plural(story.sources, 'source')}, ${plural(story.origins, 'origin')}`,
    `  because of ${[...new Set(alert.data.evidence.map((one) => `“${one.text}”`))].slice(0, 6).join(', ')}`,
    ...(also.length > 0 ? [`  also for: ${also.join(', ')}`] : []),
    styleText('dim', `  ${webhookId}, signature verified`),
  ].join('\n');
}

const plural = (count: number, word: string): string =>
  `${count} ${count === 1 ? word : `${word.replace(/y$/, 'ie')}s`}`;

const evidenceIn = (alert: StoryAlert, field: string): SentEvidence[] =>
  alert.data.evidence.filter((one) => one.field === field).sort((a, b) => a.start - b.start);

/** Underlines the spans; overlapping ones once. */
function mark(text: string, spans: readonly SentEvidence[]): string {
  let out = '';
  let at = 0;
  for (const { start, end } of spans) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    out += text.slice(at, from) + styleText(['underline', 'yellow'], text.slice(from, end));
    at = end;
  }
  return out + text.slice(at);
}
