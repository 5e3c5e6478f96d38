export type Root =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json' }
  | { readonly kind: 'html'; readonly start: string }
  | { readonly kind: 'unknown'; readonly start: string }
  /** `index` is where the root element's `<` stands: prolog, doctype and junk lie before it. */
  | { readonly kind: 'xml'; readonly name: string; readonly index: number };

const FEED_NAME = /^(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel)$/i;
/** A server's error message may stand before the feed; a page that mentions a feed far down is still a page. */
const JUNK_CHARS = 8_192;

/**
 * What a decoded document is, from its beginning: where the root element of a feed stands, whatever junk is before it (blank lines, a
 * PHP warning, a comment, a doctype), or what was found in its place.
 */
export function findRoot(text: string): Root {
  const from = skipBlank(text);
  if (from >= text.length) return { kind: 'empty' };
  const first = text[from];
  if (first === '{' || first === '[') return { kind: 'json' };
  const own = firstElement(text, from);
  for (let at = own; at && at.index < from + JUNK_CHARS; at = firstElement(text, at.index + 1)) {
    if (FEED_NAME.test(at.name)) return { kind: 'xml', ...at };
  }
  const start = text
    .slice(from, from + 200)
    .replace(/\s+/g, ' ')
    .slice(0, 60);
  const html = own ? /^(?:html|head|body|div|p|script|meta)$/i.test(own.name) : false;
  return html || /^<!doctype\s+html/i.test(start) ? { kind: 'html', start } : { kind: 'unknown', start };
}

function skipBlank(text: string): number {
  let i = 0;
  while (i < text.length && (text.charCodeAt(i) <= 0x20 || text.charCodeAt(i) === 0xfeff)) i++;
  return i;
}

/** The first start tag outside comments, processing instructions and declarations. */
function firstElement(text: string, from: number): { name: string; index: number } | null {
  for (let i = text.indexOf('<', from); i >= 0; i = text.indexOf('<', i + 1)) {
    if (text.startsWith('<!--', i)) {
      const end = text.indexOf('-->', i + 4);
      if (end < 0) return null;
      i = end + 2;
    } else if (text.startsWith('<?', i)) {
      const end = text.indexOf('?>', i + 2);
      if (end < 0) return null;
      i = end + 1;
    } else if (text.startsWith('<!', i)) {
      const end = endOfDeclaration(text, i);
      if (end < 0) return null;
      i = end;
    } else {
      const name = /^<([A-Za-z_][\w.:-]{0,80})/.exec(text.slice(i, i + 90))?.[1];
      if (name) return { name, index: i };
    }
  }
  return null;
}

/** A doctype may hold an internal subset in brackets, with `>` in it. */
function endOfDeclaration(text: string, from: number): number {
  const close = text.indexOf('>', from);
  const subset = text.indexOf('[', from);
  if (subset < 0 || close < 0 || subset > close) return close;
  const subsetEnd = text.indexOf(']', subset);
  return subsetEnd < 0 ? -1 : text.indexOf('>', subsetEnd);
}
