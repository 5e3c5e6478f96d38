import { z } from 'zod';
import { FIELDS } from '../text/evidence.ts';

/** What subscribers and the queue `matches` get. The JSON Schema that receivers use is generated from these. */

/** Grows only when a field changes its meaning or vanishes; new optional fields do not change it. */
export const SCHEMA_VERSION = 1;

const id = z.string().min(1).max(200);
const instant = z.iso.datetime();
const count = z.int().nonnegative();

const evidenceSchema = z
  .object({
    field: z.enum(FIELDS),
    start: count.describe(
      'UTF-16 offset into the field as sent; for the text, which is not sent, into the article’s plain text',
    ),
    end: count.describe('exclusive'),
    text: z.string(),
    term: z.string().describe('the term that found these words, as the watch’s author wrote it'),
    snippet: z.string().optional().describe('for a span in the text: the words around it'),
    snippetStart: count.optional().describe('where the span begins in the snippet, a UTF-16 offset'),
  })
  .describe('words that made the watch match');

const watchSchema = z.object({ id, title: z.string() });

const storySchema = z.object({
  id,
  headline: z.string(),
  firstSeenAt: instant,
  lastArticleAt: instant.optional(),
  articles: count,
  sources: count.describe('outlets'),
  origins: count.describe('independent sources: an agency and its reprints are one'),
  languages: z.array(z.string()),
  topics: z.array(z.string()),
  entities: z.array(z.string()).describe('countries as ISO 3166-1 alpha-2, organisations, people and roles as slugs'),
  merged: z.array(id).optional().describe('stories that live on in this one from this alert on'),
});

const articleSchema = z.object({
  id,
  url: z.string().nullable(),
  title: z.string(),
  summary: z.string(),
  source: z.object({ id, name: z.string(), kind: z.string().nullable(), country: z.string().nullable() }),
  publishedAt: instant.nullable(),
  lang: z.string(),
});

const alsoMatchedSchema = z.object({
  id: id.describe('the watch'),
  title: z.string(),
  evidence: z.array(evidenceSchema),
  alertId: id.optional(),
  sequence: z.int().positive().optional(),
  type: z.enum(['story.matched', 'story.updated']).optional(),
  change: z.array(z.string()).optional(),
});

const storyDataSchema = z.object({
  alertId: id.describe('also the header webhook-id: the same on every attempt and every replay'),
  sequence: z
    .int()
    .positive()
    .describe('counts for each story and watch; a gap is an alert that the subscriber’s settings withheld'),
  watch: watchSchema,
  change: z
    .array(z.string())
    .describe('new-origin, sources:3, language:ru, country:PL, topic:conflict, revision, merge'),
  story: storySchema,
  article: articleSchema,
  evidence: z.array(evidenceSchema),
  alsoMatched: z
    .array(alsoMatchedSchema)
    .optional()
    .describe('further watches of this subscriber that the same article matched'),
  truncated: z.boolean().optional().describe('evidence or other detail was left out to keep the body under 20 kB'),
  configHash: z.string(),
});

const envelope = { schemaVersion: z.literal(SCHEMA_VERSION), timestamp: instant };

export const storyAlertSchema = z.object({
  type: z.enum(['story.matched', 'story.updated']),
  ...envelope,
  data: storyDataSchema,
});

const digestEntrySchema = z.object({
  alertId: id,
  sequence: z.int().positive(),
  type: z.enum(['story.matched', 'story.updated']),
  timestamp: instant,
  watch: watchSchema,
  change: z.array(z.string()),
  story: z.object({ id, headline: z.string(), articles: count, sources: count, origins: count }),
  article: z.object({ id, url: z.string().nullable(), title: z.string(), source: z.string() }),
  alsoMatched: z.array(watchSchema).optional(),
});

export const digestSchema = z.object({
  type: z.literal('digest'),
  ...envelope,
  data: z.object({
    alertId: id,
    reasons: z
      .array(z.string())
      .describe('why they were held back: digest, quiet-hours, updates-per-hour, watch-budget'),
    part: z.int().positive(),
    parts: z.int().positive(),
    alerts: z.array(digestEntrySchema),
    configHash: z.string(),
  }),
});

/** Closed: a receiver may switch on them. */
export const NOTICE_CODES = [
  'watch-source-silent',
  'watch-source-resumed',
  'watch-over-budget',
  'endpoint-paused',
  'endpoint-resumed',
  'endpoint-disabled',
] as const;
export type NoticeCode = (typeof NOTICE_CODES)[number];

export const noticeSchema = z.object({
  type: z.literal('notice'),
  ...envelope,
  data: z.object({
    alertId: id,
    code: z.enum(NOTICE_CODES),
    message: z.string(),
    subject: z.object({ watch: id.optional(), feed: id.optional(), subscriber: id.optional() }),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  }),
});

export const pingSchema = z.object({
  type: z.literal('test.ping'),
  ...envelope,
  data: z.object({ alertId: id, subscriber: id, message: z.string() }),
});

/** Every body that a webhook of the standard format carries. */
export const alertSchema = z.discriminatedUnion('type', [storyAlertSchema, digestSchema, noticeSchema, pingSchema]);

/** The headers of a webhook that the receiver verifies with (Standard Webhooks 1.0); names in lower case, as most servers give them. */
const webhookHeadersSchema = z.object({
  'content-type': z.string().regex(/^application\/json(;|$)/),
  'webhook-id': id.describe('the alert’s id'),
  'webhook-timestamp': z
    .string()
    .regex(/^\d{10,11}$/)
    .describe('when this attempt was made, seconds since the epoch'),
  'webhook-signature': z
    .string()
    .regex(/^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)*$/)
    .describe('one signature for each secret of the subscriber; absent where it has none')
    .optional(),
});

export type StoryAlert = z.infer<typeof storyAlertSchema>;
export type Digest = z.infer<typeof digestSchema>;
export type DigestEntry = z.infer<typeof digestEntrySchema>;
export type Notice = z.infer<typeof noticeSchema>;
export type Ping = z.infer<typeof pingSchema>;
export type Alert = z.infer<typeof alertSchema>;
export type SentEvidence = z.infer<typeof evidenceSchema>;
export type AlsoMatched = z.infer<typeof alsoMatchedSchema>;

/**
 * The JSON Schema (draft 2020-12) of the body; that of the headers is beside it under `$defs.webhookHeaders`. Unknown fields are allowed, since a later
 * version may add some; `closed` forbids them in the body, which is how the project checks its own output.
 */
export function alertJsonSchema(options: { readonly closed?: boolean } = {}): Record<string, unknown> {
  const target = 'draft-2020-12';
  const schema = z.toJSONSchema(alertSchema, { target, io: options.closed === true ? 'output' : 'input' });
  const { $schema: _, ...webhookHeaders } = z.toJSONSchema(webhookHeadersSchema, { target, io: 'input' });
  return {
    ...schema,
    title: 'Attaché alert',
    description: 'The body of a webhook and of a job on the queue “matches”.',
    $defs: { ...schema.$defs, webhookHeaders },
  };
}
