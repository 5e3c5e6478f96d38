import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBackground } from '../../src/stories/background.ts';
import { countTerms, ENTITY, EVENT } from '../../src/stories/count-terms.ts';
import { decideJoin, type JoinDecision } from '../../src/stories/decide-join.ts';
import { JOIN_MODEL } from '../../src/stories/join-model.ts';
import { keepMembers, planJoin } from '../../src/stories/plan-join.ts';
import { overlapOf, sketchText } from '../../src/stories/sketch-text.ts';
import { spotRoundup } from '../../src/stories/spot-roundup.ts';
import { packMember, unpackMember } from '../../src/stories/story-member.ts';
import { vectorOf } from '../../src/stories/term-vector.ts';
import { weighTerms } from '../../src/stories/term-weights.ts';
import { readWords } from '../../src/text/words.ts';
import { article, REWRITE_TEXT, REWRITE_TITLE, WIRE_TEXT, WIRE_TITLE } from './articles.ts';

describe('a sketch', () => {
  const sketch = (text: string) => sketchText(readWords(''), readWords(text));
  const words = Array.from({ length: 600 }, (_, index) => `word${(index * 7919) % 1009}`);
  const whole = sketch(words.join(' '));

  it('tells a cut text from one that is only like it, whatever the length', () => {
    for (const share of [0.3, 0.5, 0.8]) {
      const cut = sketch(words.slice(0, 600 * share).join(' '));
      expect(overlapOf(whole, cut).containment).toBeGreaterThan(0.95);
    }
    const shuffled = sketch(words.toSorted().join(' '));
    expect(overlapOf(whole, shuffled).containment).toBeLessThan(0.05);
  });

  it('estimates the share that two texts have in common', () => {
    const other = Array.from({ length: 300 }, (_, index) => `other${index}`);
    const half = sketch([...words.slice(0, 300), ...other].join(' '));
    const { containment } = overlapOf(whole, half);
    expect(containment).toBeGreaterThan(0.3);
    expect(containment).toBeLessThan(0.7);
  });

  it('of nothing is like nothing', () => {
    expect(overlapOf(sketch(''), sketch(WIRE_TEXT))).toEqual({ containment: 0, shared: 0 });
  });
});

it('a member comes back from its bytes as it was', () => {
  const u32 = fc.integer({ min: 0, max: 0xffffffff });
  const term = fc.record({
    key: u32,
    weight: fc.integer({ min: 1, max: 255 }),
    flags: fc.integer({ min: 0, max: 31 }),
  });
  const member = fc.record({
    articleId: fc.string({ maxLength: 60 }),
    origin: fc.string({ unit: 'grapheme', maxLength: 10 }),
    lang: fc.constantFrom('en', 'zh', 'und'),
    sourceId: fc.string({ maxLength: 40 }),
    at: fc.integer(),
    isRoundup: fc.boolean(),
    isOnSubject: fc.boolean(),
    terms: fc.array(term, { maxLength: 60 }).map(vectorOf),
    sketch: fc.array(u32, { maxLength: 48 }).map((hashes) => new Uint32Array(hashes)),
  });
  fc.assert(
    fc.property(member, (one) => {
      expect(unpackMember(packMember(one))).toEqual(one);
    }),
    { numRuns: 100 },
  );
});

it('bytes of another version are no member', () => {
  expect(unpackMember(Buffer.from([9, 0, 0]))).toBeNull();
});

it('a story keeps its first four members and its last eight', () => {
  expect(keepMembers(Array.from({ length: 20 }, (_, index) => index))).toEqual([
    0, 1, 2, 3, 12, 13, 14, 15, 16, 17, 18, 19,
  ]);
});

it('a word that the last days’ stories are full of weighs less than one as rare before', () => {
  const term = { frequency: 1, flags: 0, share: 0.001 };
  const terms = [
    { ...term, key: 1 },
    { ...term, key: 2 },
  ];
  const [rare, worn] = weighTerms(terms, { stories: 1000, holding: [1, 500] });
  expect([rare!.key, worn!.key]).toEqual([1, 2]);
  expect(worn!.weight).toBeLessThan(rare!.weight / 3);
});

