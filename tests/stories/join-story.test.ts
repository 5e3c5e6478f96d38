import { describe, expect, it } from 'vitest';
import { createMemoryIndex } from '../../src/stories/memory-index.ts';
import type { JoinResult, StoryIndex, StoryInput } from '../../src/stories/story.ts';
import * as news from './articles.ts';

const { article, HOUR_MS, START_MS } = news;
const wire = article({ id: 'wire', title: news.WIRE_TITLE, text: `MINSK, Aug 16 (Reuters) - ${news.WIRE_TEXT}` });
const words = news.WIRE_TEXT.split(' ');

async function joinAll(index: StoryIndex, inputs: readonly StoryInput[]): Promise<JoinResult[]> {
  const results: JoinResult[] = [];
  for (const input of inputs) results.push(await index.join(input));
  return results;
}

/** What becomes of `next` when `first` is there. */
async function joinAfter(first: StoryInput, next: StoryInput): Promise<JoinResult> {
  return (await joinAll(createMemoryIndex(), [first, next]))[1]!;
}

describe('copies of a wire report', () => {
  it.each([
    ['whole, under another headline', 'Beijing sends its general to Minsk', news.WIRE_TEXT],
    ['cut to its first 30%', news.WIRE_TITLE, words.slice(0, Math.round(words.length * 0.3)).join(' ')],
    [
      'with its middle 30% alone',
      'Chinese minister in Belarus',
      words.slice(50, 50 + Math.round(words.length * 0.3)).join(' '),
    ],
    [
      'with a lead of its own',
      'Border towns watch the visit',
      `In Terespol people looked across the river this morning and spoke of little else. ${news.WIRE_TEXT}`,
    ],
    [
      'with every twentieth word changed',
      news.WIRE_TITLE,
      words.map((word, at) => (at % 20 === 9 ? 'indeed' : word)).join(' '),
    ],
  ])('are one origin with it: %s', async (_, title, text) => {
    const joined = await joinAfter(wire, article({ id: 'paper', title, text, at: START_MS + HOUR_MS }));
    expect(joined).toMatchObject({ verdict: 'copy', of: 'wire', origin: 'reuters' });
    expect(joined.similarity).toBeGreaterThanOrEqual(0.6);
    expect(joined.after).toMatchObject({ articles: 2, sources: 2, origins: 1 });
  });

  it('without an agency’s name have the first article of that text as their origin', async () => {
    const first = article({ id: 'first', title: news.WIRE_TITLE, text: news.WIRE_TEXT });
    const second = article({ id: 'second', title: 'Li in Minsk', text: news.WIRE_TEXT });
    const third = article({ id: 'third', title: 'Belarus hosts Li', text: words.slice(0, 60).join(' ') });
    const results = await joinAll(createMemoryIndex(), [first, second, third]);
    expect(results.map((one) => one.origin)).toEqual(['first', 'first', 'first']);
  });

  it('are not made by a boilerplate that two articles share', async () => {
    const boilerplate =
      'Sign up for our morning email and follow the newsroom on all channels for more stories like this one every day.';
    const one = article({
      id: 'one',
      title: 'Frigate leaves Kiel',
      text: `The frigate Hessen left Kiel. ${boilerplate}`,
    });
    const other = article({
      id: 'other',
      title: 'Talks on grain in Ankara',
      text: `Envoys met in Ankara. ${boilerplate}`,
    });
    expect((await joinAfter(one, other)).verdict).toBe('new');
  });
});

