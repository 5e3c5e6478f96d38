import { decodeHTML } from 'entities';
import { Tokenizer } from 'htmlparser2';
import { undoDoubleEncoding, windows1252Character } from './double-encoding.ts';
import { BLOCK_ELEMENTS, HIDDEN_ELEMENTS, HTML_ELEMENTS, PARAGRAPH_ELEMENTS } from './html-names.ts';
import { joinSurrogateReferences } from './surrogate-references.ts';

/**
 * HTML to the text a reader sees, in linear time whatever comes in (a tokenizer pass, no tree, no regular expression over the whole).
 * Line breaks, list items and rows become `\n`, paragraphs `\n\n`, table cells a space; scripts, styles and frames vanish; entities are decoded.
 *
 * @param written text that may hold markup
 */
export function htmlToText(written: string): string {
  const html = prepare(written);
  if (html.includes('<')) return cleanText(stripTags(html, false));
  const text = html.includes('&') ? decodeHTML(html) : html;
  return cleanText(isEscapedBody(text) ? stripTags(text, false) : text);
}

/** The same for a one-line field: a title. Tags that HTML does not know (`vector<int>`, `<user>`) stay, because they are words there. */
export function htmlToLine(written: string): string {
  const html = prepare(written);
  if (html.includes('<')) return cleanLine(stripTags(html, true));
  const text = html.includes('&') ? decodeHTML(html) : html;
  return cleanLine(isEscapedBody(text) ? stripTags(text, true) : text);
}

function prepare(written: string): string {
  const html = joinSurrogateReferences(undoDoubleEncoding(written));
  return html.includes('<!') ? endDeclarations(html) : html;
}

/**
 * What HTML swallows to its very end is text, or ends at the next `>`: a comment that is never closed (but not Office's conditional ones, which hold
 * no text), a `<!DOCTYPE` without end, any other `<!`.
 */
function endDeclarations(html: string): string {
  const tail = html.lastIndexOf('-->') + 1; // 0 when there is none
  const lastClose = html.lastIndexOf('>') + 1;
  const ended =
    html.slice(0, tail) + html.slice(tail, lastClose).replace(/<!--(?!\[)[^>]*>/g, '') + html.slice(lastClose);
  const close = ended.lastIndexOf('>');
  return ended.replace(/<!(?!--|\[)(doctype\b)?/gi, (start, doctype: string | undefined, at: number) =>
    doctype !== undefined && at < close ? start : `&lt;${start.slice(1)}`,
  );
}

/** True for markup that was escaped once too often: it begins with a tag and closes one. A mere mention of a tag is text. */
function isEscapedBody(text: string): boolean {
  const first = /^\s{0,99}<([a-z][a-z0-9]{0,15})[\s/>]/i.exec(text)?.[1];
  return first !== undefined && HTML_ELEMENTS.has(first.toLowerCase()) && looksLikeHtml(text);
}

/** True when text that claims to be plain holds markup all the same: a closing tag or an entity that HTML knows. */
export function looksLikeHtml(text: string): boolean {
  for (const match of text.matchAll(
    /<\/([a-z][a-z0-9]{0,15})\s{0,5}>|<(?:br|img|hr)\b|&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8});/gi,
  )) {
    if (match[1] === undefined || HTML_ELEMENTS.has(match[1].toLowerCase())) return true;
  }
  return false;
}

