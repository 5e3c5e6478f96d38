import { Command, CommanderError } from 'commander';
import type { ArchiveDeps } from './archive-input.ts';
import { describeError } from './describe-error.ts';
import { programVersion } from './program-version.ts';
import { visibleText } from './visible-text.ts';

/**
 * The commands, each in a file of its own that is loaded only when it is asked for: `attache check` must not wait for the HTTP client.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start.ts')).startCommand(),
  check: async () => (await import('./check.ts')).checkCommand(),
  parse: async () => {
    const [{ parseCommand }, { fetchSource }] = await Promise.all([import('./parse.ts'), import('./fetch-source.ts')]);
    return parseCommand({ fetchSource });
  },
  triage: async () => (await import('./triage.ts')).triageCommand(),
  feeds: async () => {
    const [{ feedsCommand }, deps] = await Promise.all([import('./feeds.ts'), import('./connect-feeds.ts')]);
    return feedsCommand({ ...deps.feedsAccess, print, warn, now: Date.now });
  },
  deliveries: async () => {
    const [{ deliveriesCommand }, { connectDeliveries }] = await Promise.all([
      import('./deliveries.ts'),
      import('./connect-deliveries.ts'),
    ]);
    return deliveriesCommand({ connect: connectDeliveries, print, warn, now: Date.now });
  },
  'dead-letter': async () => {
    const [{ deadLetterCommand }, { accessFiles }, { createDeadLetter }] = await Promise.all([
      import('./dead-letter.ts'),
      import('./store-access.ts'),
      import('../src/queues/dead-letter.ts'),
    ]);
    return deadLetterCommand({
      async connect(places) {
        const { stores, close } = await accessFiles(places, ['attache.yaml']);
        return { deadLetter: createDeadLetter(stores.queues), close };
      },
      print,
      warn,
    });
  },
  explain: async () => (await import('./explain.ts')).explainCommand(archiveDeps()),
  backtest: async () => (await import('./backtest.ts')).backtestCommand(archiveDeps()),
  plan: async () => (await import('./plan.ts')).planCommand(archiveDeps()),
  gaps: async () => (await import('./gaps.ts')).gapsCommand(archiveDeps()),
  schema: async () => (await import('./schema.ts')).schemaCommand(),
};

const print = (line: string): void => console.log(visibleText(line));
const warn = (line: string): void => console.error(visibleText(line));

/** With a file in place of the archive, no store is opened or loaded. */
function archiveDeps(): ArchiveDeps {
  return {
    openArchive: async (options) => (await import('./connect-archive.ts')).openArchive(options),
    print,
    nowMs: Date.now(),
  };
}

/** Runs the program on its arguments (without node and script) and answers the exit code. A command sets `process.exitCode` where it is not 0. */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that has seen enough (head, a closed pager) is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    await (await program(argv)).parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`attache: ${visibleText(describeError(error))}\n`);
    return 1;
  }
  return typeof process.exitCode === 'number' ? process.exitCode : 0;
}

async function program(argv: readonly string[]): Promise<Command> {
  const root = new Command('attache')
    .description("watches the world's news feeds for defence and diplomacy, and tells each subscriber once")
    .version(programVersion())
    .showHelpAfterError('(attache --help lists the commands)')
    .exitOverride();
  const asked = argv.find((word) => !word.startsWith('-'));
  const names = asked !== undefined && asked in COMMANDS ? [asked] : Object.keys(COMMANDS);
  for (const name of names) {
    const command = (await COMMANDS[name]!()).exitOverride();
    for (const one of [command, ...command.commands]) {
      one
        .exitOverride()
        .showHelpAfterError(`(attache ${name}${one === command ? '' : ` ${one.name()}`} --help says more)`);
    }
    root.addCommand(command);
  }
  return root;
}
