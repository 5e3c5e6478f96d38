import { isMap, isSeq, parseDocument } from 'yaml';
import type { ImportedFeed } from '../src/feeds/import-feeds.ts';

/** feeds.yaml is not what it should be, so nothing is added to it. */
class FeedsFileError extends Error {
  override readonly name = 'FeedsFileError';
  readonly code = 'bad-feeds-file';
}

/** YAML as people write it: no line folding, `[a, b]` without inner spaces. */
const STYLE = { lineWidth: 0, flowCollectionPadding: false } as const;

/**
 * Adds feeds to the text of a feeds.yaml. What stands in it keeps its order and comments.
 *
 * @throws FeedsFileError when the text is no YAML or holds something else than a list under `feeds`.
 */
export function addFeeds(text: string, feeds: readonly ImportedFeed[]): string {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) throw new FeedsFileError(`feeds.yaml: ${problem.message}`, { cause: problem });
  if (document.contents !== null && !isMap(document.contents))
    throw new FeedsFileError('feeds.yaml: found no mapping with a list of feeds');
  const existing = document.get('feeds');
  const list = existing === null || existing === undefined ? document.createNode([]) : existing;
  if (!isSeq(list)) throw new FeedsFileError('feeds.yaml: feeds is not a list');
  list.flow = false;
  for (const feed of feeds) {
    const node = document.createNode(feed);
    const tags = isMap(node) ? node.get('tags') : undefined;
    if (isSeq(tags)) tags.flow = true;
    list.add(node);
  }
  document.set('feeds', list);
  return document.toString(STYLE);
}
