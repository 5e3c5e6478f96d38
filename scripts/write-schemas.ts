/** `npm run schemas`: writes the JSON Schemas beside the shipped config, for editors, and docs/config.md for people. A test holds them to the zod schemas that validate. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { CONFIG_FILES } from '../src/config/config-files.ts';
import { configJsonSchema, schemaFileName } from '../src/config/json-schema.ts';
import { configPage } from './config-page.ts';

const dir = new URL('../config/schema/', import.meta.url);
mkdirSync(dir, { recursive: true });
for (const file of Object.keys(CONFIG_FILES)) {
  writeFileSync(new URL(schemaFileName(file), dir), `${JSON.stringify(configJsonSchema(file), null, 2)}\n`);
}
writeFileSync(new URL('../docs/config.md', import.meta.url), configPage());
