import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBytes } from '../../src/feeds/decode-bytes.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...utf8(part)] : part)));
/** "Минск" */
const MINSK_1251 = [0xcc, 0xe8, 0xed, 0xf1, 0xea];
const MINSK_KOI8 = [0xed, 0xc9, 0xce, 0xd3, 0xcb];

describe('decodeBytes', () => {
  it('reads valid UTF-8 as UTF-8, whatever the server and the prolog claim', () => {
    const decoded = decodeBytes(
      utf8('<?xml version="1.0" encoding="windows-1251"?><a>Минск</a>'),
      'text/xml; charset=iso-8859-1',
    );
    expect(decoded).toMatchObject({ encoding: 'utf-8', decidedBy: 'content' });
    expect(decoded.text).toContain('Минск');
  });

  it('takes the HTTP charset before the one in the prolog', () => {
    const document = bytes('<?xml version="1.0" encoding="windows-1251"?><a>', MINSK_KOI8, '</a>');
    expect(decodeBytes(document, 'application/xml; charset="KOI8-R"')).toMatchObject({
      encoding: 'koi8-r',
      decidedBy: 'http',
    });
    expect(decodeBytes(document, 'application/xml; charset="KOI8-R"').text).toContain('Минск');
  });

  it('takes the prolog where HTTP names no charset, an unknown one, or UTF-8 that it is not', () => {
    const document = bytes('<?xml version="1.0" encoding=\'windows-1251\'?><a>', MINSK_1251, '</a>');
    for (const contentType of [undefined, 'text/xml', 'text/xml; charset=klingon', 'text/xml; charset=utf-8']) {
      expect(decodeBytes(document, contentType).text).toContain('Минск');
    }
  });

  it('falls back to windows-1252, which reads every byte', () => {
    expect(decodeBytes(bytes('<a>caf', [0xe9], ' ', [0x93], 'x', [0x94], '</a>'))).toEqual({
      text: '<a>café “x”</a>',
      encoding: 'windows-1252',
      decidedBy: 'fallback',
    });
  });

  it('keeps UTF-8 text with a few stray bytes, and a character cut at the end, as UTF-8', () => {
    const long = 'ä'.repeat(40);
    expect(decodeBytes(bytes(long, [0x93], long, [0xc3])).text).toBe(`${long}“${long}Ã`);
  });

  it('knows UTF-16 by its mark or by the zero byte beside the first bracket', () => {
    const little = Buffer.from('<rss>Минск</rss>', 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const document of [little, big, bytes([0xff, 0xfe], [...little]), bytes([0xfe, 0xff], [...big])]) {
      expect(decodeBytes(document).text).toBe('<rss>Минск</rss>');
    }
  });

  it('lets a byte order mark win and drops it', () => {
    expect(decodeBytes(bytes([0xef, 0xbb, 0xbf], 'ö'), 'text/xml; charset=iso-8859-1')).toEqual({
      text: 'ö',
      encoding: 'utf-8',
      decidedBy: 'bom',
    });
  });

  it('reads ISO-2022-JP, which looks like plain ASCII', () => {
    const japan = bytes(
      '<?xml version="1.0" encoding="iso-2022-jp"?><a>',
      [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42],
      '</a>',
    );
    expect(decodeBytes(japan).text).toContain('<a>日本</a>');
  });

  it('answers for any bytes, and gives back what was UTF-8', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.string(),
        (any, contentType) => typeof decodeBytes(any, contentType).text === 'string',
      ),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        fc.pre(!/^[\ufeff\0<]/.test(text) && text.isWellFormed());
        expect(decodeBytes(utf8(text)).text).toBe(text);
      }),
    );
  });
});
