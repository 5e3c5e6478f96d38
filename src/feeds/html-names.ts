/** Elements of HTML (WHATWG HTML, index of elements, and its obsolete ones). A tag with another name in a title is a word in brackets. */
export const HTML_ELEMENTS: ReadonlySet<string> = new Set(
  `a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br button canvas caption
  center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form
  frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins kbd label legend li link main map mark marquee
  math menu meta meter nav nobr noembed noframes noscript object ol optgroup option output p param picture pre progress q rp rt ruby s samp
  script section select slot small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time
  title tr track tt u ul var video wbr xmp`.split(/\s+/),
);

/** Elements that stand on lines of their own (WHATWG HTML, rendering section: `display: block`, list items, table rows). */
export const BLOCK_ELEMENTS: ReadonlySet<string> = new Set(
  `address article aside blockquote body br center dd details dialog dir div dl dt fieldset figcaption figure footer form frameset h1 h2 h3
  h4 h5 h6 head header hgroup hr html legend li main menu nav ol optgroup option p pre section summary table tbody tfoot thead tr
  ul`.split(/\s+/),
);

/** Blocks that a reader sees with a blank line around them. */
export const PARAGRAPH_ELEMENTS: ReadonlySet<string> = new Set(
  'article blockquote dl figure h1 h2 h3 h4 h5 h6 hr ol p pre section table ul'.split(' '),
);

/** Elements whose content is not shown as text. */
export const HIDDEN_ELEMENTS: ReadonlySet<string> = new Set('script style iframe noembed noframes template'.split(' '));
