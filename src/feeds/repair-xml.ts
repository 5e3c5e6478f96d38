import { decodeHTMLStrict } from 'entities';
import { Tokenizer } from 'htmlparser2';
import { HTML_ELEMENTS } from './html-names.ts';
import type { LimitHit } from './parsed-feed.ts';
import type { Namer } from './xml-names.ts';

/** Deeper elements lose their tags and keep their text. The deepest of 345 captured feeds has 11. */
const MAX_DEPTH = 256;
/** Of an attribute's value: addresses are the longest there are. A picture in one (`data:`) is of no use here. */
const MAX_ATTRIBUTE = 32 * 1024;

/** Fields whose content is text for a reader: markup inside them is escaped instead of becoming elements. */
// biome-ignore format: a list of names
const TEXT_FIELDS: ReadonlySet<string> = new Set([
  'title', 'description', 'summary', 'content', 'content:encoded', 'encoded', 'subtitle', 'tagline', 'info', 'abstract', 'body', 'xhtml:body',
  'fullitem', 'copyright', 'rights', 'link', 'guid', 'id', 'itunes:summary', 'media:description', 'media:title', 'dc:description', 'dc:title',
  'atom:title', 'atom:summary', 'atom:content', 'dcterms:abstract',
]);

/** Elements that never stand inside a text field: one that is still open when they come was left open. */
const STRUCTURE: ReadonlySet<string> = new Set([
  'item',
  'entry',
  'channel',
  'rss',
  'feed',
  'rdf:rdf',
  'pubdate',
  'guid',
  'content:encoded',
]);
/** Text fields that stay short: any other element of a feed that opens inside one ends it. */
const SHORT_FIELDS: ReadonlySet<string> = new Set(['title', 'link', 'guid', 'id']);
/** What items and entries stand in. */
const HOLDERS: ReadonlySet<string> = new Set(['channel', 'items', 'rss', 'rdf:rdf', 'feed']);
const CHANNEL_ROOT = 'channel';

export interface Repaired {
  readonly xml: string;
  readonly limits: readonly LimitHit[];
}

/**
 * A feed that is not well-formed, or that holds inline markup, to well-formed XML with the names this reader knows: bare ampersands, unknown
 * entities and stray `<` become text, unclosed elements are closed, attributes quoted, control characters dropped, inline markup in text fields is
 * escaped in its order, and a `<channel>` without a root gets one. One tokenizer pass, linear in the input; nesting is capped.
 *
 * @param text from the root element on
 */
export function repairXml(text: string, namer: Namer): Repaired {
  const writer = new RepairWriter(text, namer);
  const tokenizer = new Tokenizer({ xmlMode: true, decodeEntities: false }, writer);
  tokenizer.write(text);
  tokenizer.end();
  return writer.result();
}

/** What a text field has gathered while it is open. */
interface OpenText {
  readonly name: string;
  readonly attributes: string;
  readonly pieces: { text: string; cdata: boolean }[];
  hasMarkup: boolean;
  /** Elements open inside it. */
  depth: number;
  /** Those of them that have its own name: their end tags do not close it. */
  sameName: number;
}

class RepairWriter {
  private readonly source: string;
  private readonly namer: Namer;
  private readonly out: string[] = [];
  private readonly open: string[] = [];
  private field: OpenText | null = null;
  private tagStart = 0;
  private tagName = '';
  private attributes: [name: string, value: string][] = [];
  private value = '';
  private valueSize = 0;
  private longestValue = 0;
  private depthSeen = 0;
  private skipped = 0;

  constructor(source: string, namer: Namer) {
    this.source = source;
    this.namer = namer;
  }

  result(): Repaired {
    const limits: LimitHit[] =
      this.depthSeen > MAX_DEPTH ? [{ limit: 'nesting', seen: this.depthSeen, kept: MAX_DEPTH }] : [];
    if (this.longestValue > MAX_ATTRIBUTE)
      limits.push({ limit: 'attribute', seen: this.longestValue, kept: MAX_ATTRIBUTE });
    return { xml: this.out.join(''), limits };
  }

  onopentagname(start: number, end: number): void {
    this.tagStart = start - 1;
    this.tagName = this.source.slice(start, end);
    this.attributes = [];
  }

  onattribname(start: number, end: number): void {
    this.attributes.push([this.source.slice(start, end), '']);
    this.value = '';
    this.valueSize = 0;
  }

  onattribdata(start: number, end: number): void {
    this.valueSize += end - start;
    this.value += this.source.slice(start, Math.min(end, start + MAX_ATTRIBUTE - this.value.length));
  }

  onattribentity(): void {}

  onattribend(): void {
    const last = this.attributes.at(-1);
    if (last) last[1] = this.value;
    // Inside a text field attributes go by with their tag.
    if (!this.field) this.longestValue = Math.max(this.longestValue, this.valueSize);
  }

  onopentagend(end: number): void {
    this.startTag(end, false);
  }

  onselfclosingtag(end: number): void {
    this.startTag(end, true);
  }

