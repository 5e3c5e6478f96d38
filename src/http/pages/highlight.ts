import { type Html, html } from './html.ts';

/** Words of a text that something was found by. UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** `watch`: a watch's clause; `tag`: a topic or a name. */
  readonly by: 'watch' | 'tag';
  /** What it was found for. */
  readonly label: string;
}

/** A text with its spans marked. Where several lie over each other each piece is marked once, for a watch before a tag, and says all. Spans out of the text are left out. */
export function highlight(text: string, spans: readonly Span[]): Html {
  const valid = spans.filter(({ start, end }) => start >= 0 && start < end && end <= text.length);
  const cuts = [...new Set([0, text.length, ...valid.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  const pieces = cuts.slice(0, -1).map((start, i) => {
    const end = cuts[i + 1]!;
    const over = valid.filter((span) => span.start <= start && span.end >= end);
    const piece = text.slice(start, end);
    if (over.length === 0) return html`${piece}`;
    const label = [...new Set(over.map((span) => span.label))].slice(0, 6).join(', ');
    return over.some(({ by }) => by === 'watch')
      ? html`<mark title="${label}">${piece}</mark>`
      : html`<mark class="tag" title="${label}">${piece}</mark>`;
  });
  return html`${pieces}`;
}
