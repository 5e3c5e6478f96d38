import type { AlsoMatched, StoryAlert } from './alert-schema.ts';
import { safeText } from './safe-text.ts';

/** Standard Webhooks 1.0, "Payload size": keep bodies under 20 kB. */
export const MAX_BODY_BYTES = 20_000;

/** Bytes of a value as JSON in UTF-8. */
export function bodyBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/**
 * Cuts detail until the body is under the limit: first the evidence of further watches, then the evidence itself, then titles of further
 * watches, the summary and at last the further watches that find no room. A cut body says `truncated: true`.
 */
export function fitBody(alert: StoryAlert): StoryAlert {
  let fitted = alert;
  for (const cut of CUTS) {
    if (bodyBytes(fitted) <= MAX_BODY_BYTES) return fitted;
    fitted = { ...fitted, data: { ...fitted.data, ...cut(fitted.data), truncated: true } };
  }
  return fitted;
}

type Cut = (data: StoryAlert['data']) => Partial<StoryAlert['data']>;

const CUTS: readonly Cut[] = [
  (data) => also(data, (other) => ({ ...other, evidence: other.evidence.slice(0, 3) })),
  (data) => ({ evidence: data.evidence.slice(0, 30) }),
  (data) => also(data, (other) => ({ ...other, evidence: [] })),
  (data) => ({ evidence: data.evidence.slice(0, 10) }),
  (data) => ({ evidence: data.evidence.slice(0, 3) }),
  (data) => also(data, (other) => ({ ...other, title: safeText(other.title, 40).text })),
  (data) => ({
    article: { ...data.article, summary: safeText(data.article.summary, 300).text },
    evidence: data.evidence.filter((span) => span.field !== 'summary' || span.end < 300),
  }),
  () => ({ evidence: [] }),
  (data) => (data.alsoMatched === undefined ? {} : { alsoMatched: data.alsoMatched.slice(0, 20) }),
];

function also(data: StoryAlert['data'], change: (other: AlsoMatched) => AlsoMatched): Partial<StoryAlert['data']> {
  return data.alsoMatched === undefined ? {} : { alsoMatched: data.alsoMatched.map(change) };
}
