import type { Alert, Digest, DigestEntry, SentEvidence, StoryAlert } from '../../alerts/alert-schema.ts';
import { wholeCharacters } from '../../alerts/safe-text.ts';

/** An alert as people read it in a chat; each service's format makes its own markup of it. Texts here are plain, never markup. */

/** A stretch of text; marked where it is evidence, a link where `url` is set. */
export interface Run {
  readonly text: string;
  readonly marked?: boolean;
  readonly url?: string;
}

export interface ChatMessage {
  /** What kind of news this is: `New story: China–Belarus military ties`. */
  readonly kicker: string;
  /** The headline, evidence marked. */
  readonly title: readonly Run[];
  readonly url: string | null;
  /** Paragraphs in the order of their weight: a service's limit cuts from the end. */
  readonly lines: readonly (readonly Run[])[];
  /** Small print: the alert's id, for finding it again. */
  readonly footer: string;
}

const MAX_SNIPPETS = 3;
const MAX_TERMS = 8;
const MAX_ALSO = 10;

/** The message of any alert. */
export function chatMessage(alert: Alert): ChatMessage {
  switch (alert.type) {
    case 'story.matched':
    case 'story.updated':
      return storyMessage(alert);
    case 'digest':
      return digestMessage(alert);
    case 'notice':
      return {
        kicker: 'Notice',
        title: [{ text: alert.data.message }],
        url: null,
        lines: Object.entries(alert.data.details ?? {}).map(([name, value]) => [{ text: `${name}: ${value}` }]),
        footer: alert.data.alertId,
      };
    case 'test.ping':
      return {
        kicker: 'Test',
        title: [{ text: `Attaché reaches ${alert.data.subscriber}` }],
        url: null,
        lines: [[{ text: alert.data.message }]],
        footer: alert.data.alertId,
      };
  }
}

/** A text in runs, the spans marked; overlapping spans are one. Offsets are UTF-16 units; one inside a character is moved to its beginning. */
export function markSpans(text: string, spans: readonly { readonly start: number; readonly end: number }[]): Run[] {
  const runs: Run[] = [];
  let at = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const from = Math.max(wholeCharacters(text, start), at);
    const to = Math.min(wholeCharacters(text, end), text.length);
    if (to <= from) continue;
    if (from > at) runs.push({ text: text.slice(at, from) });
    const last = runs.at(-1);
    if (from === at && last?.marked === true)
      runs[runs.length - 1] = { text: last.text + text.slice(from, to), marked: true };
    else runs.push({ text: text.slice(from, to), marked: true });
    at = to;
  }
  if (at < text.length) runs.push({ text: text.slice(at) });
  return runs;
}

function storyMessage({ type, data }: StoryAlert): ChatMessage {
  const { article, story, evidence } = data;
  const spansOf = (field: SentEvidence['field']) => evidence.filter((span) => span.field === field);
  const lines: Run[][] = [];
  if (data.change.length > 0) lines.push([{ text: data.change.map(changeInWords).join(' · ') }]);
  lines.push([{ text: `${article.source.name}${published(article.publishedAt)} · ${counts(story)}` }]);
  if (article.summary !== '') lines.push(markSpans(article.summary, spansOf('summary')));
  const snippets = spansOf('text').filter((span) => span.snippet !== undefined);
  for (const { snippet = '', snippetStart = 0, text } of snippets.slice(0, MAX_SNIPPETS)) {
    lines.push(markSpans(snippet, [{ start: snippetStart, end: snippetStart + text.length }]));
  }
  const terms = [...new Set(evidence.map(({ text }) => text))];
  if (terms.length > 0) lines.push([{ text: `Matched: ${listed(terms, MAX_TERMS)}` }]);
  const also = data.alsoMatched ?? [];
  if (also.length > 0)
    lines.push([
      {
        text: `Also matched: ${listed(
          also.map(({ title }) => title),
          MAX_ALSO,
        )}`,
      },
    ]);
  return {
    kicker: `${type === 'story.matched' ? 'New story' : 'Update'}: ${data.watch.title}`,
    title: markSpans(article.title, spansOf('title')),
    url: article.url,
    lines,
    footer: data.alertId,
  };
}

function digestMessage({ data }: Digest): ChatMessage {
  const part = data.parts > 1 ? `, part ${data.part} of ${data.parts}` : '';
  const count = data.alerts.length;
  return {
    kicker: `Digest${part}`,
    title: [{ text: `${count} ${count === 1 ? 'alert was' : 'alerts were'} held back (${data.reasons.join(', ')})` }],
    url: null,
    lines: data.alerts.map(digestLine),
    footer: data.alertId,
  };
}

function digestLine({ type, watch, change, story, article }: DigestEntry): Run[] {
  const title = { text: article.title === '' ? story.headline : article.title };
  const what = type === 'story.matched' ? 'new' : change.map(changeInWords).join(', ');
  return [
    article.url === null ? title : { ...title, url: article.url },
    { text: ` — ${watch.title}, ${what}; ${counts(story)}` },
  ];
}

const REGIONS = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });
const LANGUAGES = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

/** `language:ru` as `now in Russian`. */
function changeInWords(change: string): string {
  const [kind, value = ''] = change.split(':', 2);
  switch (kind) {
    case 'new-origin':
      return 'another independent source';
    case 'sources':
      return `${value} outlets now`;
    case 'language':
      return `now in ${nameOf(LANGUAGES, value)}`;
    case 'country':
      return `now about ${nameOf(REGIONS, value)}`;
    case 'topic':
      return `now about ${value}`;
    case 'revision':
      return 'headline changed';
    case 'merge':
      return 'joined with another story';
    default:
      return change;
  }
}

function nameOf(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code; // RangeError for what is no code at all
  }
}

function counts(story: { readonly sources: number; readonly origins: number }): string {
  const outlets = `${story.sources} ${story.sources === 1 ? 'outlet' : 'outlets'}`;
  return story.sources === 1 ? outlets : `${outlets}, ${story.origins} ${story.origins === 1 ? 'origin' : 'origins'}`;
}

function published(at: string | null): string {
  return at === null ? '' : ` · ${at.slice(0, 16).replace('T', ' ')} UTC`;
}

function listed(values: readonly string[], max: number): string {
  const rest = values.length - max;
  return values.slice(0, max).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
