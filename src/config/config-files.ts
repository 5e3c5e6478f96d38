import type { z } from 'zod';
import { entityFileSchema } from '../entities/entity-schema.ts';
import { topicFileSchema } from '../topics/topic-schema.ts';
import { attacheSchema } from './attache-schema.ts';
import { feedsSchema } from './feeds-schema.ts';
import { subscribersSchema } from './subscribers-schema.ts';
import { watchesSchema } from './watches-schema.ts';

/** The files of a config directory and their schemas. A name with `*` stands for every YAML file of a folder. */
export const CONFIG_FILES: Readonly<Record<string, z.ZodType>> = {
  'attache.yaml': attacheSchema,
  'feeds.yaml': feedsSchema,
  'watches.yaml': watchesSchema,
  'subscribers.yaml': subscribersSchema,
  'topics/*.yaml': topicFileSchema,
  'entities/*.yaml': entityFileSchema,
};
