import { expect, test } from 'vitest';
import { feedsNamed, namedSources } from '../../src/watches/watch-sources.ts';

const FEEDS = [
  { id: 'bbc', tags: ['world'] },
  { id: 'tass', tags: ['russia', 'wires'] },
  { id: 'pap', tags: ['wires'] },
];
const sources = (query: string) => feedsNamed(namedSources(query, { flank: ['pap', 'world'] }), FEEDS);

test.each([
  ['navy', []],
  ['navy AND source:tass', ['tass']],
  ['navy AND (source:bbc OR source:wires)', ['bbc', 'tass', 'pap']],
  ['navy OR source:wires', []],
  ['(navy OR source:wires) source:bbc', ['bbc']],
  ['2 of (source:bbc, fleet, port)', []],
  ['2 of (source:bbc, source:tass, port)', ['bbc', 'tass']],
  ['source:$flank', ['bbc', 'pap']],
  ['navy -source:tass', []],
  ['source:wires AND NOT source:tass', ['tass', 'pap']],
  ['source:(', []],
])('the sources of %s are the feeds that it asks for by id or tag: %j', (query, expected) => {
  expect(sources(query)).toEqual(expected);
});
