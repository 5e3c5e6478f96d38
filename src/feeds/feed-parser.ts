import Parser from 'rss-parser';
import { firstText, readAlternate, readAtomAuthor, readAtomEntry } from './atom-entry.ts';
import { readFeedHints } from './feed-hints.ts';
import type { FeedFormat, LimitHit, ParsedFeed, ParsedItem } from './parsed-feed.ts';
import { enter, type ReadContext, resolveLink } from './read-context.ts';
import { firstField, isAlternate, readRssItem } from './rss-item.ts';
import type { Namer } from './xml-names.ts';
import { attributeOf, childrenOf, firstOf, rawText, textAmong, type XmlNode } from './xml-node.ts';

/** More than any feed of news needs; the newest come first in nearly all. */
const MAX_ITEMS = 2_000;

export interface FeedReading {
  readonly feed: ParsedFeed;
  /** A text field held inline markup, whose order xml2js has lost: read the document again with that markup escaped. */
  readonly hasInlineMarkup: boolean;
}

type Document = Readonly<Record<string, XmlNode>>;

/**
 * rss-parser 3.13 with its own reading of fields replaced. It parses the XML (xml2js), tells the formats apart and walks to the items; what its builders
 * do is overridden here, because they run a quadratic `getSnippet` over each body, throw a whole feed away for one bad Atom date or an empty `<link>`,
 * know namespaces by spelling only and drop categories, bases, Atom 0.3 and media descriptions. The methods are undocumented: the version is pinned,
 * and the tests hold each of them. One parser reads one document.
 */
class FeedParser extends Parser {
  private readonly context: ReadContext;
  private limits: LimitHit[] = [];
  hasInlineMarkup = false;

  constructor(namer: Namer, url: string | undefined) {
    super({
      defaultRSS: 2, // a version attribute is missing, or another number
      xml2js: {
        tagNameProcessors: [(name: string) => rootSpelling(namer(name))],
        attrNameProcessors: [namer],
      },
    });
    stopAtFirstError(this);
    this.context = { base: url, lang: null, onMarkup: () => (this.hasInlineMarkup = true) };
  }

  buildAtomFeed(document: Document): ParsedFeed {
    const root = document.feed ?? '';
    const context = enter(this.context, root);
    const author = readAtomAuthor(context, root);
    const entries = [...childrenOf(root, 'entry'), ...childrenOf(root, 'item')];
    return this.finish('atom', {
      title: firstText(context, root, ['title', 'dc:title'], 'line'),
      link: readAlternate(context, root) ?? resolveLink(textAmong(root, ['link']), context.base),
      language: context.lang ?? (textAmong(root, ['dc:language', 'language']) || null),
      hints: readFeedHints(root, context.base),
      items: this.keep(entries).map((entry) => this.parseItemAtom(entry, context, author)),
    });
  }

  parseItemAtom(entry: XmlNode, context: ReadContext, feedAuthor: string | null): ParsedItem {
    return readAtomEntry(context, entry, feedAuthor);
  }

  buildRSS0_9(document: Document): ParsedFeed {
    return this.buildRSS2(document);
  }

  buildRSS1(document: Document): ParsedFeed {
    const root = document['rdf:RDF'] ?? '';
    return this.buildRSS(firstOf(root, 'channel'), this.itemsOf(root), root, 'rdf');
  }

  buildRSS2(document: Document): ParsedFeed {
    const root = document.rss ?? '';
    return this.buildRSS(firstOf(root, 'channel') ?? root, this.itemsOf(root), root, 'rss');
  }

  /** Items stand in the channel, beside it (RSS 0.90, 1.0), or in several channels. */
  private itemsOf(root: XmlNode): XmlNode[] {
    const channels = childrenOf(root, 'channel');
    const holders = [...channels, root, ...[...channels, root].flatMap((holder) => childrenOf(holder, 'items'))];
    return holders.flatMap((holder) => ['item', 'atom:entry', 'entry'].flatMap((name) => childrenOf(holder, name)));
  }

  buildRSS(channel: XmlNode | undefined, items: XmlNode[], root: XmlNode, format: FeedFormat): ParsedFeed {
    const context = enter(enter(this.context, root), channel);
    const language = textAmong(channel, ['language', 'dc:language']) || context.lang;
    const link = this.channelLink(channel, context);
    const inner: ReadContext = { ...context, base: context.base ?? link ?? undefined, lang: language || null };
    const isCdf = attributeOf(channel, 'href') !== undefined && !childrenOf(channel, 'link').length;
    return this.finish(isCdf ? 'cdf' : format, {
      title: firstField(context, channel, ['title', 'dc:title', 'atom:title'], 'line'),
      link,
      language: language || null,
      hints: readFeedHints(channel, inner.base),
      items: this.keep(items).map((item) => this.parseItemRss(item, inner)),
    });
  }

  parseItemRss(item: XmlNode, context: ReadContext): ParsedItem {
    // An Atom entry inside RSS has its names with a prefix; the reader of RSS items knows them.
    return readRssItem(context, item);
  }

  private channelLink(channel: XmlNode | undefined, context: ReadContext): string | null {
    for (const link of childrenOf(channel, 'link')) {
      const url = resolveLink(rawText(link), context.base);
      if (url) return url;
    }
    const atom = [...childrenOf(channel, 'atom:link'), ...childrenOf(channel, 'link')].find(isAlternate);
    return resolveLink(attributeOf(atom, 'href') ?? attributeOf(channel, 'href') ?? '', context.base);
  }

  private keep(items: XmlNode[]): XmlNode[] {
    if (items.length <= MAX_ITEMS) return items;
    this.limits.push({ limit: 'items', seen: items.length, kept: MAX_ITEMS });
    return items.slice(0, MAX_ITEMS);
  }

  private finish(format: FeedFormat, feed: Omit<ParsedFeed, 'format' | 'limits'>): ParsedFeed {
    return { format, ...feed, limits: this.limits };
  }
}

/** xml2js notes the first error and reads on to the end, for nothing: each further one costs as much again. Thrown, it ends the reading, and xml2js hands it on. */
function stopAtFirstError(parser: Parser): void {
  const { xmlParser } = parser as unknown as { readonly xmlParser: { saxParser: { onerror: (error: Error) => void } } };
  xmlParser.saxParser.onerror = (error) => {
    throw error;
  };
}

/** rss-parser looks for the root of RSS 1.0 under this spelling. */
function rootSpelling(name: string): string {
  return name === 'rdf:rdf' || name === 'rdf' ? 'rdf:RDF' : name;
}

/**
 * One feed document of XML to its reading.
 *
 * @param xml from the root element on
 * @param url the base of relative links
 * @throws what the XML parser or rss-parser say of a document that is not well-formed or no feed
 */
export async function readXmlFeed(xml: string, namer: Namer, url: string | undefined): Promise<FeedReading> {
  const parser = new FeedParser(namer, url);
  const reading = parser.parseString(xml) as unknown as Promise<ParsedFeed>;
  // xml2js works synchronously: what has not settled by the next turn of the loop never will.
  const never = new Promise<never>((_, reject) => {
    setImmediate(() => reject(new Error('the XML parser gave no answer')));
  });
  never.catch(() => {});
  const feed = await Promise.race([reading, never]);
  return { feed, hasInlineMarkup: parser.hasInlineMarkup };
}
