/**
 * Namespace URIs and the prefix that this reader knows them by. An empty prefix marks the vocabularies of RSS itself.
 * Sources: RFC 4287 (Atom), RSS 1.0 and its modules (web.resource.org/rss/1.0), Media RSS (rssboard.org/media-rss), Dublin Core
 * (dublincore.org), and the list of drafts and misspellings that feedparser's documentation ("Namespace handling") collects.
 */
const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ['http://www.w3.org/2005/atom', 'atom'],
  ['http://purl.org/atom/ns', 'atom'],
  ['http://purl.org/echo', 'atom'],
  ['http://purl.org/pie', 'atom'],
  ['http://purl.org/rss/1.0', ''],
  ['http://my.netscape.com/rdf/simple/0.9', ''],
  ['http://channel.netscape.com/rdf/simple/0.9', ''],
  ['http://purl.org/net/rss1.1', ''],
  ['http://backend.userland.com/rss', ''],
  ['http://backend.userland.com/rss2', ''],
  ['http://backend.userland.com/rss191', ''],
  ['http://blogs.law.harvard.edu/tech/rss', ''],
  ['http://cyber.law.harvard.edu/rss/rss.html', ''],
  ['http://purl.org/rss/1.0/modules/rss091', ''],
  ['http://purl.org/dc/elements/1.1', 'dc'],
  ['http://purl.org/dc/elements/1.0', 'dc'],
  ['http://purl.org/dc/terms', 'dcterms'],
  ['http://purl.org/rss/1.0/modules/content', 'content'],
  ['http://purl.org/rss/1.0/modules/syndication', 'sy'],
  ['http://search.yahoo.com/mrss', 'media'],
  ['http://tools.search.yahoo.com/mrss', 'media'],
  ['http://www.rssboard.org/media-rss', 'media'],
  ['http://www.itunes.com/dtds/podcast-1.0.dtd', 'itunes'],
  ['http://example.com/dtds/podcast-1.0.dtd', 'itunes'],
  ['http://www.w3.org/1999/02/22-rdf-syntax-ns', 'rdf'],
  ['http://www.w3.org/1999/xhtml', 'xhtml'],
  ['http://www.w3.org/xml/1998/namespace', 'xml'],
  ['http://news.yandex.ru', 'yandex'],
  ['http://rssnamespace.org/feedburner/ext/1.0', 'feedburner'],
  ['http://www.pheedo.com/namespace/pheedo', 'pheedo'],
]);

/** The prefix this reader knows a namespace by, or undefined for one it does not know. */
function prefixOf(uri: string): string | undefined {
  return NAMESPACES.get(
    uri
      .trim()
      .toLowerCase()
      .replace(/^https:/, 'http:')
      .replace(/[#/]{1,4}$/, ''),
  );
}

/** Element or attribute name as written to the name this reader knows: lower case, with the known prefix. */
export type Namer = (name: string) => string;

/**
 * Makes the namer of one document: `a:entry` becomes `entry` where `a` stands for the root's own namespace, `x:creator` becomes
 * `dc:creator` where `x` stands for Dublin Core. Prefixes are looked up in the whole document (a prefix means one thing in a real feed);
 * one that is not declared, or stands for
 * a namespace that is not known (a misspelt one, nearly always), is taken by its usual meaning. rss-parser itself knows prefixes by spelling only.
 *
 * @param rootName the root's name as written
 */
export function namerFor(text: string, rootName: string): Namer {
  const declared = declaredPrefixes(text);
  const rootPrefix = rootName.includes(':') ? rootName.slice(0, rootName.indexOf(':')) : '';
  const native = prefixOf(declared.get(rootPrefix) ?? '');
  const cache = new Map<string, string>();
  const translate = (name: string): string => {
    const lower = name.toLowerCase();
    const colon = lower.indexOf(':');
    if (colon < 0) return lower;
    const prefix = name.slice(0, colon);
    const local = lower.slice(colon + 1);
    const uri = declared.get(prefix);
    const known = uri === undefined ? prefix.toLowerCase() : (prefixOf(uri) ?? prefix.toLowerCase());
    const isNative = known === '' || ((prefix === rootPrefix || known === native) && known !== 'rdf');
    return isNative ? local : `${known}:${local}`;
  };
  return (name) => {
    let known = cache.get(name);
    if (known === undefined) {
      known = translate(name);
      if (cache.size < 5_000) cache.set(name, known);
    }
    return known;
  };
}

function declaredPrefixes(text: string): Map<string, string> {
  const declared = new Map<string, string>();
  for (let i = text.indexOf('xmlns'); i >= 0; i = text.indexOf('xmlns', i + 5)) {
    const match = /^xmlns(?::([\w.-]{1,80}))?\s{0,20}=\s{0,20}["']([^"'<>]{0,300})["']/.exec(text.slice(i, i + 430));
    const prefix = match?.[1] ?? '';
    if (match && !declared.has(prefix)) declared.set(prefix, match[2] ?? '');
  }
  return declared;
}
