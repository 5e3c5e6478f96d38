import { expect, it } from 'vitest';
import { Lexicon, WordNotes } from '../../src/text/lexicon.ts';
import { MatcherBuilder } from '../../src/text/phrase-matcher.ts';
import { readArticle } from '../../src/text/reading.ts';
import { readWords } from '../../src/text/words.ts';

it('a word has one number, wherever it stands', () => {
  const lexicon = new Lexicon('en');
  const [first, second] = [
    lexicon.numbersOf(readWords('Minsk and Warsaw')),
    lexicon.numbersOf(readWords('warsaw, Minsk')),
  ];
  expect([...second]).toEqual([first[2], first[0]]);
});

it('notes on one lexicon’s words say nothing of another’s', () => {
  const notes = new WordNotes<string>();
  const [english, next, polish] = [new Lexicon('en'), new Lexicon('en'), new Lexicon('pl')];
  notes.on(english)[0] = 'kept';
  notes.on(polish)[0] = 'polski';
  expect([notes.on(english)[0], notes.on(polish)[0], notes.on(next)[0]]).toEqual(['kept', 'polski', undefined]);
});

it('terms are found as before when more words have been met than are remembered', () => {
  const builder = new MatcherBuilder();
  const term = builder.add({ text: 'air defence', form: 'inflected' });
  const matcher = builder.build();
  const read = (text: string) => readArticle({ title: 'New air defences', summary: '', text }, 'en', matcher);
  const before = read('');
  const between = read(Array.from({ length: 61_000 }, (_, index) => `w${index}`).join(' '));
  const after = read('');
  expect(after.lexicon).not.toBe(before.lexicon);
  for (const { hitsOf } of [before, between, after])
    expect(hitsOf(term).map(({ hit }) => [hit.first, hit.last])).toEqual([[1, 2]]);
});
