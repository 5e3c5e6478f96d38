/** A character beyond U+FFFF written as two references, one for each half of UTF-16: `&#55357;&#56832;`. */
const PAIR = /&#(x?)([\da-f]{4,5});&#(x?)([\da-f]{4,5});/gi;

/**
 * Joins such pairs into one character. XML and HTML forbid them (XML 1.0, section 2.2), and readers see two broken characters, but software that counts in UTF-16
 * writes its emoji so.
 */
export function joinSurrogateReferences(text: string): string {
  if (!/&#(?:x[d]|5[5-7]\d{3};)/i.test(text)) return text;
  return text.replace(PAIR, (written, highX: string, high: string, lowX: string, low: string) => {
    const [first, second] = [Number.parseInt(high, highX ? 16 : 10), Number.parseInt(low, lowX ? 16 : 10)];
    const isPair = first >= 0xd800 && first < 0xdc00 && second >= 0xdc00 && second < 0xe000;
    return isPair ? String.fromCharCode(first, second) : written;
  });
}
