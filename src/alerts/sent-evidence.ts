import type { Article } from '../articles/article.ts';
import type { Evidence } from '../text/evidence.ts';
import type { SentEvidence } from './alert-schema.ts';
import { type SafeText, safeText, wholeCharacters } from './safe-text.ts';

/** Words around a span in the text, on either side: enough to read the clause. */
const SNIPPET_REACH = 80;
const MAX_SPAN = 300;

/**
 * Evidence as it is sent. Spans in title and summary are moved to the offsets of those fields as sent; a span in the text, which is not
 * sent, keeps its offsets and carries a snippet. Spans of words that were cut off are left out: `dropped` says that there were some.
 */
export function sentEvidence(
  evidence: readonly Evidence[],
  article: Pick<Article, 'text'>,
  fields: { readonly title: SafeText; readonly summary: SafeText },
): { evidence: SentEvidence[]; dropped: boolean } {
  const sent: SentEvidence[] = [];
  for (const span of evidence) {
    const term = safeText(span.term, MAX_SPAN).text;
    if (span.field === 'text') {
      sent.push({ field: 'text', start: span.start, end: span.end, ...snippet(article.text, span), term });
      continue;
    }
    const field = fields[span.field];
    const start = field.offset(span.start);
    const end = field.offset(span.end);
    // A cut goes through a span or past it: either way the words are not there to be shown.
    if (end - start > 0 && !(field.cut && end === field.offset(Number.MAX_SAFE_INTEGER))) {
      sent.push({ field: span.field, start, end, text: field.text.slice(start, end).toWellFormed(), term });
    }
  }
  return { evidence: sent, dropped: sent.length < evidence.length };
}

function snippet(text: string, span: Evidence): { text: string; snippet: string; snippetStart: number } {
  const found = safeText(text.slice(span.start, span.end), MAX_SPAN).text;
  const from = beginning(text, span.start - SNIPPET_REACH);
  const to = ending(text, span.end + SNIPPET_REACH);
  const before = safeText(text.slice(from, span.start), MAX_SPAN).text.trimStart();
  const after = safeText(text.slice(span.end, to), MAX_SPAN).text.trimEnd();
  const lead = from > 0 ? '…' : '';
  const trail = to < text.length ? '…' : '';
  return {
    text: found,
    snippet: `${lead}${before}${found}${after}${trail}`,
    snippetStart: lead.length + before.length,
  };
}

/** The next beginning of a word after `from`, or `from` itself in a script without spaces. */
function beginning(text: string, from: number): number {
  if (from <= 0) return 0;
  const space = text.slice(from, from + SNIPPET_REACH / 2).search(/\s/);
  if (space >= 0) return from + space + 1;
  return wholeCharacters(text, from);
}

function ending(text: string, to: number): number {
  if (to >= text.length) return text.length;
  const tail = text.slice(to - SNIPPET_REACH / 2, to);
  const space = tail.search(/\s\S*$/);
  return space >= 0 ? to - tail.length + space : wholeCharacters(text, to);
}
