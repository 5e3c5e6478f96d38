import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { type EntityConfig, entityFileSchema, mergeEntityFiles } from '../../src/entities/entity-schema.ts';
import { mergeTopicFiles, type TaxonomyConfig, topicFileSchema } from '../../src/topics/topic-schema.ts';

/** The entities of a config directory, for experiments that need no more of it. */
export function readEntityConfig(directory: string): EntityConfig {
  return mergeEntityFiles(
    yamlFiles(join(directory, 'entities')).map((file) => entityFileSchema.parse(parse(readFileSync(file, 'utf8')))),
  );
}

function yamlFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(directory, name));
}

/** Rows of a JSON lines file, gzipped or not. */
export function readRows<Row>(file: string): Row[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
}

/** The taxonomy of a config directory. */
export function readTaxonomyConfig(directory: string): TaxonomyConfig {
  return mergeTopicFiles(
    yamlFiles(join(directory, 'topics')).map((file) => topicFileSchema.parse(parse(readFileSync(file, 'utf8')))),
  );
}
