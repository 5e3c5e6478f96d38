import { analyse } from 'chardet';

/** Enough text to tell an encoding by; more costs time and says the same. */
const SAMPLE_BYTES = 64 * 1024;
/** chardet gives 10 to multi-byte encodings that merely do not contradict. */
const MIN_CONFIDENCE = 20;
/** Of a right guess nearly every byte can be read. */
const MAX_BROKEN_SHARE = 0.01;

/**
 * The encoding of bytes that are no UTF-8 and whose label is missing, or is one that software writes unasked (ISO-8859-1): by the statistics of letters
 * (chardet, after ICU's detector).
 *
 * @returns a WHATWG name; null where the bytes look like a western language (there windows-1252 is right), or nothing is likely
 */
export function guessEncoding(bytes: Uint8Array): string | null {
  if (looksWestern(bytes)) return null;
  const sample = textBytes(bytes);
  for (const { name, confidence } of analyse(sample)) {
    if (confidence < MIN_CONFIDENCE) return null;
    const decoder = decoderOf(name);
    if (decoder && brokenShare(decoder.decode(sample)) <= MAX_BROKEN_SHARE) return decoder.encoding;
  }
  return null;
}

/** The share of characters that could not be read. */
export function brokenShare(text: string): number {
  let broken = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) broken += 1;
  return broken / Math.max(text.length, 1);
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> | null {
  if (/^(?:utf-|iso-8859-1$|windows-1252$|ascii)/i.test(label)) return null;
  try {
    return new TextDecoder(label);
  } catch {
    return null;
  }
}

/**
 * Western languages have accented letters singly among plain ones, and typographic marks. Four and more high bytes side by side are a word of another script, or a
 * multi-byte encoding; so are bytes to which windows-1252 gives no character, or one that nobody writes.
 */
function looksWestern(bytes: Uint8Array): boolean {
  let high = 0;
  let foreign = 0;
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i]!;
    let end = i + 1;
    if (byte > 0xa0) {
      while (end < bytes.length && bytes[end]! > 0xa0) end += 1;
      if (end - i >= 4) foreign += end - i;
      high += end - i;
    } else if (byte >= 0x80 && byte < 0xa0 && !isMark(byte)) {
      high += 1;
      if (RARE.has(byte)) foreign += 1;
    }
    i = end;
  }
  return foreign < 4 || foreign * 2 < high;
}

const RARE = new Set([0x81, 0x82, 0x83, 0x88, 0x8d, 0x8f, 0x90, 0x98, 0x9d]);
/** Ellipsis, quotation marks, bullet and dashes. */
const isMark = (byte: number): boolean => byte === 0x85 || (byte >= 0x91 && byte <= 0x97);

/** What stands outside tags, as far as SAMPLE_BYTES go: the letters of tags would weigh as English. */
function textBytes(bytes: Uint8Array): Uint8Array {
  const sample = new Uint8Array(Math.min(bytes.length, SAMPLE_BYTES));
  let size = 0;
  let inTag = false;
  for (let i = 0; i < bytes.length && size < sample.length; i++) {
    const byte = bytes[i]!;
    // A CDATA section's own bracket must not hide its text.
    if (byte === 0x3c && bytes[i + 1] !== 0x21) inTag = true;
    if (!inTag) sample[size++] = byte;
    if (byte === 0x3e) inTag = false;
  }
  return sample.subarray(0, size);
}
