import { expect, test } from 'vitest';
import { entityFileSchema, mergeEntityFiles } from '../../src/entities/entity-schema.ts';
import { type Story, shippedTagger } from '../support/read-tags.ts';

const tag = shippedTagger();

/** `country CN`, `role defence-minister@CN` … */
function entities(story: Story): string[] {
  return tag(story).entities.map(
    ({ type, id, country }) => `${type} ${id}${typeof country === 'string' ? `@${country}` : ''}`,
  );
}
const countries = (title: string, lang = 'en') =>
  entities({ title, lang })
    .filter((name) => name.startsWith('country '))
    .map((name) => name.slice(8));

test('the opening story names its countries, people and roles', () => {
  const found = entities({
    title: "China's defence minister lands in Minsk for three-day visit",
    text: 'Li Shangfu was received by his Belarusian counterpart, Viktor Khrenin, while NATO members worried about Wagner mercenaries.',
  });
  expect(found).toEqual([
    'country CN',
    'country BY',
    'organisation nato',
    'organisation wagner-group',
    'person li-shangfu',
    'person viktor-khrenin',
    'role defence-minister@CN',
    'role defence-minister@BY',
  ]);
});

test.each([
  ['ru', 'Министр обороны Китая Ли Шанфу прибыл в Минск'],
  ['uk', 'Міністр оборони Китаю Лі Шанфу прибув до Мінська'],
  ['pl', 'Minister obrony Chin Li Shangfu przyleciał do Mińska'],
  ['de', 'Chinas Verteidigungsminister Li Shangfu in Minsk'],
  ['fr', 'Le ministre de la Défense chinois Li Shangfu à Minsk'],
  ['es', 'El ministro de Defensa chino Li Shangfu llega a Minsk'],
  ['zh', '中国国防部长李尚福抵达明斯克'],
  ['ar', 'وزير الدفاع الصيني لي شانغ فو يصل إلى مينسك'],
])('one person has one id, and the role its country, in every script (%s)', (lang, title) => {
  expect(entities({ title, lang })).toEqual(
    expect.arrayContaining(['country CN', 'country BY', 'person li-shangfu', 'role defence-minister@CN']),
  );
});

test.each([
  ['Georgia governor Kemp signs budget in Atlanta', []],
  ['Georgia and Russia trade accusations over Abkhazia', ['GE', 'RU']],
  ['Jordan Henderson joins new club', []],
  ['King Abdullah of Jordan meets Palestinian leader', ['JO', 'PS']],
  ['How to roast a turkey', []],
  ['Turkey ratifies treaty', ['TR']],
  ['Niger junta names cabinet as Nigeria waits', ['NE', 'NG']],
  ['New Mexico wildfire spreads', []],
  ['North Korea fires missile', ['KP']],
  ['South Korea and Japan hold drill', ['KR', 'JP']],
  ['Papua New Guinea signs pact', ['PG']],
  ['Rebels advance in DR Congo', ['CD']],
  ['The Washington Post wins prize', []],
  ['Washington warns Beijing', ['US', 'CN']],
  ['They told us to polish the silver', []],
  ['The US and the U.K. agree', ['US', 'GB']],
  ['Kremlin denies report', ['RU']],
  ['Zhongnanhai keeps silent', ['CN']],
])('countries are told from what shares their name: %s', (title, expected) => {
  expect(countries(title)).toEqual(expected);
});

test('inflected names of countries are found', () => {
  expect(countries('Polska i Niemcy na granicy z Białorusią', 'pl')).toEqual(['PL', 'DE', 'BY']);
  expect(countries('Przewrót w Nigrze', 'pl')).toEqual(['NE']);
  expect(countries('Переговоры с Китаем о поставках Белоруссии', 'ru')).toEqual(['CN', 'BY']);
});

test('a role without a country beside it has none, and a company’s president is no head of state', () => {
  expect(entities({ title: 'Defence minister resigns' })).toEqual(['role defence-minister']);
  expect(entities({ title: 'Company names new president' })).toEqual([]);
});

test('whoever held an office on the article’s day gives its role, and on another day not', () => {
  const story = { title: 'Li Shangfu speaks' };
  expect(entities({ ...story, at: '2023-08-16T10:00:00Z' })).toContain('role defence-minister@CN');
  expect(entities({ ...story, at: '2024-08-16T10:00:00Z' })).not.toContain('role defence-minister@CN');
});

test('evidence covers the words it quotes', () => {
  const title = "Belarus: NATO's ministers meet Viktor Khrenin";
  const found = tag({ title }).entities.flatMap((entity) => entity.evidence);
  expect(found.length).toBeGreaterThan(2);
  for (const { start, end, text } of found) expect(title.slice(start, end)).toBe(text);
});

test('an operator’s file adds names to a known country and new bodies', () => {
  const file = entityFileSchema.parse({
    countries: { BY: { names: { en: ['White Ruthenia'] } } },
    organisations: [{ id: 'example-corps', kind: 'militia', names: { any: ['Example Corps'] } }],
  });
  const names = shippedTagger(
    {},
    [],
    [file],
  )({ title: 'Example Corps leaves White Ruthenia for Minsk' }).entities.map(({ id }) => id);
  expect(names).toEqual(['BY', 'example-corps']);
});

test('sections may be spread over files', () => {
  const merged = mergeEntityFiles([
    { countries: { BY: { names: { en: ['A'] } } } },
    { countries: { BY: { names: { en: ['B'], pl: ['C'] } } } },
  ]);
  expect(merged.countries).toEqual({ BY: { names: { en: ['A', 'B'], pl: ['C'] } } });
});
