import { z } from 'zod';
import { slug, wholeNumber } from './scalars.ts';

const headlines = z.array(z.string().min(1).max(1000)).default([]);

const watch = z.strictObject({
  id: slug,
  title: z.string().min(1).max(200),
  query: z.string().min(1).max(100_000).describe('Lucene syntax, judged on one article.'),
  notify: z.array(slug).default([]).describe('Subscribers; none: the queue `matches` alone.'),
  tests: z
    .strictObject({ match: headlines, ignore: headlines })
    .partial()
    .transform((tests) => ({ match: tests.match ?? [], ignore: tests.ignore ?? [] }))
    .prefault({})
    .describe('Headlines that must match and must not: tried by `attache check` and at start.'),
  maxAlertsPerDay: wholeNumber(1, 100_000)
    .optional()
    .describe('Over it the watch turns to an hourly digest, and says so.'),
});

/** watches.yaml */
export const watchesSchema = z.strictObject({
  terms: z
    .record(slug, z.array(z.string().min(1).max(200)).min(1))
    .default({})
    .describe('Groups of terms by name; $NAME in a query stands for any of them.'),
  watches: z.array(watch).default([]),
});

export type WatchSettings = z.output<typeof watch>;