describe('a likeness that is enough among few stories', () => {
  const background = readBackground();
  const [wire, rewrite] = [
    article({ id: 'wire', title: WIRE_TITLE, text: WIRE_TEXT }),
    article({ id: 'desk', title: REWRITE_TITLE, text: REWRITE_TEXT }),
  ].map((one) => planJoin(one, background).weigh({ stories: 0, holding: [] }).member);
  const story = { number: 1, firstAt: wire!.at, lastAt: wire!.at, members: [wire!] };
  const decide = (storiesOfLate: number, isDated: boolean, join: number): JoinDecision =>
    decideJoin(rewrite!, null, [story], { storiesOfLate, isDated }, { ...JOIN_MODEL, join });
  const odds = Number(/log-odds (-?[\d.]+)/u.exec(decide(1, true, -99).reason)?.[1]);
  const verdictAmong = (stories: number, isDated: boolean): string => decide(stories, isDated, odds - 1).verdict;

  it('is not enough among many', () => {
    const verdicts = [1, 500, 1_000_000].map((stories) => verdictAmong(stories, true));
    expect(verdicts).toEqual(['same-story', 'same-story', 'new']);
  });

  it('is sooner not enough for an article without a date, which may be about any of them', () => {
    const verdicts = [1, 500].map((stories) => verdictAmong(stories, false));
    expect(verdicts).toEqual(['same-story', 'new']);
  });
});

describe('the terms of an article', () => {
  const background = readBackground();
  const eventsOf = (lang: string, title: string): number[] =>
    countTerms(article({ id: 'one', lang, title }), background)
      .filter((term) => term.flags & EVENT)
      .map((term) => term.key)
      .sort();

  it.each([
    ['pl', 'Pożary w Grecji: ewakuowano turystów'],
    ['de', 'Waldbrand in Griechenland: Touristen evakuiert'],
    ['fr', 'Incendie en Grèce : des touristes évacués'],
    ['es', 'Incendios en Grecia: evacuados los turistas'],
    ['ru', 'Пожар в Греции: туристы, эвакуация'],
    ['uk', 'Пожежа у Греції: туристи, евакуація'],
  ])('say what happened in the same way as English ones: %s', (lang, title) => {
    const english = eventsOf('en', 'Wildfire in Greece: tourists evacuated');
    expect(english).toHaveLength(3);
    expect(eventsOf(lang, title)).toEqual(english);
  });

  it('keep what languages have in common however long the text is', () => {
    const text = Array.from({ length: 110 }, (_, index) => `Zq${index.toString(36)}x`).join(' ');
    const input = article({ id: 'long', title: 'Fire', text, entities: ['GR'] });
    const flags = weighTerms(countTerms(input, background), { stories: 0, holding: [] }).map((term) => term.flags);
    expect(flags.some((one) => one & ENTITY)).toBe(true);
    expect(flags.some((one) => one & EVENT)).toBe(true);
    expect(flags.length).toBeLessThanOrEqual(60);
  });
});

describe('a title', () => {
  it.each([
    'Ukraine war live: minister in Minsk',
    'Russia-Ukraine war at a glance: what we know on day 540 of the invasion',
    'Wojna w Ukrainie. Relacja na żywo',
    'Morning briefing: ministers, migrants and a missing fuse',
    'Guerre en Ukraine, en direct : les dernières nouvelles',
    'Война на Украине: онлайн-трансляция',
    'Black Sea live briefing: port shelled, Kyiv says; ministers meet in Oslo',
    'Wednesday briefing: What became of the peace plan?',
    'Minister defends the budget – UK politics live',
    'The trial of the generals - podcast',
    'What happened in the Sahel this week? Five things to read',
    'Co się wydarzyło w nocy na froncie',
    'Siedem rzeczy, które warto dziś wiedzieć',
    'Pucz w Sahelu: co musisz wiedzieć',
    'Última hora de la guerra en Ucrania',
  ])('of a live blog or a round-up is spotted: %s', (title) => expect(spotRoundup(title)).toBe(true));

  it.each([
    "China's defence minister lands in Minsk",
    'Soldiers who live near the border',
    'Podcast host joins the army',
    'What happened to the missing frigate?',
    'Markets live in fear of a blockade',
    'Live fire exercise begins in the Baltic',
    'Ministers brief the press in Warsaw',
    'Kilka tysięcy żołnierzy na granicy',
  ])('of a report is not: %s', (title) => expect(spotRoundup(title)).toBe(false));
});
