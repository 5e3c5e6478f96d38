import { readEntityConfig, readTaxonomyConfig } from '../../scripts/topics/read-config.ts';
import type { EntityTag } from '../../src/entities/entity-tag.ts';
import { findEntities } from '../../src/entities/find-entities.ts';
import { compileGazetteer } from '../../src/entities/gazetteer.ts';
import { MatcherBuilder } from '../../src/text/phrase-matcher.ts';
import { readArticle } from '../../src/text/reading.ts';
import { scoreTopics } from '../../src/topics/score-topics.ts';
import { compileTaxonomy, type Taxonomy } from '../../src/topics/taxonomy.ts';
import type { TopicTag } from '../../src/topics/topic-tag.ts';
import { readShippedWeights } from '../../src/topics/topic-weights.ts';

export interface LabelledArticle {
  readonly title?: string;
  readonly text?: string;
  readonly lang: string;
  readonly labels?: Readonly<Record<string, 0 | 1 | null>>;
  readonly countries?: readonly string[];
}

export interface ShippedTagger {
  readonly taxonomy: Taxonomy;
  tag(article: LabelledArticle): { readonly entities: readonly EntityTag[]; readonly topics: readonly TopicTag[] };
}

/** The tagger as it is shipped: `config/` and the learned weights. */
export function shippedTagger(): ShippedTagger {
  const builder = new MatcherBuilder();
  const gazetteer = compileGazetteer(readEntityConfig('config'), builder);
  const taxonomy = compileTaxonomy(readTaxonomyConfig('config'), builder, {
    weights: readShippedWeights(),
    kinds: gazetteer.kinds,
  });
  const matcher = builder.build();
  return {
    taxonomy,
    tag: ({ title = '', text = '', lang }) => {
      const reading = readArticle({ title, summary: '', text }, lang, matcher);
      const entities = findEntities(gazetteer, reading);
      return { entities, topics: scoreTopics(taxonomy, reading, entities) };
    },
  };
}
