import { Command } from 'commander';
import { alertJsonSchema } from '../src/alerts/alert-schema.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';

/** `attache schema config [FILE]` and `attache schema alert`: JSON Schema on stdout, made from the schemas that validate. */
export function schemaCommand(): Command {
  const schema = new Command('schema').description(
    'prints a JSON Schema (2020-12), generated from the schemas that validate',
  );
  schema
    .command('config')
    .description('of the config files; of one of them with FILE')
    .argument('[file]', 'attache.yaml, feeds.yaml, watches.yaml, subscribers.yaml, topics/*.yaml or entities/*.yaml')
    .action((file: string | undefined) => print(configJsonSchema(file)));
  schema
    .command('alert')
    .description('of what subscribers and the queue `matches` get')
    .action(() => print(alertJsonSchema()));
  return schema;
}

const print = (value: object): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
