import { Parser } from 'htmlparser2';

/** A feed as an OPML file lists it. */
export interface OpmlFeed {
  readonly url: string;
  readonly name: string;
  /** The folders it stood in, outermost first, and its own categories. */
  readonly folders: readonly string[];
}

export interface OpmlReading {
  readonly title: string;
  readonly feeds: readonly OpmlFeed[];
  /** What was in the file and could not be taken, with the reason. */
  readonly skipped: readonly { readonly url: string; readonly reason: string }[];
}

/** Files with more are not lists of feeds a person reads. */
const MAX_FEEDS = 20_000;
const MAX_FOLDER_DEPTH = 64;
/** Each open tag makes the parser slower; missing end tags count as open. */
const MAX_OPEN_TAGS = 20_000;

/**
 * Reads OPML 1.0 and 2.0 (opml.org/spec2.opml), also what is not well-formed: bare ampersands and angle brackets,
 * missing quotes and end tags, wrong case. A feed listed twice counts once, with the folders of both.
 */
export function readOpml(text: string): OpmlReading {
  const feeds = new Map<string, { url: string; name: string; folders: Set<string> }>();
  const skipped: { url: string; reason: string }[] = [];
  const path: (string | null)[] = [];
  let title = '';
  let inTitle = false;
  let openTags = 0;

  const take = (attributes: Readonly<Record<string, string>>) => {
    const raw = attributes.xmlurl?.trim() ?? '';
    const url = feedUrl(raw);
    const known = url === null ? undefined : feeds.get(url);
    const reason =
      url === null
        ? 'not an http or https address without credentials'
        : known
          ? 'listed twice'
          : feeds.size >= MAX_FEEDS
            ? `more than ${MAX_FEEDS} feeds`
            : null;
    if (reason) skipped.push({ url: url ?? raw, reason });
    if (url === null || (reason && !known)) return;
    const feed = known ?? { url, name: nameOf(attributes) || new URL(url).hostname, folders: new Set<string>() };
    for (const folder of [...path, ...categoriesOf(attributes)]) if (folder) feed.folders.add(folder);
    feeds.set(url, feed);
  };

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        openTags += 1;
        if (openTags > MAX_OPEN_TAGS) {
          if (openTags === MAX_OPEN_TAGS + 1)
            skipped.push({ url: '', reason: `over ${MAX_OPEN_TAGS} open tags: the rest of the file` });
          parser.pause();
          return;
        }
        inTitle = name === 'title' && path.length === 0;
        if (name !== 'outline') return;
        const isFeed = attributes.xmlurl !== undefined;
        if (isFeed) take(attributes);
        path.push(isFeed || path.length >= MAX_FOLDER_DEPTH ? null : nameOf(attributes));
      },
      ontext(chunk) {
        if (inTitle) title += chunk;
      },
      onclosetag(name) {
        openTags -= 1;
        inTitle = false;
        if (name === 'outline') path.pop();
      },
    },
    { xmlMode: true, decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.end(withInnerQuotesEscaped(text));
  return {
    title: title.trim(),
    feeds: [...feeds.values()].map((feed) => ({ ...feed, folders: [...feed.folders] })),
    skipped,
  };
}

/** What follows a quotation mark that ends a value, up to the next one: another attribute, or the tag's end. */
const AFTER_VALUE = /^(\s+[\w:.-]{1,40}\s*=\s*$|\s+[\w:.-]{1,40}\s*='|\s*[/?]?>)/;

/** `title="Gazeta "Herald""`: escapes the marks within a value. One pass, so that no file makes it slow. */
function withInnerQuotesEscaped(text: string): string {
  const parts = text.split('"');
  const out = [parts[0] ?? ''];
  let isOpen = false;
  for (const [index, part] of parts.entries()) {
    if (index === 0) continue;
    const before = parts[index - 1]!;
    const ends: boolean = isOpen && (AFTER_VALUE.test(part) || before.includes('<') || index === parts.length - 1);
    out.push(isOpen && !ends ? '&quot;' : '"', part);
    isOpen = isOpen ? !ends : /=\s{0,8}$/.test(before.slice(-10));
  }
  return out.join('');
}

/** `feed:` and `feed://` are old ways of writing http. */
function feedUrl(raw: string): string | null {
  const url = URL.parse(raw.replace(/^feed:(\/\/)?(?=https?:)/i, '').replace(/^feed:/i, 'http:'));
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username || url.password) return null;
  url.hash = '';
  return url.href;
}

function nameOf(attributes: Readonly<Record<string, string>>): string {
  return (attributes.title?.trim() || attributes.text?.trim() || '').replace(/\s+/g, ' ').slice(0, 200);
}

/** OPML 2.0: a comma separated list of slash-delimited categories. */
function categoriesOf({ category }: Readonly<Record<string, string>>): string[] {
  return (category ?? '').split(/[,/]/).map((part) => part.trim());
}

/**
 * Writes OPML 2.0; each feed stands in the folder of its first tag, where it has one.
 *
 * @param createdAt ms since 1970.
 */
export function writeOpml(
  title: string,
  feeds: readonly { readonly url: string; readonly name: string; readonly tags: readonly string[] }[],
  createdAt: number,
): string {
  const folders = Map.groupBy(feeds, (feed) => feed.tags[0] ?? '');
  const outline = (feed: (typeof feeds)[number], indent: string) => {
    const category = feed.tags.length ? ` category="${escaped(feed.tags.join(','))}"` : '';
    const name = escaped(feed.name);
    return `${indent}<outline type="rss" text="${name}" title="${name}" xmlUrl="${escaped(feed.url)}"${category}/>`;
  };
  const body = [...folders].flatMap(([folder, list]) =>
    folder
      ? [`    <outline text="${escaped(folder)}">`, ...list.map((feed) => outline(feed, '      ')), '    </outline>']
      : list.map((feed) => outline(feed, '    ')),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<opml version="2.0">',
    '  <head>',
    `    <title>${escaped(title)}</title>`,
    `    <dateCreated>${new Date(createdAt).toUTCString()}</dateCreated>`,
    '  </head>',
    '  <body>',
    ...body,
    '  </body>',
    '</opml>',
    '',
  ].join('\n');
}

/** XML 1.0, 2.2: what is no character in XML is left out. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[\t\n\r]/g, ' ');
}
