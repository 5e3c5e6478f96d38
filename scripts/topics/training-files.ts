import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { joinLabels, type Label, type StreamItem } from './labelled-stream.ts';
import { readRows } from './read-config.ts';
import type { LabelledRow } from './training-set.ts';

/** Rows of one source, and how much each counts. */
export interface TrainingFile {
  readonly name: string;
  readonly weight: number;
  /** Written to teach words: topics come up in it more often than in any feed. */
  readonly written: boolean;
  /** How much a row's headline alone counts besides the row: feeds bring headlines without text too. 0 where it is not learned from. */
  readonly headlines: number;
  readonly rows: readonly LabelledRow[];
}

const weight = z.number().positive();
const headlines = z.number().min(0).max(1).default(0);
const manifestSchema = z.strictObject({
  files: z
    .array(
      z.union([
        /** A file beside the manifest, shipped with the project. */
        z.strictObject({ file: z.string(), weight, written: z.boolean().optional() }),
        /** A file of the corpus. */
        z.strictObject({ corpus: z.string(), weight, headlines }),
        /** Labels beside the manifest, of a stream of the corpus. */
        z.strictObject({ labels: z.string(), stream: z.string(), weight, headlines }),
      ]),
    )
    .min(1),
  /** Files of the corpus whose texts are read without labels, for how words go together. */
  read: z.array(z.string()).default([]),
});

/** A text and its language, for how words go together. */
export interface UnlabelledText {
  readonly lang: string;
  readonly text: string;
}

/**
 * The files a manifest names, in its order, and the texts to read without labels. `corpusDirectory` holds those that cannot be shipped.
 * Throws where the manifest is malformed or a file is missing.
 */
export function readManifest(
  manifest: string,
  corpusDirectory: string,
): { readonly files: readonly TrainingFile[]; readonly texts: readonly UnlabelledText[] } {
  const beside = dirname(manifest);
  const { files, read } = manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  return {
    files: files.map((entry) => readEntry(entry, beside, corpusDirectory)),
    texts: read.flatMap((file) => readRows<Record<string, unknown>>(join(corpusDirectory, file)).flatMap(textsOf)),
  };
}

function readEntry(
  entry: z.infer<typeof manifestSchema>['files'][number],
  beside: string,
  corpusDirectory: string,
): TrainingFile {
  if ('file' in entry)
    return { ...readTrainingFile(join(beside, entry.file), entry.weight), written: entry.written === true };
  if ('corpus' in entry)
    return { ...readTrainingFile(join(corpusDirectory, entry.corpus), entry.weight), headlines: entry.headlines };
  const rows = joinLabels(
    readRows<Label>(join(beside, entry.labels)),
    readRows<StreamItem>(join(corpusDirectory, entry.stream)),
  );
  return { name: basename(entry.labels), weight: entry.weight, written: false, headlines: entry.headlines, rows };
}

/** Fields that hold a text: a headline and what stands below it. */
const TEXT_FIELDS = [
  ['title', 'text', 'description'],
  ['a', 'a_text'],
  ['b', 'b_text'],
];

function textsOf(row: Record<string, unknown>): UnlabelledText[] {
  const lang = typeof row.lang === 'string' ? row.lang.slice(0, 2) : 'en';
  return TEXT_FIELDS.map((fields) => fields.map((field) => row[field]).filter((part) => typeof part === 'string'))
    .map((parts) => ({ lang, text: parts.join('\n') }))
    .filter(({ text }) => text !== '');
}

export function readTrainingFile(file: string, weight: number): TrainingFile {
  return { name: basename(file), weight, written: false, headlines: 0, rows: readRows<LabelledRow>(file) };
}
