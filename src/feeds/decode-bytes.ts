import { brokenShare, guessEncoding } from './guess-encoding.ts';

const WINDOWS_1252 = new TextDecoder('windows-1252');
const UTF_8 = new TextDecoder('utf-8');
/** A share of unreadable characters that no damage explains, but a wrong label does. */
const LABEL_IS_WRONG = 0.02;

export interface Decoded {
  readonly text: string;
  /** WHATWG name of the encoding that was used. */
  readonly encoding: string;
  readonly decidedBy: 'bom' | 'byte-pattern' | 'content' | 'http' | 'prolog' | 'guess' | 'fallback';
}

/**
 * Bytes of a feed to text. The order is what real feeds need, not what RFC 7303 says: a byte order mark; then the bytes themselves where
 * they are valid UTF-8, because servers and prologs lie about it (bytes of another encoding are almost never valid UTF-8 by chance);
 * then the HTTP charset; then the XML prolog, unless the letters plainly speak for another encoding; then a guess by the letters; then windows-1252, which
 * reads every byte.
 *
 * @param contentType the HTTP Content-Type header, if any
 */
export function decodeBytes(bytes: Uint8Array, contentType?: string): Decoded {
  const marked = byMark(bytes);
  if (marked) return marked;
  const http = usableLabel(/charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType ?? '')?.[1]);
  const prolog = usableLabel(prologEncoding(bytes));
  const escaped = [http, prolog].find((label) => label === 'iso-2022-jp');
  // ISO-2022-JP is seven bits wide: it always looks like valid UTF-8.
  if (escaped && bytes.includes(0x1b)) {
    return {
      text: new TextDecoder(escaped).decode(bytes),
      encoding: escaped,
      decidedBy: http === escaped ? 'http' : 'prolog',
    };
  }
  const utf8 = readUtf8(bytes);
  if (utf8.strayBytes === 0) return { text: utf8.text, encoding: 'utf-8', decidedBy: 'content' };
  // A few stray bytes among many good sequences: UTF-8 that was cut, or pasted into.
  if (utf8.sequences >= 10 * utf8.strayBytes)
    return { text: readMixed(bytes), encoding: 'utf-8', decidedBy: 'content' };
  for (const [label, decidedBy] of [
    [http, 'http'],
    [prolog, 'prolog'],
  ] as const) {
    if (label && label !== 'utf-8')
      return guessed(bytes, label) ?? { text: new TextDecoder(label).decode(bytes), encoding: label, decidedBy };
  }
  if (utf8.sequences > utf8.strayBytes) return { text: readMixed(bytes), encoding: 'utf-8', decidedBy: 'content' };
  return (
    guessed(bytes, 'windows-1252') ?? {
      text: WINDOWS_1252.decode(bytes),
      encoding: 'windows-1252',
      decidedBy: 'fallback',
    }
  );
}

/** Another encoding than the declared one, where that is a mere default or cannot read the bytes; else null. */
function guessed(bytes: Uint8Array, declared: string): Decoded | null {
  if (declared !== 'windows-1252' && brokenShare(new TextDecoder(declared).decode(bytes)) < LABEL_IS_WRONG) return null;
  const encoding = guessEncoding(bytes);
  return encoding && encoding !== declared
    ? { text: new TextDecoder(encoding).decode(bytes), encoding, decidedBy: 'guess' }
    : null;
}

function byMark(bytes: Uint8Array): Decoded | null {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) {
    return { text: readMixed(bytes.subarray(3)), encoding: 'utf-8', decidedBy: 'bom' };
  }
  const utf16 = (label: string, decidedBy: 'bom' | 'byte-pattern'): Decoded => ({
    text: new TextDecoder(label).decode(bytes),
    encoding: label,
    decidedBy,
  });
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return utf32(bytes.subarray(4), true, 'bom');
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return utf32(bytes.subarray(4), false, 'bom');
  if (a === 0xff && b === 0xfe) return utf16('utf-16le', 'bom');
  if (a === 0xfe && b === 0xff) return utf16('utf-16be', 'bom');
  // Without a mark, the zero bytes beside the first characters tell (XML 1.0, appendix F).
  if (a === 0x3c && b === 0 && c === 0 && d === 0) return utf32(bytes, true, 'byte-pattern');
  if (a === 0 && b === 0 && c === 0 && d === 0x3c) return utf32(bytes, false, 'byte-pattern');
  if (isAscii(a) && b === 0 && isAscii(c) && d === 0) return utf16('utf-16le', 'byte-pattern');
  if (a === 0 && isAscii(b) && c === 0 && isAscii(d)) return utf16('utf-16be', 'byte-pattern');
  return null;
}

const isAscii = (byte: number | undefined): boolean => byte !== undefined && byte > 0 && byte < 0x80;

/** UTF-32, which the WHATWG's decoders do not know any more. */
function utf32(bytes: Uint8Array, littleEndian: boolean, decidedBy: 'bom' | 'byte-pattern'): Decoded {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const code = view.getUint32(i, littleEndian);
    parts.push(code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd');
  }
  return { text: parts.join('').toWellFormed(), encoding: littleEndian ? 'utf-32le' : 'utf-32be', decidedBy };
}

/** The encoding an XML declaration names; it is ASCII in every encoding that is looked for here (XML 1.0, appendix F). */
function prologEncoding(bytes: Uint8Array): string | undefined {
  const head = WINDOWS_1252.decode(bytes.subarray(0, 1024));
  return /<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']/i.exec(head)?.[1];
}

/** The WHATWG name for a label, or null when it is unknown or cannot be right for bytes without a mark (UTF-16). */
function usableLabel(label: string | undefined): string | null {
  if (!label) return null;
  try {
    const name = new TextDecoder(label).encoding;
    return name.startsWith('utf-16') ? null : name;
  } catch {
    return null;
  }
}

function readUtf8(bytes: Uint8Array): { text: string; sequences: number; strayBytes: number } {
  const text = UTF_8.decode(bytes);
  if (!text.includes('\ufffd')) return { text, sequences: 0, strayBytes: 0 };
  let sequences = 0;
  let strayBytes = 0;
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    if (length === 0) strayBytes += 1;
    else if (length > 1) sequences += 1;
    i += length || 1;
  }
  return { text, sequences, strayBytes };
}

/** UTF-8 in which each stray byte is read as windows-1252, as browsers' users have come to expect. */
function readMixed(bytes: Uint8Array): string {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    if (length === 0) {
      if (i > from) parts.push(UTF_8.decode(bytes.subarray(from, i)));
      parts.push(WINDOWS_1252.decode(bytes.subarray(i, i + 1)));
      from = i + 1;
    }
    i += length || 1;
  }
  if (from === 0) return UTF_8.decode(bytes);
  parts.push(UTF_8.decode(bytes.subarray(from)));
  return parts.join('');
}

/** Length of the UTF-8 sequence that starts at `i` (RFC 3629, section 4), 0 when there is none. */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const lead = bytes[i] ?? 0;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (length === 0 || i + length > bytes.length) return 0;
  for (let k = 1; k < length; k++) if (((bytes[i + k] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[i + 1] ?? 0;
  const overlongOrSurrogate =
    (lead === 0xe0 && second < 0xa0) ||
    (lead === 0xed && second > 0x9f) ||
    (lead === 0xf0 && second < 0x90) ||
    (lead === 0xf4 && second > 0x8f);
  return overlongOrSurrogate ? 0 : length;
}
