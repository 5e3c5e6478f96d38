import { z } from 'zod';
import { CONFIG_FILES } from './config-files.ts';

/** Asking for a file that no config has. */
export class UnknownConfigFile extends Error {
  readonly code = 'unknown-config-file';
}

/**
 * JSON Schema (2020-12) of one config file, for editors, made from the zod schema that validates it; without `file` one object with a property for
 * each. Throws UnknownConfigFile.
 */
export function configJsonSchema(file?: string): object {
  if (file === undefined) {
    const $defs = Object.fromEntries(Object.keys(CONFIG_FILES).map((name) => [name, configJsonSchema(name)]));
    return {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Attaché: a config directory, one definition for each file',
      $defs,
    };
  }
  const schema = CONFIG_FILES[file];
  if (!schema)
    throw new UnknownConfigFile(`schema: no config file "${file}"; known: ${Object.keys(CONFIG_FILES).join(', ')}`);
  return { title: `Attaché: ${file}`, ...(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as object) };
}
