/**
 * Text and links of strangers, made safe to show. Feeds are written by anyone: a title may hold terminal escapes, controls that turn
 * the reading direction around (CVE-2021-42574, "Trojan Source"; Unicode TR36 section 3), or characters nobody sees.
 */

/** C0, DEL and C1 controls, bidi embeddings, overrides and isolates, BOM, annotation and tag characters, lone surrogates, line ends. */
const UNSAFE = /[\p{Cc}\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\p{Cs}]|\u{e0001}|[\u{e0020}-\u{e007f}]/gu;
/** Ends of line and tabs become a space: a headline is one line wherever it is shown. */
const SPACED = /[\t\n\r\u2028\u2029]/;

/** So many times the length that is asked for is read. */
const READ_FACTOR = 8;

export interface SafeText {
  readonly text: string;
  /** Whether the end was cut off. */
  readonly cut: boolean;
  /** The offset in `text` (UTF-16 units) of an offset in the original; offsets past a cut are where it was made. */
  readonly offset: (original: number) => number;
}

/**
 * Removes what could deceive or disturb a reader, replaces lone surrogates, and cuts at `maxLength` UTF-16 units (with an ellipsis, never
 * inside a character). Offsets into the original are mapped, so that evidence still points at its words.
 */
export function safeText(whole: string, maxLength: number): SafeText {
  // What is far behind the cut need not be read: a megabyte of controls would hold up everybody else.
  const original = whole.slice(0, maxLength * READ_FACTOR);
  /** After the original offset `at`, `missing` units have been taken out. */
  const shifts: { at: number; missing: number }[] = [];
  let missing = 0;
  const safe = original.replace(UNSAFE, (character, at: number) => {
    if (SPACED.test(character)) return ' ';
    if (/\p{Cs}/u.test(character)) return '\ufffd';
    missing += character.length;
    shifts.push({ at: at + character.length, missing });
    return '';
  });
  const cut = safe.length > maxLength || original.length < whole.length;
  const end = cut ? wholeCharacters(safe, Math.min(safe.length, maxLength - 1)) : safe.length;
  const offset = (position: number): number => {
    const shift = shifts.findLast((entry) => entry.at <= position)?.missing ?? 0;
    return Math.min(Math.max(position - shift, 0), end);
  };
  return { text: cut ? `${safe.slice(0, end)}…` : safe, cut, offset };
}

/** An absolute http or https link without credentials, or null: `javascript:`, `data:`, relative and overlong ones are no links. */
export function safeUrl(url: string | null): string | null {
  if (url === null || url.length > 2048) return null;
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) return null;
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}

/** The longest length of at most `length` that ends between two characters. */
export function wholeCharacters(text: string, length: number): number {
  const last = text.charCodeAt(length - 1);
  return last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
}
