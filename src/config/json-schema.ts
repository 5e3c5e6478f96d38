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
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return { title: `Attaché: ${file}`, ...(allowVariables(json) as object) };
}

/** An editor sees a value before its variables are expanded. */
const VARIABLE = { type: 'string', pattern: '\\$\\{.+\\}' };

/** Lets every text that must have a form be a variable instead. */
function allowVariables(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(allowVariables);
  if (node === null || typeof node !== 'object') return node;
  const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, allowVariables(value)]));
  const isFormed = inner.type === 'string' && ['pattern', 'enum', 'const'].some((key) => key in inner);
  if (!isFormed) return inner;
  const { description, default: fallback, ...form } = inner;
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [form, VARIABLE],
  };
}

/** `topics/*.yaml` → `topics.schema.json`: its name beside the shipped config. */
export const schemaFileName = (file: string): string => `${file.replace(/(\/\*)?\.yaml$/, '')}.schema.json`;
