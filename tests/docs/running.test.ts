import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMetrics } from '../../src/http/metrics.ts';
import { ROOT } from '../support/checkout.ts';

test('the page on running it names metrics that there are', async () => {
  const page = readFileSync(join(ROOT, 'docs/running.md'), 'utf8');
  const known = (await createMetrics().registry.getMetricsAsJSON()).map(({ name }) => name);
  const named = [...page.matchAll(/`(attache_\w+)/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !known.includes(name!))).toEqual([]);
});
