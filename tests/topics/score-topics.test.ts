import { expect, test } from 'vitest';
import { readShippedWeights } from '../../src/topics/topic-weights.ts';
import { type Story, shippedTagger } from '../support/read-tags.ts';

const tag = shippedTagger({ weights: readShippedWeights() });
const given = (story: Story) => tag(story).given.map(({ id }) => id);
const tops = (story: Story) => given(story).filter((id) => !id.includes('/'));

test('the opening story is defence and diplomacy, an official visit', () => {
  const story = {
    title: "China's defence minister lands in Minsk for three-day visit",
    text: 'Li Shangfu was received by Viktor Khrenin.',
  };
  expect(given(story)).toEqual(expect.arrayContaining(['defense', 'diplomacy', 'diplomacy/official-visit']));
});

test.each([
  ['en', 'PLA holds live-fire drill near Taiwan', 'defense'],
  ['en', 'Rada and Sejm speakers discuss peace treaty with foreign ministers', 'diplomacy'],
  ['en', 'Militants ambush patrol, twelve soldiers killed', 'conflict'],
  ['ru', 'Минобороны проводит учения на границе', 'defense'],
  ['ru', 'Боевики взорвали автобус, погибли люди', 'conflict'],
  ['uk', 'Міноборони отримало нові ракети', 'defense'],
  ['pl', 'Wojsko ćwiczy na poligonie przy granicy z Białorusią', 'defense'],
  ['de', 'Bundeswehr verlegt Soldaten nach Litauen', 'defense'],
  ['fr', "L'ambassadeur convoqué au ministère des Affaires étrangères", 'diplomacy'],
  ['es', 'Guerrilleros atacan una base del ejército', 'conflict'],
  ['zh', '国防部长会见北约官员', 'defense'],
  ['ar', 'وزارة الدفاع تعلن عن مناورات عسكرية', 'defense'],
  ['zh', '歼-20战机编队飞越海峡', 'defense'],
  ['zh', '自杀式袭击造成数十人死亡', 'conflict'],
  ['ar', 'الجيش السوداني يقصف مواقع الدعم السريع', 'conflict'],
  ['de', 'Außenminister telefoniert mit Kollegen in Kairo', 'diplomacy'],
  ['fr', "L'ambassadrice remet ses lettres de créance", 'diplomacy'],
  ['es', 'Una emboscada de la guerrilla deja seis soldados muertos', 'conflict'],
  ['uk', 'Дрони влучили у склад боєприпасів', 'conflict'],
])('the words of the subject are known in each language (%s: %s)', (lang, title, topic) => {
  expect(tops({ lang, title })).toContain(topic);
});

test.each([
  'Forward leads attack on goal as City win the final',
  'Rail strike: drivers walk out over pay',
  'Department of Defense contractor buys payroll firm',
  'Voters go to the polls in general election',
  'Navy Federal Credit Union cuts loan rates',
  'Feuding rock bands sign peace deal',
])('the same words in another context say nothing: %s', (title) => {
  expect(tops({ title })).toEqual([]);
});

test('scores are probabilities, and a subtopic never exceeds its parent', () => {
  const { topics } = tag({
    title: 'Navy frigate joins NATO exercise',
    text: 'Warships and fighter jets trained in the Baltic Sea.',
  });
  const scores = new Map(topics.map(({ id, score }) => [id, score]));
  expect(scores.has('defense/naval')).toBe(true);
  for (const [id, score] of scores) {
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(scores.get(id.split('/')[0] ?? '') ?? 0);
  }
});

test('every topic comes with the words that speak for it', () => {
  const title = 'Army shells town as ceasefire talks fail';
  for (const { evidence } of tag({ title }).given) {
    expect(evidence).not.toEqual([]);
    for (const { start, end, text } of evidence) expect(title.slice(start, end)).toBe(text);
  }
});

test('the operator’s term with a weight lifts a topic over everything learned', () => {
  const story = { title: 'Zorblax programme announced' };
  const term = {
    topics: [{ id: 'defense', title: 'Defence', threshold: 0.5, terms: { any: [{ term: 'Zorblax', weight: 6 }] } }],
  };
  expect(tops(story)).toEqual([]);
  const own = shippedTagger({ weights: readShippedWeights() }, [term]);
  expect(
    own(story)
      .given.find(({ id }) => id === 'defense')
      ?.evidence.map(({ text }) => text),
  ).toContain('Zorblax');
});

test('the operator’s term with a negative weight silences a topic', () => {
  const story = { title: 'Soldiers of the army parade in barracks' };
  const term = {
    topics: [{ id: 'defense', title: 'Defence', threshold: 0.5, terms: { any: [{ term: 'parade', weight: -10 }] } }],
  };
  expect(tops(story)).toContain('defense');
  expect(shippedTagger({ weights: readShippedWeights() }, [term])(story).given.map(({ id }) => id)).not.toContain(
    'defense',
  );
});

test('a muted word counts for nothing', () => {
  const story = { title: 'Report on zeppelins' };
  const weights = {
    version: 1 as const,
    topics: ['defense'],
    bias: [-3],
    words: { en: { zeppelin: [20] } },
    features: {},
    subtopic: [0, 1, 1] as [number, number, number],
  };
  const muted = {
    topics: [
      { id: 'defense', title: 'Defence', threshold: 0.5, terms: { any: ['nothing here'] }, mute: ['zeppelins'] },
    ],
  };
  expect(shippedTagger({ weights })(story).given.map(({ id }) => id)).toContain('defense');
  expect(shippedTagger({ weights }, [muted])(story).given).toEqual([]);
});

test('a topic that nothing was learned of works by its terms', () => {
  const energy = {
    topics: [{ id: 'energy', title: 'Energy', threshold: 0.5, terms: { en: ['pipeline', 'gas field', 'refinery'] } }],
  };
  const own = shippedTagger({ weights: readShippedWeights() }, [energy]);
  expect(own({ title: 'New pipeline from gas field to refinery' }).given.map(({ id }) => id)).toContain('energy');
  expect(own({ title: 'New library opens' }).given.map(({ id }) => id)).not.toContain('energy');
});

test('without learned weights the terms alone still tag', () => {
  const untrained = shippedTagger();
  expect(untrained({ title: 'Army and navy hold exercise' }).given.map(({ id }) => id)).toContain('defense');
});
