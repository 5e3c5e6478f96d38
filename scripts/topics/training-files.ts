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
  readonly rows: readonly LabelledRow[];
}

const weight = z.number().positive();
const manifestSchema = z.strictObject({
  files: z
    .array(
      z.union([
        /** A file beside the manifest, shipped with the project. */
        z.strictObject({ file: z.string(), weight, written: z.boolean().optional() }),
        /** A file of the corpus. */
        z.strictObject({ corpus: z.string(), weight }),
        /** Labels beside the manifest, of a stream of the corpus. */
        z.strictObject({ labels: z.string(), stream: z.string(), weight }),
      ]),
    )
    .min(1),
});

/**
 * The files a manifest names, in its order. `corpusDirectory` holds those that cannot be shipped. Throws where the manifest is malformed
 * or a file is missing.
 */
export function readManifest(manifest: string, corpusDirectory: string): TrainingFile[] {
  const beside = dirname(manifest);
  const { files } = manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  return files.map((entry) => {
    if ('file' in entry) return readTrainingFile(join(beside, entry.file), entry.weight, entry.written);
    if ('corpus' in entry) return readTrainingFile(join(corpusDirectory, entry.corpus), entry.weight);
    const rows = joinLabels(
      readRows<Label>(join(beside, entry.labels)),
      readRows<StreamItem>(join(corpusDirectory, entry.stream)),
    );
    return { name: basename(entry.labels), weight: entry.weight, written: false, rows };
  });
}

export function readTrainingFile(file: string, weight: number, written = false): TrainingFile {
  return { name: basename(file), weight, written, rows: readRows<LabelledRow>(file) };
}
