import { hasCostlyMarkup } from './costly-markup.ts';
import { decodeBytes } from './decode-bytes.ts';
import { FeedParseError } from './feed-parse-error.ts';
import { type FeedReading, readXmlFeed } from './feed-parser.ts';
import { findRoot } from './find-root.ts';
import { expandInternalEntities } from './internal-entities.ts';
import { readJsonFeed } from './json-feed.ts';
import { nestingDepth } from './nesting.ts';
import type { LimitHit, ParsedFeed, ParseHints } from './parsed-feed.ts';
import { repairXml } from './repair-xml.ts';
import { joinSurrogateReferences } from './surrogate-references.ts';
import { namerFor } from './xml-names.ts';

/** A tree deeper than this is not built from the document as it stands. */
const MAX_TREE_DEPTH = 256;

/**
 * Bytes to a feed: RSS 0.9x, 1.0 (RDF), 2.0, Atom 0.3 and 1.0, CDF and JSON Feed 1.x. The steps, each in a file of its own: decode the bytes, find the root,
 * let rss-parser read the XML, and repair it once where it is not well-formed, holds inline markup, is nested too deep, or yields no item although some stand in it.
 * Depends on nothing but its arguments. It works synchronously between its promises: give it to the parse pool, where bytes come from strangers.
 *
 * @param bytes the document; the caller bounds their number
 * @throws FeedParseError with a code that says what was found instead of a feed
 */
export async function parseFeed(bytes: Uint8Array, hints: ParseHints = {}): Promise<ParsedFeed> {
  const { text } = decodeBytes(bytes, hints.contentType);
  const root = findRoot(text);
  switch (root.kind) {
    case 'empty':
      throw new FeedParseError('empty', `the document is empty (${bytes.length} bytes)`);
    case 'json':
      return readJsonFeed(text, hints.url);
    case 'html':
      throw new FeedParseError(
        'html',
        `found an HTML page where a feed should be; it begins with ${JSON.stringify(root.start)}`,
      );
    case 'unknown':
      throw new FeedParseError(
        'not-a-feed',
        `found neither RSS, Atom nor JSON Feed; the document begins with ${JSON.stringify(root.start)}`,
      );
    case 'xml':
      return parseXml(xmlFrom(text, root.index), root.name, hints.url);
  }
}

/** The document from its root element on, with what only its prolog could explain put in. */
function xmlFrom(text: string, rootAt: number): string {
  const xml = joinSurrogateReferences(rootAt > 0 ? text.slice(rootAt) : text);
  return rootAt > 0 ? expandInternalEntities(text.slice(0, rootAt), xml) : xml;
}

async function parseXml(xml: string, rootName: string, url: string | undefined): Promise<ParsedFeed> {
  const namer = namerFor(xml, rootName);
  let cause: unknown;
  let asWritten: FeedReading | null = null;
  // Inline XHTML that announces itself needs no first try.
  if (
    !/\stype\s?=\s?["'](?:xhtml|application\/xhtml\+xml)["']/.test(xml) &&
    nestingDepth(xml) <= MAX_TREE_DEPTH &&
    !hasCostlyMarkup(xml)
  ) {
    try {
      asWritten = await readXmlFeed(xml, namer, url);
    } catch (error) {
      cause = error;
    }
  }
  if (asWritten && !asWritten.hasInlineMarkup && (asWritten.feed.items.length > 0 || !mentionsItems(xml)))
    return asWritten.feed;
  const repaired = repairXml(xml, namer);
  try {
    const { feed } = await readXmlFeed(repaired.xml, (name) => name, url);
    return asWritten && asWritten.feed.items.length > feed.items.length
      ? asWritten.feed
      : withLimits(feed, repaired.limits);
  } catch (error) {
    if (asWritten) return asWritten.feed;
    const { seen = 0, kept = 0 } = repaired.limits.find(({ limit }) => limit === 'nesting') ?? {};
    if (seen)
      throw new FeedParseError('too-deep', `elements are nested ${seen} deep, ${kept} are read`, { cause: error });
    throw new FeedParseError('malformed', `the XML could not be read, even after a repair: ${reason(cause ?? error)}`, {
      cause: error,
    });
  }
}

function mentionsItems(xml: string): boolean {
  return /<(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s>])/i.test(xml);
}

function withLimits(feed: ParsedFeed, limits: readonly LimitHit[]): ParsedFeed {
  return limits.length ? { ...feed, limits: [...feed.limits, ...limits] } : feed;
}

/** sax appends line, column and the offending character on lines of their own. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n').slice(0, 2).join(', ').slice(0, 160);
}
