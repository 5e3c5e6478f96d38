import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { readBackground } from '../../src/stories/background.ts';
import { planJoin } from '../../src/stories/plan-join.ts';
import { Lexicon } from '../../src/text/lexicon.ts';
import { MatcherBuilder } from '../../src/text/phrase-matcher.ts';
import { readArticle } from '../../src/text/reading.ts';
import { readWords } from '../../src/text/words.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** How many megabytes are held after `act` that were not before. */
function heldAfter(act: () => void): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  act();
  collect();
  return (process.memoryUsage().heapUsed - before) / 1e6;
}

it('a word that is remembered does not keep the text in which it was met', () => {
  const lexicon = new Lexicon('en');
  const filler = 'the ship sailed to the port '.repeat(2_000);
  const held = heldAfter(() => {
    for (let index = 0; index < 400; index++) {
      const word = `uncharacteristically${String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26))}`;
      lexicon.numbersOf(readWords(Buffer.from(`${filler}${word} ${10 ** 13 + index}`).toString()));
    }
  });
  expect(lexicon.isFull).toBe(false);
  expect(held).toBeLessThan(5);
});

it('a language declared anew for each article does not fill the memory', () => {
  const builder = new MatcherBuilder();
  builder.add({ text: 'air defence', form: 'inflected' });
  const matcher = builder.build();
  const background = readBackground();
  const held = heldAfter(() => {
    for (let index = 0; index < 300; index++) {
      const lang = String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26), 97);
      const fields = { title: `Zug ${index}`, summary: '', text: '' };
      const [id, revision] = [`a${index}`, '1'];
      const input = { id, revision, ...fields, lang, at: 0, isDated: true, url: null, source: { id: 'feed' } };
      planJoin({ ...input, entities: [], topics: [], reading: readArticle(fields, lang, matcher) }, background);
    }
  });
  expect(held).toBeLessThan(60);
  expect(matcher.find(readWords('New air defences'), 'en')).toHaveLength(1);
});
