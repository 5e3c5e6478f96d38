import { z } from 'zod';
import { SOURCE_KINDS } from '../articles/article.ts';
import { countryCode, duration, slug, webUrl } from './scalars.ts';

const feed = z.strictObject({
  id: slug.describe('Stands in logs, metrics and queries (source:ID).'),
  url: webUrl,
  name: z.string().min(1).max(200).optional().describe('The outlet, as people know it; the id where it is missing.'),
  country: countryCode.optional().describe("The outlet's home."),
  kind: z.enum(SOURCE_KINDS).optional(),
  every: duration('1s', '7d').optional().describe('Ask this often, whatever the feed’s own rhythm.'),
  tags: z.array(slug).default([]).describe('Groups of feeds, for queries: source:TAG.'),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string())
    .default({})
    .describe('Sent with each request, for authorisation; take secrets from the environment.'),
  userAgent: z.string().min(1).max(300).optional(),
});

/** feeds.yaml */
export const feedsSchema = z.strictObject({ feeds: z.array(feed).default([]) });

export type FeedSettings = z.output<typeof feed>;
