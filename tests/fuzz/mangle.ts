import fc from 'fast-check';

/** One thing that goes wrong with a document on its way. Positions are shares of its length, so that they fit any. */
type Damage =
  | { readonly kind: 'cut' | 'flip' | 'drop' | 'double'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array };

const share = fc.double({ min: 0, max: 1, noNaN: true });
const HOSTILE = [
  '<![CDATA[',
  ']]>',
  '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
  '&b;&#0;&#x110000;&#xD800;',
  '</channel>',
  '<item><item><item>',
  '\u0000\u001b[2J\u202e',
  '\ufeff\ufeff',
  '{"version":',
  '*a &a !!js/function ${HOME} ${',
  '0000-99-99T99:99:99Z',
  'javascript:alert(1)',
];

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('cut', 'flip', 'drop', 'double' as const),
    at: share,
    length: fc.integer({ min: 1, max: 200 }),
  }) as fc.Arbitrary<Damage>,
  fc.record({
    kind: fc.constant('insert' as const),
    at: share,
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(...HOSTILE).map((text) => new TextEncoder().encode(text)),
    ),
  }),
);

/** A document with one to six things wrong with it. */
export function mangled(documents: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...documents), fc.array(damage, { minLength: 1, maxLength: 6 }))
    .map(([document, all]) => all.reduce(mangle, document));
}

function mangle(document: Uint8Array, one: Damage): Uint8Array {
  const at = Math.floor(one.at * document.length);
  const [head, tail] = [document.subarray(0, at), document.subarray(at)];
  switch (one.kind) {
    case 'cut':
      return head;
    case 'drop':
      return Buffer.concat([head, tail.subarray(one.length)]);
    case 'double':
      return Buffer.concat([head, tail.subarray(0, one.length), tail]);
    case 'flip':
      return Buffer.concat([head, tail.subarray(0, 1).map((byte) => byte ^ (1 << (one.length % 8))), tail.subarray(1)]);
    case 'insert':
      return Buffer.concat([head, one.bytes, tail]);
  }
}
