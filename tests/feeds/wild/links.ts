import { atom, item, NAMESPACES, rss, type WildFeed } from './wild-feed.ts';

/** Links, guids and what they are relative to. */
// biome-ignore format: a case on each line
export const LINKS: readonly WildFeed[] = [
  ['Atom 0.3 base64', `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>t</title><entry><title mode="base64" type="text/html">SGVsbG8gPGI+d29ybGQ8L2I+</title></entry></feed>`, [{title:'Hello world'}]],
  ['xml:base nested', atom(`<entry xml:base="two/"><link href="x"/><content type="html" xml:base="three/">&lt;a href="y"&gt;z&lt;/a&gt;</content></entry>`, 'xml:base="http://b.example/one/"'), [{link:'http://b.example/one/two/x',text:'z'}]],
  ['xml:base on link', atom(`<entry><link xml:base="http://c.example/d/" href="x"/></entry>`), [{link:'http://c.example/d/x'}]],
  ['protocol-relative link', item(`<link>//cdn.example/x</link>`), [{link:'https://cdn.example/x'}]],
  ['link without scheme', item(`<link>www.example.com/x</link>`), [{link:'http://www.example.com/x'}]],
  ['guid not url isPermaLink true', item(`<guid isPermaLink="true">tag:a.example,2023:1</guid>`), [{link:null,guid:'tag:a.example,2023:1'}]],
  ['guid url false + link', item(`<guid isPermaLink="false">http://a.example/?p=1</guid><link>http://a.example/post</link>`), [{link:'http://a.example/post',guid:'http://a.example/?p=1'}]],
  ['comments is not link', item(`<comments>http://a.example/c</comments><title>x</title>`), [{link:null}]],
  ['link with newline inside', item(`<link>\n  http://a.example/x\n  </link>`), [{link:'http://a.example/x'}]],
  ['link with spaces', item(`<link>http://a.example/a b.html</link>`), [{link:'http://a.example/a b.html'}]],
  ['link escaped twice', item(`<link>http://a.example/?a=1&amp;amp;b=2</link>`), [{link:'http://a.example/?a=1&b=2'}]],
  ['IDN link', item(`<link>http://пример.example/путь</link>`), [{link:'http://пример.example/путь'}]],
  ['link only in atom:link', item(`<atom:link href="http://a.example/1" rel="alternate"/>`, NAMESPACES), [{link:'http://a.example/1'}]],
  ['rss guid w/ attr only', item(`<guid>  http://a.example/g  </guid>`), [{link:'http://a.example/g',guid:'http://a.example/g'}]],
  ['base tag in html', item(`<description><![CDATA[<base href="http://x.example/"><p>z</p>]]></description>`), [{summary:'z'}]],
  ['guid duplicates', rss('<item><guid>g</guid><title>a</title></item><item><guid>g</guid><title>b</title></item>'), [{title:'a'},{title:'b'}]],
];
