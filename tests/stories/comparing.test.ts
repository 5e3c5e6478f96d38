import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT, IN_TITLE, NAME, NUMBER } from '../../src/stories/count-terms.ts';
import { FEATURES, type Weights } from '../../src/stories/join-model.ts';
import { weigh } from '../../src/stories/likeness.ts';
import { PostingLists } from '../../src/stories/posting-lists.ts';
import { compareTerms } from '../../src/stories/similarity.ts';
import { vectorOf } from '../../src/stories/term-vector.ts';
import { WEIGHT_STEPS, type WeighedTerm } from '../../src/stories/term-weights.ts';

const term = fc
  .record({
    // Few keys, so that articles share some, which differ in their high bits alone now and then.
    key: fc.nat(30).map((key) => (key % 2 === 0 ? key : key * 0x0400_0000) >>> 0),
    weight: fc.integer({ min: 1, max: 255 }),
    flags: fc.nat(31),
  })
  // An event is one wherever it stands.
  .map(({ flags, ...rest }) => ({ ...rest, flags: rest.key % 3 === 0 ? flags | EVENT : flags & ~EVENT }));
const terms = fc.uniqueArray(term, { maxLength: 60, selector: ({ key }) => key });

/** A sum over the terms that two articles share, looked up one by one. */
function shared(
  one: readonly WeighedTerm[],
  other: readonly WeighedTerm[],
  worth: (mine: WeighedTerm, its: WeighedTerm) => number,
): number {
  const its = new Map(other.map((twin) => [twin.key, twin]));
  return one.reduce((sum, mine) => sum + (its.has(mine.key) ? worth(mine, its.get(mine.key)!) : 0), 0);
}

const norm = (all: readonly WeighedTerm[]): number =>
  Math.sqrt(all.reduce((sum, { weight }) => sum + weight ** 2, 0)) || 1;
const product = (mine: WeighedTerm, its: WeighedTerm): number => mine.weight * its.weight;

const words = (all: readonly WeighedTerm[]): WeighedTerm[] => all.filter(({ flags }) => (flags & EVENT) === 0);
const events = (all: readonly WeighedTerm[]): WeighedTerm[] => all.filter(({ flags }) => (flags & EVENT) !== 0);

describe('comparing two articles’ terms', () => {
  it('gives what looking each term up gives; in one language an event only repeats its word', () => {
    fc.assert(
      fc.property(terms, terms, (allOfOne, allOfOther) => {
        const found = compareTerms(vectorOf(allOfOne), vectorOf(allOfOther), false);
        const [happened, happenedToo] = [events(allOfOne), events(allOfOther)];
        const alike = shared(happened, happenedToo, product) / (norm(happened) * norm(happenedToo));
        expect(found.events).toBeCloseTo(alike, 9);
        const [one, other] = [words(allOfOne), words(allOfOther)];
        expect(found.whole).toBeCloseTo(shared(one, other, product) / (norm(one) * norm(other)), 9);
        const inTitle = (all: readonly WeighedTerm[]) => all.filter(({ flags }) => flags & IN_TITLE);
        const title = shared(inTitle(one), inTitle(other), product) / (norm(inTitle(one)) * norm(inTitle(other)));
        expect(found.title).toBeCloseTo(title, 9);
        expect(found.numbers).toBe(
          shared(allOfOne, allOfOther, (mine, its) => (mine.flags & its.flags & NUMBER ? 1 : 0)),
        );
        const nats = shared(one, other, (mine, its) => Math.sqrt(product(mine, its)) / WEIGHT_STEPS);
        expect(found.evidence).toBeCloseTo(nats, 9);
      }),
    );
  });

  it('counts across languages only what means the same in both', () => {
    const [word, name] = [
      { key: 7, weight: 60, flags: 0 },
      { key: 9, weight: 60, flags: NAME },
    ];
    const found = (one: WeighedTerm[]) => compareTerms(vectorOf(one), vectorOf([word, name]), true).evidence;
    expect([found([word]), found([name]), found([word, name])]).toEqual([0, 10, 10]);
  });
});

it('every feature of the model counts by its weight, and nothing else does', () => {
  const only = (name: string, value: number): Weights =>
    Object.fromEntries(FEATURES.map((one) => [one, one === name ? value : 0])) as Weights;
  for (const name of FEATURES) {
    for (const other of FEATURES) expect(weigh(only(name, 3), only(other, 5))).toBe(name === other ? 15 : 0);
  }
});

describe('the lists of stories under terms', () => {
  it('hold each term’s last ones, each once, the one posted last at the end', () => {
    const most = 4;
    const posts = fc.array(
      fc.tuple(
        fc.nat(5).map((key) => key * 1024),
        fc.nat(9),
      ),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(posts, (all) => {
        const lists = new PostingLists(most);
        const expected = new Map<number, number[]>();
        for (const [key, number] of all) {
          lists.post(key, number);
          const others = (expected.get(key) ?? []).filter((one) => one !== number);
          expected.set(key, [...others, number].slice(-most));
        }
        for (let key = 0; key <= 6 * 1024; key += 1024) expect(listOf(lists, key)).toEqual(expected.get(key) ?? []);
      }),
    );
  });

  it('are all found again when there are many', () => {
    const lists = new PostingLists(2);
    for (let key = 0; key < 5_000; key++) lists.post(key * 3, key);
    const lost = Array.from({ length: 5_000 }, (_, key) => key).filter((key) => listOf(lists, key * 3)[0] !== key);
    expect(lost).toEqual([]);
    expect(listOf(lists, 1)).toEqual([]);
  });

  function listOf(lists: PostingLists, key: number): number[] {
    const numbers: number[] = [];
    lists.visit(key, (number) => numbers.push(number));
    return numbers;
  }
});
