import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, htmlToLine, htmlToText, looksLikeHtml } from '../../src/feeds/plain-text.ts';

describe('htmlToText', () => {
  it('gives the words in their order, a line for each block and a blank line between paragraphs', () => {
    expect(
      htmlToText(
        '<h2>Head</h2>\n<p>One <b>two</b>\n three.</p><ul>\n<li>a</li>\n<li>b</li></ul>end<br>line<table><tr><td>x</td><td>y</td></tr></table>',
      ),
    ).toBe('Head\n\nOne two three.\n\na\nb\n\nend\nline\n\nx y');
  });

  it('leaves out what is not shown', () => {
    expect(htmlToText('a<script>if (a < b) x()</script>b<style>p{}</style>c<!-- d -->e<iframe src="x"/>f')).toBe(
      'abcef',
    );
  });

  it('decodes entities once, also those without a semicolon', () => {
    expect(htmlToText('Q&amp;A &eacute;t&eacute; &#8212; &#146; &amp;lt;b&gt; AT&T &copy 2023')).toBe(
      'Q&A été — ’ &lt;b> AT&T © 2023',
    );
  });

  it('keeps comparisons that are no tags', () => {
    expect(htmlToText('<p>if a < b and 3 <4 </p>')).toBe('if a < b and 3 <4');
  });

  it('keeps the lines of preformatted and of plain text', () => {
    expect(htmlToText('<pre>a\n  b</pre>c\nd')).toBe('a\nb\n\nc d');
    expect(htmlToText('no markup\nat all')).toBe('no markup\nat all');
  });

  it('reads a body that was escaped once too often, and leaves the mention of a tag alone', () => {
    expect(htmlToText('&lt;p&gt;Minister &lt;b&gt;lands&lt;/b&gt;&lt;/p&gt;')).toBe('Minister lands');
    expect(htmlToLine('&lt;i&gt;Lands&lt;/i&gt;')).toBe('Lands');
    expect(htmlToText('Use &lt;b&gt; and &lt;/b&gt; for bold')).toBe('Use <b> and </b> for bold');
    expect(htmlToLine('&lt;b&gt; or &lt;i&gt;?')).toBe('<b> or <i>?');
  });

  it('never gives back a tag that HTML knows, a control character or a lone surrogate', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<p>',
        '</p>',
        '<b',
        '<br/>',
        '&lt;',
        '&#0;',
        '&#xD800;',
        '<script>',
        '</script>',
        '<!--',
        '-->',
        '"',
      ),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = htmlToText(pieces.join(''));
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/[^\P{Cc}\n]/u);
      }),
    );
  });
});

describe('htmlToLine', () => {
  it('drops tags that HTML knows and keeps words in angle brackets', () => {
    expect(htmlToLine('The <em>end</em> of vector&lt;int&gt;,\n <user> and <nobody>')).toBe(
      'The end of vector<int>, <user> and <nobody>',
    );
  });
});

describe('looksLikeHtml', () => {
  it('needs a closing tag or an entity that HTML knows', () => {
    expect(['a <b>c</b>', 'x &amp; y', 'x<br>y'].map(looksLikeHtml)).toEqual([true, true, true]);
    expect(['a <b', 'history of the <blink> tag', 'a & b', '</made-up>', 'x < y > z'].map(looksLikeHtml)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('cleanText', () => {
  it('undoes UTF-8 that was read as windows-1252 and written again', () => {
    expect(cleanText('ordenÃ³ una campaÃ±a')).toBe('ordenó una campaña');
    const misread = new TextDecoder('windows-1252').decode(new TextEncoder().encode('Поездка в Минск — «итоги»'));
    expect(misread).toMatch(/^ÐŸ/);
    expect(cleanText(misread)).toBe('Поездка в Минск — «итоги»');
  });

  it('leaves ordinary accents and quotes alone', () => {
    for (const text of ['“CAFÉ” opens', 'CAFÉ”', 'São Tomé', 'Ã© “x”', '«Été» à Genève', 'Größe ÄÖÜ'])
      expect(cleanText(text)).toBe(text);
  });

  it('reads C1 controls as the characters their writers meant', () => {
    expect(cleanText('don\u0092t \u0093go\u0094\u0007')).toBe('don’t “go”');
  });
});
