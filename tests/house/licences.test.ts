import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ACCEPTED_LICENCES, thirdParties, thirdPartyPage } from '../../scripts/licences/third-party.ts';
import { ROOT } from '../support/checkout.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

test('every dependency has a licence that lets anybody use the program', () => {
  const all = thirdParties(read('package-lock.json'));
  expect(all.length).toBeGreaterThan(50);
  expect(all.filter(({ licence }) => !ACCEPTED_LICENCES.includes(licence))).toEqual([]);
});

test('THIRD-PARTY.md lists the dependencies as they are (npm run licences writes it)', () => {
  expect(read('THIRD-PARTY.md')).toBe(thirdPartyPage(thirdParties(read('package-lock.json'))));
});
