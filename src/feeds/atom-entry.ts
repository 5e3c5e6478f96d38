import type { ParsedItem } from './parsed-feed.ts';
import { enter, type ReadContext, resolveLink } from './read-context.ts';
import { distinct, firstDate, isAlternate, readMediaDescription } from './rss-item.ts';
import { readTextField } from './text-construct.ts';
import { attributeOf, childrenOf, firstOf, rawText, textAmong, type XmlNode } from './xml-node.ts';

const PUBLISHED = ['published', 'issued', 'created', 'dc:date', 'pubdate', 'dcterms:issued'];
const UPDATED = ['updated', 'modified', 'dcterms:modified'];

/**
 * An `<entry>` of Atom 1.0 (RFC 4287) or 0.3. Only `updated` is mandatory there: an entry without `published` was published when it was last
 * updated, as far as a reader can know.
 *
 * @param feedAuthor the feed's author, who wrote the entries that name none (RFC 4287, section 4.2.1)
 */
export function readAtomEntry(outer: ReadContext, node: XmlNode, feedAuthor: string | null): ParsedItem {
  const context = enter(outer, node);
  const guid = readId(context, node);
  const updatedAt = firstDate(node, UPDATED, context.lang);
  const { summary, text } = readEntryBodies(context, node);
  const originalLink = resolveLink(textAmong(node, ['feedburner:origlink', 'pheedo:origlink']), context.base);
  return {
    guid,
    link: readEntryLink(context, node, guid),
    ...(originalLink ? { originalLink } : {}),
    title: firstText(context, node, ['title', 'media:title', 'dc:title'], 'line'),
    summary,
    text,
    author: readAtomAuthor(context, node) ?? readAtomAuthor(context, firstOf(node, 'source')) ?? feedAuthor,
    categories: readEntryCategories(context, node),
    publishedAt: firstDate(node, PUBLISHED, context.lang) ?? updatedAt,
    updatedAt,
    lang: textAmong(node, ['dc:language']) || context.lang,
  };
}

/** The page of a feed or entry: `rel="alternate"` (the default), HTML before other types. */
export function readAlternate(outer: ReadContext, node: XmlNode | undefined): string | null {
  const alternates = childrenOf(node, 'link').filter(isAlternate);
  const html = alternates.filter((link) => /^$|html/i.test(attributeOf(link, 'type') ?? ''));
  for (const link of [...html, ...alternates]) {
    const url = resolveLink(attributeOf(link, 'href') ?? '', enter(outer, link).base);
    if (url) return url;
  }
  return null;
}

/** Names of the authors, joined; an address where there is no name. */
export function readAtomAuthor(context: ReadContext, node: XmlNode | undefined): string | null {
  for (const field of ['author', 'dc:creator', 'media:credit']) {
    const names = childrenOf(node, field).map((author) => {
      const named = firstOf(author, 'name') ?? firstOf(author, 'email');
      return named === undefined
        ? readTextField({ ...context, onMarkup: () => {} }, author, 'atom', 'line')
        : readTextField(context, named, 'atom', 'line');
    });
    const found = distinct(names);
    if (found.length) return found.join(', ');
  }
  return null;
}

/** Atom ids are compared as written; a relative one is only made absolute (a fault, but a frequent one in Atom 0.3). */
function readId(context: ReadContext, node: XmlNode): string | null {
  const raw = textAmong(node, ['id', 'guid']);
  if (!raw) return null;
  return raw.startsWith('/') ? (resolveLink(raw, context.base) ?? raw) : raw;
}

function readEntryLink(context: ReadContext, node: XmlNode, guid: string | null): string | null {
  const alternate = readAlternate(context, node);
  if (alternate) return alternate;
  const byRel = (rel: string): string => {
    const link = childrenOf(node, 'link').find((l) => attributeOf(l, 'rel')?.toLowerCase() === rel);
    return attributeOf(link, 'href') ?? '';
  };
  const written = childrenOf(node, 'link')
    .map(rawText)
    .find((text) => text.trim());
  const source = attributeOf(firstOf(node, 'content'), 'src') ?? '';
  const candidates = [
    written ?? '',
    source,
    byRel('self'),
    guid && /^https?:/i.test(guid) ? guid : '',
    byRel('enclosure'),
    byRel('related'),
  ];
  for (const candidate of candidates) {
    const link = resolveLink(candidate, context.base);
    if (link) return link;
  }
  return null;
}

function readEntryBodies(context: ReadContext, node: XmlNode): { summary: string; text: string } {
  const text = firstText(context, node, ['content', 'content:encoded', 'xhtml:body', 'body'], 'text');
  let summary = firstText(context, node, ['summary', 'description', 'subtitle', 'dc:description'], 'text');
  if (!summary && !text) summary = readMediaDescription(context, node);
  return summary === text ? { summary, text: '' } : { summary, text };
}

/** The first of these fields that says something. */
export function firstText(
  context: ReadContext,
  node: XmlNode | undefined,
  names: readonly string[],
  layout: 'line' | 'text',
): string {
  for (const name of names) {
    for (const child of childrenOf(node, name)) {
      const kind = name === 'description' || name.includes(':') ? 'html' : 'atom';
      const text = readTextField(context, child, kind, layout);
      if (text) return text;
    }
  }
  return '';
}

function readEntryCategories(context: ReadContext, node: XmlNode): string[] {
  const categories = childrenOf(node, 'category').map(
    (c) => attributeOf(c, 'label') ?? attributeOf(c, 'term') ?? readTextField(context, c, 'atom', 'line'),
  );
  const subjects = childrenOf(node, 'dc:subject').map((c) => readTextField(context, c, 'html', 'line'));
  return distinct([...categories, ...subjects, ...textAmong(node, ['media:keywords']).split(',')]);
}