/** Plain text made presentable: no control characters, one form of each letter (NFC), single spaces, at most one blank line. */
export function cleanText(text: string): string {
  return repairCharacters(text)
    .replace(/[^\S\n]{2,}|[^\S\n ]/g, ' ')
    .replace(/ \n ?|\n /g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Each run of white space as one space. A single space is left where it is: replacing it by itself would cost most of the time and of the memory. */
function singleSpaces(text: string): string {
  return text.replace(/\s{2,}|[^\S ]/g, ' ');
}

/** `cleanText` on one line. */
export function cleanLine(text: string): string {
  return singleSpaces(repairCharacters(text)).trim();
}

const CONTROLS = /[^\P{Cc}\t\n]|[\ufeff\ufffe\uffff]|\p{Cs}/u;

/** Characters XML forbids go; C1 controls are read as the windows-1252 characters their writers meant (WHATWG HTML, 13.2.5.80). */
function repairCharacters(text: string): string {
  const lines = streamSafe(undoDoubleEncoding(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text));
  if (!CONTROLS.test(lines)) return lines.normalize('NFC');
  return lines
    .toWellFormed()
    .replace(/[\u0080-\u009f]/g, (c) => windows1252Character(c.charCodeAt(0)))
    .replace(/[^\P{Cc}\t\n]|[\ufeff\ufffe\uffff]/gu, '')
    .normalize('NFC');
}

/** At most 30 marks on one letter (UAX #15, Stream-Safe Text Format): sorting them is quadratic, in native code that no time limit stops. */
function streamSafe(text: string): string {
  return /\p{M}{31}/u.test(text) ? text.replace(/(\p{M}{30})\p{M}+/gu, '$1') : text;
}

const BLOCK_EDGE = ' \n';
const PARAGRAPH_EDGE = ' \n\n';

function stripTags(html: string, keepUnknown: boolean): string {
  const parts: string[] = [];
  let hidden = '';
  let tagStart = 0;
  let tagName = '';
  const open = (end: number): void => {
    if (keepUnknown && !HTML_ELEMENTS.has(tagName) && !tagName.includes(':'))
      parts.push(html.slice(tagStart - 1, end + 1));
    else separate(parts, tagName);
  };
  let preformatted = 0;
  const text = (piece: string): void => {
    if (hidden) return;
    const shown = preformatted > 0 ? piece : singleSpaces(piece);
    // White space between two blocks is not seen.
    if (shown !== ' ' || !parts.at(-1)?.startsWith(BLOCK_EDGE)) parts.push(shown);
  };
  const tokenizer = new Tokenizer(
    { decodeEntities: true, recognizeSelfClosing: true }, // XHTML habits: `<iframe …/>` holds nothing
    {
      ontext: (start, end) => text(html.slice(start, end)),
      ontextentity: (codePoint) => text(String.fromCodePoint(codePoint)),
      oncdata: (start, end, offset) => text(html.slice(start, end - offset)),
      onopentagname: (start, end) => {
        tagStart = start;
        tagName = html.slice(start, end).toLowerCase();
        if (!hidden && HIDDEN_ELEMENTS.has(tagName)) hidden = tagName;
        if (tagName === 'pre') preformatted += 1;
      },
      onopentagend: (end) => open(end),
      onselfclosingtag: (end) => {
        if (tagName === hidden) hidden = '';
        open(end);
      },
      onclosetag: (start, end) => {
        const name = html.slice(start, end).toLowerCase();
        if (name === hidden) hidden = '';
        if (name === 'pre') preformatted = Math.max(0, preformatted - 1);
        if (keepUnknown && !HTML_ELEMENTS.has(name) && !name.includes(':')) parts.push(`</${html.slice(start, end)}>`);
        else separate(parts, name);
      },
      onattribdata: ignore,
      onattribentity: ignore,
      onattribend: ignore,
      onattribname: ignore,
      oncomment: (start, end, offset) => {
        // `<![CDATA[…]]>` inside HTML is a bogus comment to a browser; in a feed it is text that was wrapped twice.
        const body = html.slice(start, end - offset);
        if (body.startsWith('[CDATA[')) text(decodeHTML(body.slice(7)));
      },
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onend: ignore,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  return parts.join('');
}

/** A `<br>` breaks a line each time; the edges of blocks that touch make one break, the widest of them. */
function separate(parts: string[], name: string): void {
  if (name === 'br') parts.push('\n');
  else if (name === 'td' || name === 'th') parts.push(' ');
  else if (BLOCK_ELEMENTS.has(name)) {
    const edge = PARAGRAPH_ELEMENTS.has(name) ? PARAGRAPH_EDGE : BLOCK_EDGE;
    const last = parts.at(-1);
    if (last !== BLOCK_EDGE && last !== PARAGRAPH_EDGE) parts.push(edge);
    else if (edge === PARAGRAPH_EDGE) parts[parts.length - 1] = edge;
  }
}

function ignore(): void {}
