import { z } from 'zod';
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
};

/** JSON Schema (2020-12) of one config file, made from the zod schema that validates it; for editors. */
export function configJsonSchema(file: string): object {
  const schema = CONFIG_FILES[file];
  if (!schema) throw new Error(`config: no schema for "${file}"; known: ${Object.keys(CONFIG_FILES).join(', ')}`);
  return { title: `Attaché: ${file}`, ...(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as object) };
}