describe('independent reports', () => {
  it('of one event are one story with two origins', async () => {
    const rewrite = article({
      id: 'desk',
      title: news.REWRITE_TITLE,
      text: news.REWRITE_TEXT,
      at: START_MS + 3 * HOUR_MS,
    });
    const joined = await joinAfter(wire, rewrite);
    expect(joined).toMatchObject({ verdict: 'same-story', of: 'wire', origin: 'desk' });
    expect(joined.after).toMatchObject({ articles: 2, origins: 2, headline: news.WIRE_TITLE });
    expect(joined.before?.articles).toBe(1);
  });

  it('of events that look alike stay apart', async () => {
    const topics = ['defense', 'diplomacy'];
    const visit = { ...wire, entities: ['CN', 'BY', 'li-shangfu'], topics };
    const other = article({
      id: 'hanoi',
      title: news.LOOKALIKE_TITLE,
      text: news.LOOKALIKE_TEXT,
      entities: ['IN', 'VN'],
      topics,
    });
    expect(await joinAfter(visit, other)).toMatchObject({ verdict: 'new', of: null, similarity: null, before: null });
  });

  it('of one place and pair of countries stay apart when only one of them is about war or diplomacy', async () => {
    const entities = ['CN', 'BY'];
    const visit = article({
      id: 'visit',
      title: 'China’s defence minister lands in Minsk for three-day visit',
      text: 'China’s Defence Minister Li Shangfu arrived in Minsk. He was received by his Belarusian counterpart.',
      entities,
      topics: ['defense', 'diplomacy'],
    });
    const match = article({
      id: 'match',
      title: 'Belarus beat China 3-0 in volleyball',
      text: 'A fierce attack and a solid defence gave Belarus a win over China in Minsk.',
      entities,
      topics: [],
    });
    expect(await joinAfter(visit, match)).toMatchObject({ verdict: 'new' });
  });

  it('in two languages meet through names and entities', async () => {
    const entities = ['CN', 'BY', 'li-shangfu', 'viktor-khrenin'];
    const english = article({ id: 'en', title: news.REWRITE_TITLE, text: news.REWRITE_TEXT, entities });
    const russian = article({
      id: 'ru',
      title: 'Министр обороны Китая Ли Шанфу прибыл в Минск',
      text: 'Министр обороны Белоруссии Виктор Хренин встретил в Минске китайского коллегу Ли Шанфу.',
      lang: 'ru',
      entities,
    });
    const joined = await joinAfter(english, russian);
    expect(joined.verdict).toBe('same-story');
    expect(joined.after.languages).toEqual(['en', 'ru']);
  });

  const explosion = article({
    id: 'en',
    title: 'Nine killed in explosion at Kharkiv factory',
    text: 'An explosion at a factory in Kharkiv killed nine people and injured 27, the mayor of the Ukrainian city said.',
    entities: ['UA'],
  });

  it('in two languages meet through where it was, what happened and how many were hurt', async () => {
    const polish = article({
      id: 'pl',
      title: 'Wybuch w fabryce w Charkowie. Zginęło dziewięć osób',
      text: 'W wybuchu w fabryce w ukraińskim Charkowie zginęło 9 osób, a 27 zostało rannych.',
      lang: 'pl',
      entities: ['UA'],
    });
    expect((await joinAfter(explosion, polish)).verdict).toBe('same-story');
  });

  it('in two languages stay apart when the same happened elsewhere', async () => {
    const polish = article({
      id: 'pl',
      title: 'Wybuch w fabryce pod Bydgoszczą',
      text: 'W fabryce farb pod Bydgoszczą doszło do wybuchu. Dwie osoby zostały ranne.',
      lang: 'pl',
      entities: ['PL'],
    });
    expect((await joinAfter(explosion, polish)).verdict).toBe('new');
  });

  it('in two languages stay apart when all they share is what crimes have in common', async () => {
    const english = article({
      id: 'en',
      title: 'Two men arrested after shop robbery',
      text: 'Police arrested two men after a robbery at a jewellery shop. A woman was injured.',
    });
    const others = [
      ['pl', 'Policja zatrzymała dwóch mężczyzn', 'Dwaj mężczyźni pobili kobietę w parku. Zatrzymała ich policja.'],
      [
        'de',
        'Zwei Männer nach Überfall festgenommen',
        'Die Polizei nahm zwei Männer fest, die ein Taxi überfallen hatten.',
      ],
      ['ru', 'Полиция задержала двух мужчин', 'Двое мужчин задержаны за кражу велосипедов, сообщила полиция.'],
      ['es', 'Detenidos dos hombres por robo', 'La policía detuvo a dos hombres por robar en un piso de una mujer.'],
    ] as const;
    for (const [lang, title, text] of others) {
      const other = article({ id: lang, title, text, lang });
      expect((await joinAfter(english, other)).verdict, lang).toBe('new');
    }
  });

  it('stay apart when all that two languages share is a pair of countries', async () => {
    const entities = ['CN', 'BY'];
    const english = article({ id: 'en', title: news.REWRITE_TITLE, text: news.REWRITE_TEXT, entities });
    const polish = article({
      id: 'pl',
      title: 'Eksport białoruskiego nawozu do Chin rośnie',
      text: 'Sprzedaż soli potasowej wzrosła w lipcu o jedną piątą.',
      lang: 'pl',
      entities,
    });
    expect((await joinAfter(english, polish)).verdict).toBe('new');
  });
});

