/** Characters of one tag or comment. */
const MAX_MARKUP = 64 * 1024;
/** Of one CDATA section: the full text of a long piece stays below. */
const MAX_CDATA = 256 * 1024;

/**
 * True when a tag, a comment or another piece of markup, or a CDATA section, is so long that the XML parser should not see it: it puts them together character by
 * character, at some thirty bytes of memory each, so that 5 MB of an attribute took 140 MB. True as well for a `<!` that begins neither a comment nor CDATA: it reads
 * on in quadratic time. The repair's tokenizer minds neither. One linear pass.
 *
 * @param xml from the root element on
 */
export function hasCostlyMarkup(xml: string): boolean {
  for (let i = xml.indexOf('<'); i >= 0; i = xml.indexOf('<', i + 1)) {
    const isCdata = /^<!\[CDATA\[/i.test(xml.slice(i, i + 9));
    const isComment = xml.startsWith('<!--', i);
    if (xml.charCodeAt(i + 1) === 0x21 && !isCdata && !isComment) return true;
    const end = isCdata ? endAt(xml, ']]>', i) : isComment ? endAt(xml, '-->', i) : tagEnd(xml, i);
    if (end - i > (isCdata ? MAX_CDATA : MAX_MARKUP)) return true;
    i = end;
  }
  return false;
}

function endAt(xml: string, close: string, from: number): number {
  const end = xml.indexOf(close, from);
  return end < 0 ? xml.length : end;
}

/** Where a tag ends; a `>` inside quotes does not end it. */
function tagEnd(xml: string, from: number): number {
  for (let i = from + 1; i < xml.length; i++) {
    const code = xml.charCodeAt(i);
    if (code === 0x3e) return i;
    if (code === 0x22 || code === 0x27) i = endAt(xml, code === 0x22 ? '"' : "'", i + 1);
  }
  return xml.length;
}
