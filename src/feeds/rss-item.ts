import { parseFeedDate } from './feed-dates.ts';
import type { ParsedItem } from './parsed-feed.ts';
import { enter, type ReadContext, resolveLink } from './read-context.ts';
import { readTextField } from './text-construct.ts';
import { attributeOf, childrenOf, firstOf, rawText, textAmong, type XmlNode } from './xml-node.ts';

/** Which elements hold what, the best first. Sources: RSS 2.0 (rssboard.org), RSS 1.0 and its modules, Media RSS, CDF, and Atom elements that RSS feeds borrow. */
const SUMMARIES = [
  'description',
  'summary',
  'atom:summary',
  'abstract',
  'itunes:summary',
  'dc:description',
  'dcterms:abstract',
];
const BODIES = [
  'content:encoded',
  'xhtml:body',
  'body',
  'fullitem',
  'content',
  'atom:content',
  'encoded',
  'yandex:full-text',
];
const PUBLISHED = [
  'pubdate',
  'dc:date',
  'dcterms:issued',
  'dcterms:created',
  'atom:published',
  'atom:issued',
  'published',
  'issued',
  'date',
  'created',
];
const UPDATED = ['atom:updated', 'dcterms:modified', 'atom:modified', 'updated', 'modified', 'lastbuilddate'];
const TITLES = ['title', 'media:title', 'dc:title', 'atom:title', 'itunes:title'];

/** An `<item>` of RSS 0.9x, 1.0 or 2.0, or of CDF. */
export function readRssItem(outer: ReadContext, node: XmlNode): ParsedItem {
  const context = enter(outer, node);
  const lang = textAmong(node, ['dc:language', 'language']) || context.lang;
  const about = attributeOf(node, 'rdf:about') ?? attributeOf(node, 'about');
  const guid = textAmong(node, ['guid', 'id', 'atom:id', 'dc:identifier']) || about?.trim() || null;
  const { summary, text } = readBodies(context, node);
  const publishedAt = firstDate(node, PUBLISHED, lang);
  const updatedAt = firstDate(node, UPDATED, lang);
  const originalLink = resolveLink(textAmong(node, ['feedburner:origlink', 'pheedo:origlink']), context.base);
  return {
    guid,
    link: readLink(context, node, guid),
    ...(originalLink ? { originalLink } : {}),
    title: firstField(context, node, TITLES, 'line'),
    summary,
    text,
    author: readAuthor(context, node),
    categories: readCategories(context, node),
    publishedAt: publishedAt ?? updatedAt,
    updatedAt,
    lang,
  };
}

function readLink(context: ReadContext, node: XmlNode, guid: string | null): string | null {
  for (const link of childrenOf(node, 'link')) {
    const written = resolveLink(rawText(link), context.base);
    if (written) return written;
  }
  const alternate = [...childrenOf(node, 'link'), ...childrenOf(node, 'atom:link')].find(isAlternate);
  const atomLink = resolveLink(attributeOf(alternate, 'href') ?? '', context.base);
  if (atomLink) return atomLink;
  const permanent = attributeOf(firstOf(node, 'guid'), 'ispermalink')?.trim().toLowerCase() !== 'false';
  const candidates = [
    permanent && guid && /^https?:/i.test(guid) ? guid : '',
    attributeOf(node, 'href') ?? '', // CDF
    attributeOf(firstOf(node, 'enclosure'), 'url') ?? '',
    attributeOf(firstOf(node, 'media:content') ?? firstOf(firstOf(node, 'media:group'), 'media:content'), 'url') ?? '',
  ];
  for (const candidate of candidates) {
    const link = resolveLink(candidate, context.base);
    if (link) return link;
  }
  return null;
}

/** An Atom link to the page itself; a default namespace on the element makes it one too. */
export function isAlternate(link: XmlNode): boolean {
  const rel = attributeOf(link, 'rel');
  return (
    attributeOf(link, 'href') !== undefined && (rel === undefined || rel === '' || rel.toLowerCase() === 'alternate')
  );
}

/** Teaser and full text. Media RSS describes a picture as often as the piece, so it only fills a gap; of a description beside a summary the summary is the teaser; the same words twice are kept once. */
function readBodies(context: ReadContext, node: XmlNode): { summary: string; text: string } {
  const text = firstField(context, node, BODIES, 'text');
  let summary = firstField(context, node, SUMMARIES, 'text');
  if (!summary && !text) summary = readMediaDescription(context, node);
  const teaser = text ? '' : firstField(context, node, ['summary', 'atom:summary'], 'text');
  if (teaser && teaser !== summary) return { summary: teaser, text: summary };
  return summary === text ? { summary, text: '' } : { summary, text };
}

/** `media:description`, also inside `media:group` (YouTube) and `media:content`. */
export function readMediaDescription(context: ReadContext, node: XmlNode): string {
  const holders = [node, ...childrenOf(node, 'media:group'), ...childrenOf(node, 'media:content')];
  for (const holder of holders) {
    const text = readTextField(context, firstOf(holder, 'media:description'), 'html', 'text');
    if (text) return text;
  }
  return '';
}

export function firstField(
  context: ReadContext,
  node: XmlNode | undefined,
  names: readonly string[],
  layout: 'line' | 'text',
): string {
  for (const name of names) {
    for (const child of childrenOf(node, name)) {
      const text = readTextField(context, child, 'html', layout);
      if (text) return text;
    }
  }
  return '';
}

/** The first of these elements that holds a date which can be read. */
export function firstDate(node: XmlNode, names: readonly string[], lang: string | null): string | null {
  for (const name of names) {
    for (const child of childrenOf(node, name)) {
      const date = parseFeedDate(rawText(child), lang);
      if (date) return date;
    }
  }
  return null;
}

/** `dc:creator` and `author`, several joined; an address beside the name is left out. */
function readAuthor(context: ReadContext, node: XmlNode): string | null {
  const names: string[] = [];
  for (const field of ['dc:creator', 'author', 'atom:author', 'itunes:author', 'media:credit']) {
    for (const child of childrenOf(node, field)) {
      const nested = textAmong(child, ['name', 'atom:name']);
      const name = nested || readTextField(context, child, 'html', 'line');
      names.push(withoutAddress(name));
    }
    const found = [...new Set(names.filter(Boolean))];
    if (found.length) return found.join(', ');
  }
  return null;
}

/** "mail@example.org (Name)", as RSS has it, and "Name <mail@example.org>", as mail does. */
function withoutAddress(author: string): string {
  const named =
    /^\S{1,200}@\S{1,200}\s?\((.{1,200})\)$/.exec(author) ??
    /^([^<>]{1,200}?)\s?<[^<>\s]{1,200}@[^<>\s]{1,200}>$/.exec(author);
  return (named?.[1] ?? author).trim();
}

function readCategories(context: ReadContext, node: XmlNode): string[] {
  const plain = ['category', 'dc:subject', 'atom:category', 'itunes:category'].flatMap((name) =>
    childrenOf(node, name).map(
      (child) =>
        attributeOf(child, 'label') ??
        attributeOf(child, 'term') ??
        attributeOf(child, 'text') ??
        readTextField(context, child, 'html', 'line'),
    ),
  );
  const lists = [textAmong(node, ['media:keywords']), textAmong(node, ['itunes:keywords'])].flatMap((list) =>
    list.split(','),
  );
  return distinct([...plain, ...lists]);
}

/** Trimmed, without empty ones and repeats. */
export function distinct(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.replace(/\s+/g, ' ').trim()).filter(Boolean))];
}
