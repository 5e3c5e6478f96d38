import { readFileSync } from 'node:fs';
import { z } from 'zod';

const perTopic = z.array(z.number());
/** Tens of thousands of rows: checked without a schema for each, which would take longer than reading them. */
const rows = z.custom<Record<string, number[]>>(isRows, { error: 'expected rows of numbers' });

/** What `npm run topics:train` learns; numbers are log-odds, one for each of `topics`. */
const topicWeightsSchema = z.strictObject({
  version: z.literal(1),
  /** The topics the columns stand for. */
  topics: z.array(z.string()).min(1),
  bias: perTopic,
  /** Words and pairs of words by language, stemmed; multiplied by their value in the article. */
  words: z.record(z.string(), rows),
  /** Features that hold in every language: groups of terms, entities. */
  features: rows,
  /** P(subtopic | its parent): log-odds at no evidence, for each term in the text (up to 3), for one in the title. */
  subtopic: z.tuple([z.number(), z.number(), z.number()]),
});

export type TopicWeights = z.infer<typeof topicWeightsSchema>;

/** Reads the weights shipped with the program. Throws where the file is missing or malformed: an installation fault. */
export function readShippedWeights(): TopicWeights {
  return topicWeightsSchema.parse(
    JSON.parse(readFileSync(new URL('./topic-weights.data.json', import.meta.url), 'utf8')),
  );
}

function isRows(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const row of Object.values(value)) if (!Array.isArray(row) || !row.every(Number.isFinite)) return false;
  return true;
}
