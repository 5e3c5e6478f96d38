import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCandidateCache } from '../../src/stories/candidate-cache.ts';
import { rankStories } from '../../src/stories/rank-stories.ts';

type Lists = readonly { readonly rarity: number; readonly now: readonly number[]; readonly past: readonly number[] }[];

const packed = (lists: Lists): Buffer =>
  Buffer.concat(
    lists
      .flatMap(({ now, past }) => [now, past])
      .flatMap((list) => [Buffer.from([list.length]), Buffer.from(new Uint32Array(list).buffer)]),
  );

const rank = (lists: Lists, limit: number) =>
  rankStories(
    lists.map(({ rarity }, key) => ({ key, rarity })),
    packed(lists),
    limit,
  );

describe('ranking the stories under an article’s terms', () => {
  it('puts those first that share most, rarest terms first, and of equals the later one', () => {
    const lists = [
      { rarity: 5, now: [1, 2], past: [2, 3] },
      { rarity: 3, now: [], past: [3, 4] },
      { rarity: 2, now: [4], past: [] },
    ];
    expect(rank(lists, 40)).toMatchObject([
      { number: 3, score: 8 },
      { number: 4, score: 5 },
      { number: 2, score: 5 },
      { number: 1, score: 5 },
    ]);
  });

  it('gives the same as sorting all of them', () => {
    const list = fc.uniqueArray(fc.nat(60), { maxLength: 15 });
    const lists = fc.array(fc.record({ rarity: fc.integer({ min: 1, max: 9 }), now: list, past: list }), {
      maxLength: 24,
    });
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 45 }), (given, limit) => {
        const scores = new Map<number, number>();
        for (const { rarity, now, past } of given)
          for (const number of new Set([...now, ...past])) scores.set(number, (scores.get(number) ?? 0) + rarity);
        const sorted = [...scores].sort(([one, score], [other, higher]) => higher - score || other - one);
        const ranked = rank(given, limit).map(({ number, score }) => [number, score]);
        expect(ranked).toEqual(sorted.slice(0, limit));
      }),
    );
  });
});

describe('stories that were read before', () => {
  const bytes = (firstAt: number): Buffer => {
    const story = Buffer.alloc(24);
    story.writeDoubleLE(firstAt, 4);
    return story;
  };

  it('are read again only when they have changed', () => {
    const cache = createCandidateCache();
    const first = cache.read(7, bytes(1));
    expect(cache.read(7, bytes(1))).toBe(first);
    expect(cache.read(7, bytes(2))).toMatchObject({ number: 7, firstAt: 2 });
    expect(cache.read(8, bytes(2))).toMatchObject({ number: 8, firstAt: 2 });
  });

  it('are kept up to a number, those asked for last', () => {
    const cache = createCandidateCache(2);
    const [one, two] = [cache.read(1, bytes(1)), cache.read(2, bytes(2))];
    expect(cache.read(1, bytes(1))).toBe(one);
    cache.read(3, bytes(3));
    expect(cache.read(1, bytes(1))).toBe(one);
    expect(cache.read(2, bytes(2))).not.toBe(two);
  });
});
