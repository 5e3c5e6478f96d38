/** What all references together may add; a document that grows by more is a bomb ("billion laughs"), not a feed. */
const MAX_GROWTH = 256 * 1024;
const MAX_DECLARATIONS = 200;
/** XML's own five mean what they always mean (XML 1.0, section 4.6). */
const PREDEFINED = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);

/**
 * Puts the text in for entities that a feed declares itself: `<!DOCTYPE rss [<!ENTITY co "Acme Corp">]>` (XML 1.0, section 4.2). Only literal values, once: a
 * reference inside a value stays as it is, and nothing is ever loaded. Beyond MAX_GROWTH references stay as written. Linear in the input.
 *
 * @param prolog what stands before the root element
 * @param xml from the root element on
 */
export function expandInternalEntities(prolog: string, xml: string): string {
  const values = declaredEntities(prolog);
  if (values.size === 0) return xml;
  let room = MAX_GROWTH;
  const expand = (text: string): string =>
    text.replace(/&([A-Za-z_][\w.-]{0,79});/g, (reference, name: string) => {
      const value = values.get(name);
      if (value === undefined || value.length > room) return reference;
      room -= value.length;
      return value;
    });
  const parts: string[] = [];
  for (let from = 0; from < xml.length; ) {
    const cdata = xml.indexOf('<![CDATA[', from);
    const open = cdata < 0 ? xml.length : cdata;
    const end = xml.indexOf(']]>', open);
    const close = end < 0 ? xml.length : end;
    parts.push(expand(xml.slice(from, open)), xml.slice(open, close));
    from = close;
  }
  return parts.join('');
}

function declaredEntities(prolog: string): Map<string, string> {
  const values = new Map<string, string>();
  for (let at = prolog.indexOf('<!ENTITY'); at >= 0 && values.size < MAX_DECLARATIONS; ) {
    const match = /^<!ENTITY\s{1,20}([A-Za-z_][\w.-]{0,79})\s{1,20}(?:"([^"]{0,1000})"|'([^']{0,1000})')/.exec(
      prolog.slice(at, at + 1_200),
    );
    const [, name = '', double, single] = match ?? [];
    // The first declaration binds (XML 1.0, section 4.2).
    if (match && !PREDEFINED.has(name) && !values.has(name)) values.set(name, double ?? single ?? '');
    at = prolog.indexOf('<!ENTITY', at + 8);
  }
  return values;
}
