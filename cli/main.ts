import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { ConfigError } from '../src/config/config-problem.ts';

/**
 * The commands, each in a file of its own that is loaded only when it is asked for: `attache check` must not wait for the HTTP client.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {};

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('attache')
    .description("watches the world's news feeds for defence and diplomacy, and tells each subscriber once")
    .version(version)
    .showHelpAfterError('(attache --help lists the commands)')
    .enablePositionalOptions();
  const asked = argv.find((word) => !word.startsWith('-'));
  const names = asked !== undefined && asked in COMMANDS ? [asked] : Object.keys(COMMANDS);
  for (const name of names) program.addCommand(await COMMANDS[name]!());
  await program.parseAsync(argv, { from: 'user' });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`attache: ${describe(error)}\n`);
  process.exitCode = 1;
}

/** A user's mistake is told in its own words; anything else with its stack, since it is ours. */
function describe(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error)
    return 'code' in error && error.code !== undefined ? error.message : (error.stack ?? error.message);
  return String(error);
}
