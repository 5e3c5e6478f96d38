import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold, readWords } from '../../src/text/words.ts';

const folded = (text: string) => readWords(text).folded;

test('case and accents are folded, in every alphabet', () => {
  expect(fold('Łódź Weißrußland ŒUVRE Lukašenka')).toBe('lodz weissrussland oeuvre lukasenka');
  expect(fold('МИНОБОРОНЫ Королёв')).toBe('минобороны королев');
  expect(fold('أُوكرانيا')).toBe(fold('اوكرانيا'));
});

test('Cyrillic й and ї stay letters, composed or not', () => {
  expect(fold('май')).toBe('май');
  expect(fold('май'.normalize('NFD'))).toBe('май');
  expect(fold('Київ'.normalize('NFD'))).toBe('київ');
});

test('Chinese, Japanese, Korean and Hindi come out as they went in', () => {
  for (const text of ['中国国防部长', 'ガザ', '대한민국', 'हिन्दी']) expect(fold(text)).toBe(text);
});

test('a possessive belongs to no word', () => {
  expect(folded("China's, Russia’s and the ministers' talks")).toEqual([
    'china',
    'russia',
    'and',
    'the',
    'ministers',
    'talks',
  ]);
});

test('an apostrophe ends a word, save between Cyrillic letters', () => {
  expect(folded("l'OTAN d’Ukraine")).toEqual(['l', 'otan', 'd', 'ukraine']);
  expect(folded('об’єкт')).toEqual(folded("об'єкт"));
  expect(folded("об'єкт")).toHaveLength(1);
});

test('capitals with dots between are one word without the dots', () => {
  const words = readWords('The U.S. and U.N. met at 3 p.m.');
  expect(words.folded).toEqual(['the', 'us', 'and', 'un', 'met', 'at', '3', 'p', 'm']);
  expect(words.source.slice(words.starts[1], words.ends[1])).toBe('U.S.');
});

test('hyphens part words', () => {
  expect(folded('China-Belarus F-16s')).toEqual(['china', 'belarus', 'f', '16s']);
});

test('Chinese gives one word a character, emoji none', () => {
  expect(folded('中国🚀国防 NATO𠀀')).toEqual(['中', '国', '国', '防', 'nato', '𠀀']);
});

test('offsets always cover the source, in order and apart', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (source) => {
      const words = readWords(source);
      expect(words.folded).toHaveLength(words.count);
      let last = 0;
      for (let at = 0; at < words.count; at++) {
        expect(words.starts[at]).toBeGreaterThanOrEqual(last);
        expect(words.ends[at]).toBeGreaterThan(words.starts[at]!);
        last = words.ends[at]!;
      }
      expect(last).toBeLessThanOrEqual(source.length);
    }),
  );
});

test('a word is folded as the text would be, whatever letters it is made of', () => {
  const letter = fc
    .oneof(fc.integer({ min: 0x41, max: 0x52f }), fc.integer({ min: 0xc0, max: 0x17f }))
    .map((code) => String.fromCharCode(code))
    .filter((character) => /\p{L}/u.test(character));
  fc.assert(
    fc.property(fc.array(letter, { minLength: 1, maxLength: 12 }), (letters) => {
      const word = letters.join('');
      expect(folded(word)).toEqual([fold(word.replace(/ʼ/gu, ''))]);
    }),
    { numRuns: 2_000 },
  );
});
