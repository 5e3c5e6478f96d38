import { expect, it } from 'vitest';
import { stem } from '../../src/text/stem.ts';
import { fold } from '../../src/text/words.ts';

const stemsOf = (lang: string, words: string): string[] => [
  ...new Set(words.split(' ').map((word) => stem(fold(word), lang))),
];

it.each([
  ['pt', 'eleição eleições'],
  ['pt', 'hospital hospitais'],
  ['pt', 'papel papéis'],
  ['pt', 'homem homens'],
  ['pt', 'morador moradores'],
  ['pt', 'presidente presidentes'],
  ['pt', 'alemão alemães'],
  ['pt', 'ministro ministra ministros ministras'],
  ['pt', 'juiz juízes'],
  ['it', 'ministro ministra ministri ministre'],
  ['it', 'banca banche'],
  ['it', 'albergo alberghi'],
  ['it', 'elezione elezioni'],
  ['it', 'incendio incendi'],
  ['it', 'notizia notizie'],
  ['it', 'città città'],
])('words of one lexeme have one stem in %s: %s', (lang, words) => {
  expect(stemsOf(lang, words)).toHaveLength(1);
});

it.each([
  ['pt', 'porto porta portão'],
  ['pt', 'país paz pão'],
  ['pt', 'mais mas'],
  ['it', 'casa caso cassa'],
  ['it', 'pace pesce'],
  ['it', 'mare marea marina'],
])('short words and others keep what tells them apart in %s: %s', (lang, words) => {
  expect(stemsOf(lang, words).length).toBeGreaterThan(1);
});