describe('a story', () => {
  it('takes no articles once its window is over', async () => {
    const inTime = { ...wire, id: 'late', source: { id: 'late' }, at: START_MS + 71 * HOUR_MS };
    const tooLate = { ...inTime, at: START_MS + 73 * HOUR_MS };
    expect((await joinAfter(wire, inTime)).verdict).toBe('copy');
    expect((await joinAfter(wire, tooLate)).verdict).toBe('new');
  });

  it('moves its window with each article', async () => {
    const days = [0, 60, 120].map((hours) => ({
      ...wire,
      id: `after-${hours}`,
      source: { id: `s${hours}` },
      at: START_MS + hours * HOUR_MS,
    }));
    const results = await joinAll(createMemoryIndex(), days);
    expect(new Set(results.map((one) => one.after.id)).size).toBe(1);
  });

  it('is not extended by an outlet’s column that says nearly the same every day', async () => {
    const column = (day: number): StoryInput =>
      article({
        id: `rates-${day}`,
        title: `Exchange rates on ${day} August`,
        text: `The zloty stands at 4.${day}4 to the euro and 4.0${day} to the dollar. The franc costs 4.6${day} zlotys, the pound 5.1${day} at the central bank.`,
        at: START_MS + day * 24 * HOUR_MS,
        source: { id: 'bank-news' },
      });
    const [first, second] = await joinAll(createMemoryIndex(), [column(1), column(2)]);
    expect(second!.after.id).not.toBe(first!.after.id);
  });

  it('is not joined by a live blog that mentions it among other things', async () => {
    const blog = article({
      id: 'blog',
      title: 'Eastern Europe live: minister in Minsk, grain ships leave Odesa, drones over Moscow',
      text: 'The Chinese minister Li Shangfu has landed in Minsk. Grain ships left Odesa. Two drones were brought down near Moscow. A bridge was closed.',
      at: START_MS + HOUR_MS,
    });
    expect((await joinAfter(wire, blog)).verdict).toBe('new');
  });

  it('keeps its first headline, sources and entities as lists without repetition', async () => {
    const results = await joinAll(
      createMemoryIndex(),
      [0, 1, 2].map((report) => news.madeUpReport(1, report)),
    );
    expect(results[2]!.after).toMatchObject({
      headline: news.madeUpReport(1, 0).title,
      articles: 3,
      sources: 3,
      entities: ['org-1'],
      topics: ['defense'],
      languages: ['en'],
      firstSeenAt: new Date(START_MS).toISOString(),
    });
  });

  it('is merged into the older one when an article shows that both are one event', async () => {
    const [left, right, both] = news.twoHalvesAndWhole();
    const results = await joinAll(createMemoryIndex(), [left, right, both]);
    expect(results[1]!.verdict).toBe('new');
    expect(results[2]!.merged).toEqual([results[1]!.after.id]);
    expect(results[2]!.after).toMatchObject({ id: results[0]!.after.id, articles: 3, headline: left.title });
  });
});

describe('joining an article again', () => {
  it('gives the same answer and changes nothing', async () => {
    const index = createMemoryIndex();
    const rewrite = article({ id: 'desk', title: news.REWRITE_TITLE, text: news.REWRITE_TEXT });
    const [first, second] = await joinAll(index, [wire, rewrite]);
    expect(await joinAll(index, [wire, rewrite, wire])).toEqual([first, second, first]);
    const third = await index.join({ ...wire, id: 'third', source: { id: 'third' } });
    expect(third.after.articles).toBe(3);
  });

  it('with other words is a revision: the same story, no new article, the new headline', async () => {
    const index = createMemoryIndex();
    const [first] = await joinAll(index, [wire]);
    const revised = await index.join({
      ...wire,
      revision: '2',
      title: 'Nothing like the old headline',
      text: 'Nor the text.',
    });
    expect(revised).toMatchObject({ verdict: 'revision', of: 'wire', merged: [] });
    expect(revised.after).toEqual({ ...first!.after, headline: 'Nothing like the old headline' });
  });
});

it('a stream replayed gives the same stories', async () => {
  const stream = Array.from({ length: 300 }, (_, at) => news.madeUpReport((at * 7) % 40, Math.floor(at / 40)));
  const [once, again] = [await joinAll(createMemoryIndex(), stream), await joinAll(createMemoryIndex(), stream)];
  expect(again).toEqual(once);
  expect(new Set(once.map((one) => one.after.id)).size).toBe(40);
});