  private startTag(end: number, selfClosing: boolean): void {
    if (!/^[A-Za-z_][\w.:-]{0,200}$/.test(this.tagName)) {
      this.text(this.source.slice(this.tagStart, end + 1), false);
      return;
    }
    const name = this.namer(this.tagName);
    if (this.field && this.endsField(this.field, name)) this.closeField();
    if (this.field) {
      this.field.pieces.push({ text: this.source.slice(this.tagStart, end + 1), cdata: false });
      this.field.hasMarkup = true;
      if (!selfClosing) this.field.depth += 1;
      if (!selfClosing && name === this.field.name) this.field.sameName += 1;
      return;
    }
    if (name === 'item' || name === 'entry') this.closeToHolder();
    this.openElement(name, selfClosing);
  }

  /** True when this start tag shows that the open text field was never closed. */
  private endsField(field: OpenText, name: string): boolean {
    if (field.depth > 0 && !STRUCTURE.has(name)) return false;
    if (STRUCTURE.has(name)) return true;
    return SHORT_FIELDS.has(field.name) && name !== field.name && (TEXT_FIELDS.has(name) || !HTML_ELEMENTS.has(name));
  }

  private openElement(name: string, selfClosing: boolean): void {
    if (this.open.length === 0 && name === CHANNEL_ROOT) this.push('rss', '');
    const attributes = this.writeAttributes();
    if (selfClosing) {
      this.out.push(`<${name}${attributes}/>`);
    } else if (TEXT_FIELDS.has(name)) {
      this.field = { name, attributes, pieces: [], hasMarkup: false, depth: 0, sameName: 0 };
    } else {
      this.push(name, attributes);
    }
  }

  private push(name: string, attributes: string): void {
    this.depthSeen = Math.max(this.depthSeen, this.open.length + this.skipped + 1);
    if (this.open.length >= MAX_DEPTH) {
      this.skipped += 1;
      return;
    }
    this.open.push(name);
    this.out.push(`<${name}${attributes}>`);
  }

  onclosetag(start: number, end: number): void {
    const written = this.source.slice(start, end);
    const name = this.namer(written);
    if (this.field) {
      this.closeInField(this.field, name, written);
    } else if (this.skipped > 0) {
      this.skipped -= 1;
    } else {
      this.closeUntil(name);
    }
  }

  private closeInField(field: OpenText, name: string, written: string): void {
    if (name === field.name && field.sameName === 0) {
      this.closeField();
    } else if (STRUCTURE.has(name) && this.open.includes(name)) {
      this.closeField();
      this.closeUntil(name);
    } else if (field.depth === 0 && SHORT_FIELDS.has(field.name) && !HTML_ELEMENTS.has(name)) {
      // It closes nothing that is open: this field's own end tag, misspelt.
      this.closeField();
    } else {
      field.pieces.push({ text: `</${written}>`, cdata: false });
      field.depth = Math.max(0, field.depth - 1);
      if (name === field.name) field.sameName -= 1;
    }
  }

  private closeField(): void {
    const field = this.field;
    if (!field) return;
    this.field = null;
    const content = field.hasMarkup
      ? field.pieces.map((piece) => piece.text).join('')
      : field.pieces.map((piece) => (piece.cdata ? piece.text : decodeHTMLStrict(piece.text))).join('');
    const type = field.hasMarkup ? ' type="html"' : '';
    this.out.push(
      `<${field.name}${field.hasMarkup ? withoutType(field.attributes) : field.attributes}${type}>${escapeXml(content)}</${field.name}>`,
    );
  }

  /** Closes what is open down to the nearest element of that name; nothing when there is none. */
  private closeUntil(name: string): void {
    const at = this.open.lastIndexOf(name);
    while (at >= 0 && this.open.length > at) this.out.push(`</${this.open.pop()}>`);
  }

  /** An item stands in a channel or in the root: what is open between them was left open, an earlier item included. */
  private closeToHolder(): void {
    const at = this.open.findLastIndex((name) => HOLDERS.has(name));
    while (at >= 0 && this.open.length > at + 1) this.out.push(`</${this.open.pop()}>`);
  }

  ontext(start: number, end: number): void {
    this.text(this.source.slice(start, end), false);
  }

  ontextentity(): void {}

  oncdata(start: number, end: number, offset: number): void {
    this.text(this.source.slice(start, end - offset), true);
  }

  private text(piece: string, cdata: boolean): void {
    if (this.field) this.field.pieces.push({ text: piece, cdata });
    else if (this.open.length > 0) this.out.push(escapeXml(cdata ? piece : decodeHTMLStrict(piece)));
  }

  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}

  onend(): void {
    this.closeField();
    while (this.open.length > 0) this.out.push(`</${this.open.pop()}>`);
  }

  private writeAttributes(): string {
    const seen = new Set<string>();
    let written = '';
    for (const [raw, value] of this.attributes) {
      const name = this.namer(raw);
      if (!/^[a-z_][\w.:-]{0,200}$/i.test(name) || seen.has(name)) continue;
      seen.add(name);
      written += ` ${name}="${escapeXml(decodeHTMLStrict(value))}"`;
    }
    return written;
  }
}

function withoutType(attributes: string): string {
  return attributes.replace(/ (?:type|mode)="[^"]*"/g, '');
}

function escapeXml(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r\u007f-\u009f]|[\ufffe\uffff]/gu, '')
    .replace(/[&<>"]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : c === '>' ? '&gt;' : '&quot;'));
}
