const WINDOWS_1252 = new TextDecoder('windows-1252');
const STRICT_UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** The character of each byte, and the byte of each character, in windows-1252; the five free bytes stand for themselves (WHATWG Encoding). */
const CHARACTERS = [...WINDOWS_1252.decode(Uint8Array.from({ length: 256 }, (_, i) => i))];
const BYTES = new Map(CHARACTERS.map((character, byte) => [character.charCodeAt(0), byte]));

/** The windows-1252 character of a byte. */
export function windows1252Character(byte: number): string {
  return CHARACTERS[byte] ?? '';
}

/**
 * Undoes one round of the commonest accident of encodings: UTF-8 bytes that were read as windows-1252 and written as UTF-8 again (`ordenÃ³`). It is undone only
 * where the whole text turns into valid UTF-8 that way, which ordinary text does not: a lone accented letter is no valid sequence. One single sequence
 * that involves typographic marks proves too little (`CAFÉ”`) and is left alone.
 */
export function undoDoubleEncoding(text: string): string {
  if (!/[\u00c2-\u00f4][\u0080-\u2122]/.test(text)) return text;
  const bytes = new Uint8Array(text.length);
  let sequences = 0;
  let latinOnly = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const byte = code >= 0x80 && code <= 0x9f ? code : BYTES.get(code);
    if (byte === undefined) return text;
    if (byte >= 0xc2) sequences += 1;
    if (code > 0xff) latinOnly = false;
    bytes[i] = byte;
  }
  if (!latinOnly && sequences < 2) return text;
  try {
    return STRICT_UTF_8.decode(bytes);
  } catch {
    return text;
  }
}
