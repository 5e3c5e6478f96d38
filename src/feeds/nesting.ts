/**
 * How deep the elements of a document are nested, roughly (comments and CDATA are skipped, tags are not matched), in one linear pass. It only has to tell
 * an ordinary feed from one whose tree would be too deep to build: xml2js has no limit of its own.
 */
export function nestingDepth(xml: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = xml.indexOf('<'); i >= 0; i = xml.indexOf('<', i + 1)) {
    const next = xml.charCodeAt(i + 1);
    if (next === 0x21) {
      const close = xml.startsWith('<![CDATA[', i) ? ']]>' : xml.startsWith('<!--', i) ? '-->' : '>';
      const end = xml.indexOf(close, i);
      if (end < 0) break;
      i = end;
    } else if (next === 0x2f) {
      depth = Math.max(0, depth - 1);
    } else if (next !== 0x3f) {
      const end = xml.indexOf('>', i);
      if (end < 0) break;
      if (xml.charCodeAt(end - 1) !== 0x2f) deepest = Math.max(deepest, ++depth);
      i = end - 1;
    }
  }
  return deepest;
}
