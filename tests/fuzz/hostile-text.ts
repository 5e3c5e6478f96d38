import fc from 'fast-check';

/** Pieces that somebody reads as something else than text: terminals, browsers, chat services, and eyes. */
const HOSTILE_PIECES = [
  '\u001b[2J\u001b]0;owned\u0007',
  '\u009b31m',
  '\u0000',
  '\u007f',
  '\r\n\r\nSet-Cookie: a=b',
  '\u2028',
  '\u202eexe.fdp',
  '\u2066\u2069',
  '\ufeff',
  '\u200b\u200d',
  '\u{e0041}\u{e007f}',
  '\ud83d',
  '\udc00',
  '<!channel>',
  '<@U1>',
  '<https://evil.example|bank>',
  '@everyone @here <@&1>',
  '[bank](https://evil.example)',
  '<at>all</at>',
  '**b** _i_ ~~s~~ ||p|| `c` ```d```',
  '# h\n> q\n- l',
  '\\',
  '"}],"text":"',
  '&lt;b&gt;&amp;',
  '<script>alert(1)</script>',
  'javascript:alert(1)',
  'https://evil.example/a)b',
  '{{ATTACHE}} ${HOME} %s',
  '国防部長',
  '👩‍👩‍👧',
] as const;

/** Titles and texts as bad feeds write them. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .array(fc.oneof(fc.constantFrom(...HOSTILE_PIECES), fc.string({ unit: 'binary', maxLength: 12 })), {
        maxLength: 12,
      })
      .map((all) => all.join('')),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...HOSTILE_PIECES), fc.integer({ min: 50, max: 300 }))
      .map(([piece, times]) => piece.repeat(times)),
  },
);

/** A megabyte of one piece. */
export const hugeText: fc.Arbitrary<string> = fc
  .constantFrom(...HOSTILE_PIECES)
  .map((piece) => piece.repeat(Math.ceil(1_000_000 / piece.length)));

export const hostileUrl: fc.Arbitrary<string | null> = fc.oneof(
  fc.constantFrom(
    null,
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example/',
    'https://user:password@evil.example/',
    'https://outlet.example/a)b>c"d|e',
    'https://outlet.example/\u202egpj',
    `https://outlet.example/${'a'.repeat(5000)}`,
  ),
  hostileText,
  hostileText.map((text) => `https://outlet.example/${text}`),
);
