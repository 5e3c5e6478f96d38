import { cleanLine, cleanText, htmlToLine, htmlToText, looksLikeHtml } from './plain-text.ts';
import { noteMarkup, type ReadContext } from './read-context.ts';
import { attributeOf, rawText, type XmlNode } from './xml-node.ts';

/** How a text field is to be read: RSS means HTML; Atom says so in `type` (RFC 4287, section 3.1) and, in version 0.3, `mode`. */
export type TextKind = 'html' | 'atom';
type Layout = 'line' | 'text';

/** A text field to plain text: one line for titles and names, paragraphs otherwise. */
export function readTextField(context: ReadContext, node: XmlNode | undefined, kind: TextKind, layout: Layout): string {
  if (node === undefined) return '';
  noteMarkup(context, node);
  const raw = rawText(node);
  if (!raw.trim()) return '';
  const type = (attributeOf(node, 'type') ?? '').trim().toLowerCase();
  if (isBase64(type, attributeOf(node, 'mode'))) return fromHtml(decodeBase64(raw), layout);
  if (kind === 'html' || /html|xml/.test(type) || attributeOf(node, 'mode') === 'xml' || looksLikeHtml(raw))
    return fromHtml(raw, layout);
  return layout === 'line' ? cleanLine(raw) : cleanText(raw);
}

function fromHtml(html: string, layout: Layout): string {
  return layout === 'line' ? htmlToLine(html) : htmlToText(html);
}

/** Atom 0.3 says mode="base64"; Atom 1.0 implies it for media types that are neither text nor XML (RFC 4287, section 4.1.3.3). */
function isBase64(type: string, mode: string | undefined): boolean {
  if (mode !== undefined) return mode === 'base64';
  return type.includes('/') && !type.startsWith('text/') && !/[/+]xml\b/.test(type) && !type.includes('html');
}

function decodeBase64(raw: string): string {
  return new TextDecoder().decode(Buffer.from(raw, 'base64'));
}
