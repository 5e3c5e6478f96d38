import { expect, test } from 'vitest';
import { createUnreachableFeeds } from '../../src/feeds/unreachable-feeds.ts';
import { type PollDeps, pollFeeds } from '../../workers/poll.ts';

test('a feed that this process does not know yet is given back for another that does, within a minute', async () => {
  const released: unknown[] = [];
  const deps = {
    feed: () => undefined,
    due: { renew: async () => true, release: async (...args: unknown[]) => released.push(args) },
    unreachable: createUnreachableFeeds(),
    now: () => 1_000,
  } as unknown as PollDeps;
  await pollFeeds(deps, { data: { v: 1, feeds: [{ feedId: 'new', owner: 'o', dueAt: 0, cause: 'due' }] } });
  expect(released).toEqual([['new', 'o', 61_000]]);
});
