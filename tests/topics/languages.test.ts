import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readShippedWeights } from '../../src/topics/topic-weights.ts';
import { shippedTagger } from '../support/read-tags.ts';

interface Headline {
  readonly lang: string;
  readonly title: string;
  readonly labels: Readonly<Record<string, 0 | 1>>;
}

/** Headlines written for this project that training never sees. */
const headlines = readFileSync(new URL('../../bench/topics/headlines.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Headline);
const tag = shippedTagger({ weights: readShippedWeights() });

test.each(['ru', 'uk', 'de', 'fr', 'es', 'zh', 'ar'])('headlines are tagged by their words in %s', (lang) => {
  let right = 0;
  let wrong = 0;
  let missed = 0;
  for (const { title, labels } of headlines.filter((one) => one.lang === lang)) {
    const given = new Set(tag({ lang, title }).given.map(({ id }) => id));
    for (const [topic, label] of Object.entries(labels)) {
      if (label === 1 && given.has(topic)) right++;
      else if (label === 1) missed++;
      else if (given.has(topic)) wrong++;
    }
  }
  expect(right / (right + wrong)).toBeGreaterThan(0.8);
  expect(right / (right + missed)).toBeGreaterThan(0.75);
});
