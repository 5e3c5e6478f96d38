import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MatcherBuilder, type Term } from '../../src/text/phrase-matcher.ts';
import { evidenceOf, readArticle } from '../../src/text/reading.ts';
import { readWords } from '../../src/text/words.ts';

/** What the terms find in a text, as written there. */
function found(terms: readonly (Term | string)[], source: string, lang = 'en'): string[] {
  const builder = new MatcherBuilder();
  for (const term of terms) builder.add(typeof term === 'string' ? { text: term, form: 'inflected' } : term);
  return builder
    .build()
    .find(readWords(source), lang)
    .map((hit) => source.slice(hit.start, hit.end));
}

test('terms match whole words only', () => {
  expect(found(['rada', 'war'], 'Toward Grada, a warning')).toEqual([]);
  expect(found(['rada', 'war'], 'War in the Rada')).toEqual(['War', 'Rada']);
});

test('all hits are given, overlapping ones too, in order', () => {
  expect(found(['defence minister', 'minister', 'chinese defence', 'defence'], 'Chinese defence minister')).toEqual([
    'Chinese defence',
    'defence',
    'defence minister',
    'minister',
  ]);
});

test('the possessive is no part of a hit', () => {
  expect(found(['China'], "China's army")).toEqual(['China']);
});

test.each([
  ['en', 'defence minister', 'Two defence ministers met'],
  ['en', 'invade', 'They invaded at dawn'],
  ['en', 'strike', 'Striking miners, strikes'],
  ['ru', 'министр обороны', 'Встреча с министром обороны Китая'],
  ['ru', 'Минск', 'Прибыл в Минске'],
  ['uk', 'міністр оборони', 'Зустріч із міністром оборони'],
  ['pl', 'minister obrony', 'Spotkanie z ministrem obrony'],
  ['pl', 'Białoruś', 'na granicy z Białorusią'],
  ['pl', 'Rosja', 'wojna z Rosją'],
  ['de', 'Verteidigungsminister', 'des Verteidigungsministers'],
  ['fr', 'ministre de la défense', 'les ministres de la Défense'],
  ['es', 'misil', 'dos misiles'],
  ['ar', 'وزير', 'الوزير الصيني'],
])('inflected forms are found (%s: %s)', (lang, term, source) => {
  expect(found([term], source, lang)).not.toEqual([]);
});

test('inflection is no derivation: operator is not operation, plan not plane', () => {
  expect(found(['operation', 'plan', 'general'], 'A telephone operator in planes, generous')).toEqual([]);
});

test('an exact term finds its own form alone, whatever its case and accents', () => {
  const term: Term = { text: 'Société', form: 'exact' };
  expect(found([term], 'SOCIETE, société, sociétés')).toEqual(['SOCIETE', 'société']);
});

test('a case-sensitive term finds its own capitals alone', () => {
  expect(found([{ text: 'AUKUS', form: 'case' }], 'AUKUS, Aukus')).toEqual(['AUKUS']);
  expect(found([{ text: 'US', form: 'case' }], 'It told us that the US and the U.S. agreed')).toEqual(['US', 'U.S.']);
});

test('an acronym with dots in a term is the acronym, never the small word', () => {
  expect(found(['U.S. Army'], 'He joined the US Army, not us army')).toEqual(['US Army']);
});

test('a prefix term finds every word that begins with it', () => {
  expect(found([{ text: 'ministry militar', form: 'prefix' }], 'ministry militarism, ministries military')).toEqual([
    'ministry militarism',
  ]);
});

test('a hyphenated term is found joined, parted and with its hyphen', () => {
  expect(found(['cease-fire'], 'a ceasefire, a cease fire, cease-fires')).toEqual([
    'ceasefire',
    'cease fire',
    'cease-fires',
  ]);
});

test('Chinese terms are found where no space stands', () => {
  expect(found(['国防部长'], '中国国防部长抵达明斯克', 'zh')).toEqual(['国防部长']);
});

test('a term of one language is silent in articles of another', () => {
  const term: Term = { text: 'die Armee', form: 'inflected', lang: 'de' };
  expect(found([term], 'die Armee', 'de')).toEqual(['die Armee']);
  expect(found([term], 'die Armee', 'en')).toEqual([]);
});

test('the same term has the same number', () => {
  const builder = new MatcherBuilder();
  const first = builder.add({ text: 'army', form: 'inflected' });
  expect(builder.add({ text: 'army', form: 'inflected' })).toBe(first);
  expect(builder.add({ text: 'army', form: 'exact' })).not.toBe(first);
});

test('the matcher finds just what a search of every window of words finds', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'd');
  const phrase = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.uniqueArray(phrase, { maxLength: 12 }), fc.array(word, { maxLength: 30 }), (terms, text) => {
      const expected = text.flatMap((_, first) =>
        [1, 2, 3].flatMap((length) => {
          const window = text.slice(first, first + length);
          return window.length === length && terms.includes(window.join(' ')) ? [window.join(' ')] : [];
        }),
      );
      expect(
        found(
          terms.map((text) => ({ text, form: 'exact' })),
          text.join(' '),
        ),
      ).toEqual(expected);
    }),
  );
});

test('a reading tells where each term stands, field by field, with its evidence', () => {
  const builder = new MatcherBuilder();
  const nato = builder.add({ text: 'NATO', form: 'exact' });
  const reading = readArticle({ title: 'NATO meets', summary: '', text: 'Poland and Nato' }, 'en', builder.build());
  expect(reading.hitsOf(nato).map(({ field, hit }) => evidenceOf(reading, field, hit, 'NATO'))).toEqual([
    { field: 'title', start: 0, end: 4, text: 'NATO', term: 'NATO' },
    { field: 'text', start: 11, end: 15, text: 'Nato', term: 'NATO' },
  ]);
  expect(reading.hitsOf(nato + 1)).toEqual([]);
});
