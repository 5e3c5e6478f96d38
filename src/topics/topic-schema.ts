import { z } from 'zod';

const termText = z.string().trim().min(1);
/** A term, alone or with its own weight in log-odds. */
const term = z.union([termText, z.strictObject({ term: termText, weight: z.number().min(-10).max(10) })]);
/** Terms by language (BCP 47 primary subtag); `any` is looked for in every language. */
const termsByLanguage = z.record(
  z.string().regex(/^(any|[a-z]{2,3})$/, 'expected a language such as ru, or any'),
  z.array(term).min(1),
);

const topic = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)*(\/[a-z]+(-[a-z]+)*)?$/, 'expected an id such as defense or defense/exercises'),
  title: z.string().trim().min(1),
  /** IPTC Media Topics with the same meaning. */
  iptc: z.array(z.string().regex(/^\d{8}$/, 'expected an IPTC Media Topics code of eight digits')).optional(),
  /** The probability from which the topic is given. */
  threshold: z.number().min(0).max(1),
  terms: termsByLanguage,
  /** Words whose learned weights do not count for this topic. */
  mute: z.array(termText).optional(),
});

const context = z.strictObject({
  id: z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'expected an id such as sport'),
  terms: termsByLanguage,
});

/** One file of `topics/*.yaml`; each section may stand in any of them. */
export const topicFileSchema = z.strictObject({
  topics: z.array(topic).optional(),
  /** Subjects in which the same words mean something else; learned from, never given. */
  contexts: z.array(context).optional(),
});

export type TopicFile = z.infer<typeof topicFileSchema>;
export type TopicConfig = z.infer<typeof topic>;
export type ConfigTerm = z.infer<typeof term>;
export interface TaxonomyConfig {
  readonly topics: readonly TopicConfig[];
  readonly contexts: readonly z.infer<typeof context>[];
}

/** The files of `topics/` as one, in order. */
export function mergeTopicFiles(files: readonly TopicFile[]): TaxonomyConfig {
  return { topics: files.flatMap((file) => file.topics ?? []), contexts: files.flatMap((file) => file.contexts ?? []) };
}
