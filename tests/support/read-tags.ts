import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type EntityFile, entityFileSchema, mergeEntityFiles } from '../../src/entities/entity-schema.ts';
import type { EntityTag } from '../../src/entities/entity-tag.ts';
import { findEntities } from '../../src/entities/find-entities.ts';
import { compileGazetteer } from '../../src/entities/gazetteer.ts';
import { MatcherBuilder } from '../../src/text/phrase-matcher.ts';
import { readArticle } from '../../src/text/reading.ts';
import { overThreshold, scoreTopics } from '../../src/topics/score-topics.ts';
import { compileTaxonomy } from '../../src/topics/taxonomy.ts';
import { mergeTopicFiles, type TopicFile, topicFileSchema } from '../../src/topics/topic-schema.ts';
import type { TopicTag } from '../../src/topics/topic-tag.ts';
import type { TopicWeights } from '../../src/topics/topic-weights.ts';

export interface Story {
  readonly title?: string;
  readonly text?: string;
  readonly lang?: string;
  readonly at?: string;
}

export interface Tags {
  readonly entities: readonly EntityTag[];
  readonly topics: readonly TopicTag[];
  readonly given: readonly TopicTag[];
}

/** A tagger of the shipped config, with more files laid over it. */
export function shippedTagger(
  learned: { weights?: TopicWeights } = {},
  topics: readonly TopicFile[] = [],
  entities: readonly EntityFile[] = [],
): (story: Story) => Tags {
  const builder = new MatcherBuilder();
  const gazetteer = compileGazetteer(
    mergeEntityFiles([...yamlFiles('config/entities').map((file) => entityFileSchema.parse(file)), ...entities]),
    builder,
  );
  const taxonomy = compileTaxonomy(
    mergeTopicFiles([...yamlFiles('config/topics').map((file) => topicFileSchema.parse(file)), ...topics]),
    builder,
    { ...learned, kinds: gazetteer.kinds },
  );
  const matcher = builder.build();
  return ({ title = '', text = '', lang = 'en', at }) => {
    const reading = readArticle({ title, summary: '', text }, lang, matcher);
    const found = findEntities(gazetteer, reading, at);
    const scored = scoreTopics(taxonomy, reading, found);
    return { entities: found, topics: scored, given: overThreshold(taxonomy, scored) };
  };
}

function yamlFiles(folder: string): unknown[] {
  const directory = new URL(`../../${folder}/`, import.meta.url);
  return readdirSync(directory)
    .sort()
    .map((name) => parse(readFileSync(new URL(name, directory), 'utf8')));
}
