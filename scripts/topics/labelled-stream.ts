import { createHash } from 'node:crypto';
import type { LabelledRow } from './training-set.ts';

/** An item of a stream of feed items, as JSON lines. */
export interface StreamItem {
  readonly title?: string;
  readonly description?: string;
  readonly link?: string;
  /** BCP 47. */
  readonly lang: string;
  /** ISO 8601. */
  readonly published?: string;
}

/** A label without the text it is about. */
export type Label = Pick<LabelledRow, 'id' | 'labels' | 'sub' | 'sure'>;

/** Longer texts are cut before they are labelled and learned from, in UTF-16 units. */
const MOST_TEXT = 1500;

/** The id labels know an item by: 16 hex digits of the SHA-256 of its link, or of its title where it has none. */
export function itemId({ link, title }: StreamItem): string {
  return createHash('sha256')
    .update(link ?? title ?? '')
    .digest('hex')
    .slice(0, 16);
}

/**
 * The stream's items that have a label, as rows to learn from, in the labels' order. Publishers' texts cannot be shipped, labels can: who
 * has the stream has the rows. Throws where items of the stream are missing, since other weights would come of it.
 */
export function joinLabels(labels: readonly Label[], stream: Iterable<StreamItem>): LabelledRow[] {
  const wanted = new Set(labels.map(({ id }) => id));
  const items = new Map<string, StreamItem>();
  for (const item of stream) {
    const id = itemId(item);
    if (wanted.has(id) && !items.has(id)) items.set(id, item);
  }
  const missing = labels.filter(({ id }) => !items.has(id));
  if (missing.length > 0)
    throw new Error(
      `labels: ${missing.length} of ${labels.length} items are not in the stream (first: ${missing[0]?.id}): is it the stream they were made of?`,
    );
  return labels.map((label) => {
    const { title, description, lang, published } = items.get(label.id) as StreamItem;
    return {
      ...label,
      title: title ?? '',
      text: (description ?? '').slice(0, MOST_TEXT),
      lang: lang.slice(0, 2),
      ...(published === undefined ? {} : { date: published.slice(0, 10) }),
    };
  });
}
