import { expect, it } from 'vitest';
import { createPlaces } from '../../src/net/places.ts';

it('so many are in at a time, and who waits gets in by turn; who leaves the queue is passed over', () => {
  const places = createPlaces(2);
  const entered: string[] = [];
  const guest = (name: string) => {
    const onFree = (): void => void entered.push(name);
    return { isIn: places.take(onFree), leave: () => places.leave(onFree) };
  };
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map(guest);
  expect([a, b, c, d, e].map((one) => one!.isIn)).toEqual([true, true, false, false, false]);
  d!.leave();
  a!.leave();
  a!.leave();
  expect(entered).toEqual(['c']);
  b!.leave();
  c!.leave();
  expect(entered).toEqual(['c', 'e']);
  expect([guest('f').isIn, guest('g').isIn]).toEqual([true, false]);
});
