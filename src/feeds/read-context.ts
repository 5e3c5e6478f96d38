import type { XmlNode } from './xml-node.ts';
import { attributeOf, hasChildElements } from './xml-node.ts';

/** What reading one element needs to know of those around it. */
export interface ReadContext {
  /** Base of relative links: xml:base, else where the document came from. */
  readonly base: string | undefined;
  readonly lang: string | null;
  /** Told of each text field that holds inline markup: the tree has lost its order. */
  readonly onMarkup: () => void;
}

/** The context inside an element: its own xml:base (XML Base, section 4) and xml:lang apply. */
export function enter(context: ReadContext, node: XmlNode | undefined): ReadContext {
  const base = attributeOf(node, 'xml:base');
  const lang = attributeOf(node, 'xml:lang');
  if (base === undefined && lang === undefined) return context;
  return {
    ...context,
    base: base ? (resolveLink(base, context.base) ?? context.base) : context.base,
    lang: lang || context.lang,
  };
}

/** Notes inline markup in a text field. */
export function noteMarkup(context: ReadContext, node: XmlNode | undefined): void {
  if (hasChildElements(node)) context.onMarkup();
}

/**
 * A link as written, made absolute against a base. Line breaks and spaces that XML editors put in are dropped, `&amp;` that is left is `&`, and what
 * begins with `www.` is a host and no file; what is no URL even so (or needs a
 * base that is not known) gives null.
 */
export function resolveLink(raw: string, base: string | undefined): string | null {
  const trimmed = raw.trim();
  if (!trimmed) return null;
  const oneLine = /[\r\n\t]/.test(trimmed) ? trimmed.replace(/\s*[\r\n\t]\s*/g, '') : trimmed;
  // Escaped once too often, mostly inside CDATA: no URL means an entity.
  const unescaped = oneLine.includes('&') ? oneLine.replace(/&(?:amp|#38|#x26);/gi, '&') : oneLine;
  const compact = /^www\.[\w-]{1,63}\.[a-z]/i.test(unescaped) ? `http://${unescaped}` : unescaped;
  if (/^[a-z][a-z0-9+.-]*:/i.test(compact)) {
    // As written: a canonical form is another step's business, and readers compare this one.
    return URL.canParse(compact) ? compact : null;
  }
  return base && URL.canParse(compact, base) ? new URL(compact, base).href : null;
}
