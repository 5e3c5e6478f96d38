import { expect, test } from 'vitest';
import { detectLanguage } from '../../src/articles/language.ts';

test.each([
  ['en', "China's defence minister lands in Minsk for a three-day visit"],
  ['ru', 'Министр обороны Китая прибыл в Минск'],
  ['uk', 'Міністр оборони Китаю прибув до Мінська'],
  ['pl', 'Chiński minister obrony przyleciał do Mińska z trzydniową wizytą'],
  ['de', 'Der chinesische Verteidigungsminister ist in Minsk eingetroffen'],
  ['fr', 'Le ministre chinois de la Défense est arrivé à Minsk pour une visite'],
  ['es', 'El ministro de Defensa chino llega a Minsk para una visita de tres días'],
  ['zh', '中国国防部长抵达明斯克'],
  ['ar', 'وزير الدفاع الصيني يصل إلى مينسك'],
])('a headline’s language is told (%s)', (lang, text) => {
  expect(detectLanguage(text)).toBe(lang);
});

test('a text without letters has the declared language, else none', () => {
  expect(detectLanguage('3–0, 12.5%')).toBe('und');
  expect(detectLanguage('3–0', 'pl-PL')).toBe('pl');
});

test('a short text in doubt keeps the declared language', () => {
  expect(detectLanguage('NATO', 'de')).toBe('de');
  expect(detectLanguage('Niger coup', 'en-GB')).toBe('en');
});

test('a text plainly in another language overrules what its feed declares', () => {
  expect(detectLanguage('Министр обороны Китая прибыл в Минск с трехдневным визитом', 'en-US')).toBe('ru');
});

test('a language beyond the nine is named as what it is', () => {
  expect(detectLanguage('O ministro da Defesa da China chegou a Minsk para uma visita de três dias')).toBe('pt');
});

test('a malformed declaration is not believed', () => {
  expect(detectLanguage('42', 'english (UK)')).toBe('und');
});
