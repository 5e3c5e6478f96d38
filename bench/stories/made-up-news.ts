import { type BackgroundStatistics, STEP } from '../../src/stories/background.ts';
import { hashText } from '../../src/stories/hash-text.ts';
import type { StoryInput } from '../../src/stories/story.ts';

/** When the first event begins: in the middle of an epoch of 72 hours. */
export const BEGAN_MS = Math.floor(1_700_000_000_000 / 259_200_000) * 259_200_000 + 129_600_000;
/** Words of the made-up language; the n-th is used with a chance of about 1 / n (Zipf's law). */
const VOCABULARY = 150_000;
const ENTITIES = 5_000;
const OUTLETS = 500;
const TITLE_WORDS = 9;
const BODY_WORDS = 105;
/** Words of an event's own, which make half of its reports. */
const EVENT_WORDS = 24;
/** One report in four is a copy of the one before, cut somewhere. */
const COPIED = 0.25;
/** Three events in four have one report, the most 30; 1.6 in the mean. */
const MOST_REPORTS = 30;
/** A report comes so long after its event at most. */
const FOLLOW_UP_MS = 12 * 3_600_000;

export interface MadeUpReport {
  readonly event: number;
  readonly input: StoryInput;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aiou';
const SYLLABLES = CONSONANTS.length * VOWELS.length;

/** Two or three syllables, none of which a spelling rule changes. */
function wordOf(rank: number): string {
  const [first, second, third] = [
    rank % SYLLABLES,
    Math.floor(rank / SYLLABLES) % SYLLABLES,
    Math.floor(rank / SYLLABLES ** 2),
  ];
  return syllableOf(first) + syllableOf(second) + (third === 0 ? '' : syllableOf(third));
}

/** A name that no other event has; longer than all other words. */
const nameOf = (event: number, index: number): string =>
  `${wordOf((event * 2 + index) % SYLLABLES ** 3).padEnd(6, 'da')}${CONSONANTS[Math.floor((event * 2 + index) / SYLLABLES ** 3) % CONSONANTS.length]}`;

const syllableOf = (index: number): string =>
  CONSONANTS[index % CONSONANTS.length]! + VOWELS[Math.floor(index / CONSONANTS.length)]!;

const zipf = (random: () => number, count: number): number => Math.floor(count ** random());

/**
 * News about made-up events. An event has its own words, rarer than the rest, entities, and reports: most have one, some dozens. `event` decides everything, so that
 * processes can share the work; its reports come over half a day.
 */
export function reportsOf(event: number, beganMs: number): MadeUpReport[] {
  const random = randomFrom(event * 7919 + 1);
  const own = Array.from({ length: EVENT_WORDS }, () => wordOf(20 + zipf(random, VOCABULARY - 20)));
  own.push(nameOf(event, 0), nameOf(event, 1));
  const names = own.slice(-5).map((word) => word[0]!.toUpperCase() + word.slice(1));
  const entities = Array.from({ length: 1 + Math.floor(random() * 4) }, () => `org-${zipf(random, ENTITIES)}`);
  const count = Math.max(1, Math.floor(MOST_REPORTS / (1 + 100 * random())));
  const text = (length: number): string =>
    Array.from({ length }, () => {
      const draw = random();
      if (draw < 0.1) return names[Math.floor(random() * names.length)]!;
      return draw < 0.5 ? own[Math.floor(random() * own.length)]! : wordOf(zipf(random, VOCABULARY));
    }).join(' ');
  const reports: MadeUpReport[] = [];
  let body = '';
  for (let index = 0; index < count; index++) {
    const isCopy = index > 0 && random() < COPIED;
    body = isCopy ? body.slice(0, body.length * (0.4 + random() * 0.6)) : text(BODY_WORDS);
    reports.push({
      event,
      input: {
        id: `e${event}-r${index}`,
        revision: '1',
        title: text(TITLE_WORDS),
        summary: '',
        text: body,
        lang: 'pl',
        isDated: true,
        at: Math.round(beganMs + (index === 0 ? 0 : random() * FOLLOW_UP_MS)),
        url: null,
        source: { id: `outlet-${zipf(random, OUTLETS)}` },
        entities,
        topics: random() < 0.7 ? ['defense'] : [],
      },
    });
  }
  return reports.sort((one, other) => one.input.at - other.input.at);
}

/** How common the made-up words are in an article, in the form of the shipped statistics. */
export function madeUpBackground(): BackgroundStatistics {
  const levels = new Map<number, number>();
  const drawn = (TITLE_WORDS + BODY_WORDS) / 2;
  for (let rank = 1; rank < VOCABULARY; rank++) {
    const chance = Math.log1p(1 / rank) / Math.log(VOCABULARY);
    const share = Math.max(1 - (1 - chance) ** drawn, 1 / 60_000);
    levels.set(hashText(wordOf(rank)), Math.min(255, Math.round(-Math.log(share) / STEP)));
  }
  return { levels, documents: 60_000, events: new Map() };
}
