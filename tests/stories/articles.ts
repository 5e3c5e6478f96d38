import type { StoryInput } from '../../src/stories/story.ts';

/** 15 August 2023, 10:00 UTC. */
export const START_MS = Date.UTC(2023, 7, 15, 10);
const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** An article with what a test says of it; the rest does not matter. */
export function article(given: Partial<StoryInput> & { readonly id: string }): StoryInput {
  return {
    revision: '1',
    title: '',
    summary: '',
    text: '',
    lang: 'en',
    at: START_MS,
    isDated: true,
    url: null,
    source: { id: `outlet-of-${given.id}` },
    entities: [],
    topics: [],
    ...given,
  };
}

/** A wire report of a visit, as an agency would send it. */
export const WIRE_TITLE = "China's defence minister lands in Minsk for three-day visit";
export const WIRE_TEXT = [
  "China's Defence Minister Li Shangfu arrived in the Belarusian capital on Wednesday for a visit of three days, the host country's military said.",
  'An honour guard met General Li on the tarmac of the airport outside Minsk, where his counterpart Viktor Khrenin welcomed him.',
  'The two ministers are to sign a plan of joint exercises for the coming year and to open talks about training for officers of both armies.',
  'Li came from Moscow, where he had told a security conference that his country would widen its partnership with its northern neighbours.',
  'Neighbours of Belarus watched the visit with unease: Poland has moved two thousand soldiers to its eastern frontier since mercenaries set up camp near Brest.',
  'A spokesman in Warsaw said that the government would follow every step of the programme, and that it was in touch with its allies in Vilnius and Riga.',
  'Beijing and Minsk have called their ties an all-weather partnership since the autumn of last year, when their leaders met in Samarkand.',
  'The delegation will leave on Saturday after a tour of a factory that builds chassis for rocket launchers in the south of the city.',
].join(' ');

/** The same visit by another desk, in its own words. */
export const REWRITE_TITLE = 'Li Shangfu in Belarus: Chinese defence chief meets Khrenin';
export const REWRITE_TEXT =
  'Chinese Defence Minister Li Shangfu met his Belarusian counterpart Viktor Khrenin in Minsk at the start of a three-day visit that is to bring ' +
  'joint exercises of the two armies. Poland, which guards its border with Belarus with more soldiers these weeks, called the trip a signal.';

/** Another minister's visit on the same day: much alike, another event. */
export const LOOKALIKE_TITLE = "India's defence minister lands in Hanoi for three-day visit";
export const LOOKALIKE_TEXT =
  "India's Defence Minister Rajnath Singh arrived in Vietnam on Wednesday for a visit of three days. He will hand over a corvette and sign an " +
  'agreement on repairs of naval vessels with General Phan Van Giang before he goes on to Jakarta.';

const SYLLABLES = 'ba de fi go ku la me ni po ru sa te vi xo za bri dra fle glo stu kra ple tri'.split(' ');

/** A made-up word, the same for the same number. */
function madeUpWord(seed: number): string {
  let word = '';
  for (
    let rest = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
    word.length < 8;
    rest = Math.imul(rest ^ (rest >>> 15), 0x2c1b3c6d) >>> 0
  )
    word += SYLLABLES[rest % SYLLABLES.length];
  return word;
}

/** Report number `report` of event number `event`: events share hardly a word, reports of one event most. */
export function madeUpReport(event: number, report: number): StoryInput {
  const words = Array.from({ length: 30 }, (_, index) => madeUpWord(event * 1000 + index));
  const own = Array.from({ length: 8 }, (_, index) => madeUpWord(7_000_000 + event * 5000 + report * 50 + index));
  const turned = [...words.slice(report % 30), ...words.slice(0, report % 30)];
  return article({
    id: `e${event}-r${report}`,
    title: words.slice(0, 6).join(' '),
    text: turned.flatMap((word, index) => (index % 4 === 0 ? [word, own[index / 4]!] : [word])).join(' '),
    at: START_MS + report * MINUTE_MS,
    source: { id: `outlet-${report}` },
    entities: [`org-${event}`],
    topics: ['defense'],
  });
}

/** Two reports that tell an event from two sides, too little alike to be joined, and one that tells both sides. */
export function twoHalvesAndWhole(): [StoryInput, StoryInput, StoryInput] {
  const words = Array.from({ length: 17 }, (_, index) => madeUpWord(900_000 + index));
  const [left, right] = [words.slice(0, 14), words.slice(3)];
  const sentence = (all: readonly string[]): string => `${all.join(' ')}.`;
  return [
    article({ id: 'left', title: left.slice(0, 5).join(' '), text: sentence(left) }),
    article({
      id: 'right',
      title: right.slice(-5).join(' '),
      text: sentence(right.toReversed()),
      at: START_MS + MINUTE_MS,
    }),
    article({
      id: 'both',
      title: [...left.slice(0, 5), ...right.slice(-5)].join(' '),
      text:
        sentence(words.filter((_, index) => index % 2 === 0)) + sentence(words.filter((_, index) => index % 2 === 1)),
      at: START_MS + 2 * MINUTE_MS,
    }),
  ];
}
