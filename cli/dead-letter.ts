import { Argument, Command, Option } from 'commander';
import { DEAD_LETTER_QUEUES, type DeadJob, type DeadLetter, type DeadLetterQueue } from '../src/queues/dead-letter.ts';
import { positive } from './read-number.ts';

export interface DeadLetterDeps {
  readonly connect: (options: {
    readonly config: string;
    readonly data: string;
  }) => Promise<{ readonly deadLetter: DeadLetter; close(): Promise<void> }>;
  /** Writes a line to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line to standard error. */
  readonly warn: (line: string) => void;
}

/** A user's mistake, told in its own words. */
class DeadLetterError extends Error {
  override readonly name = 'DeadLetterError';
  readonly code: 'no-choice' | 'not-found';

  constructor(code: DeadLetterError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

interface Options {
  readonly config: string;
  readonly data: string;
  readonly queue?: DeadLetterQueue;
  readonly all?: boolean;
  readonly limit: number;
  readonly json?: boolean;
}

/** `attache dead-letter list|retry|drop`: the jobs that were given up. */
export function deadLetterCommand(deps: DeadLetterDeps): Command {
  const command = new Command('dead-letter').description(
    'the articles that could not be judged, and what consumers of the queue `matches` gave up',
  );
  const sub = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .addOption(new Option('--queue <name>', 'one queue alone').choices(DEAD_LETTER_QUEUES))
      .option('--config <dir>', 'the config directory', 'config')
      .option('--data <dir>', 'the folder of the embedded Redis, where no other is configured', 'data');
  sub('list', 'what was given up, why, and after how many attempts; the newest first')
    .option('--limit <n>', 'at most so many of each queue', positive, 100)
    .option('--json', 'one JSON line for each')
    .action((options: Options) => list(deps, options));
  for (const [name, description] of [
    ['retry', 'runs jobs again, with all their attempts'],
    ['drop', 'forgets jobs for good'],
  ] as const) {
    sub(name, description)
      .addArgument(new Argument('[id...]', 'as `list` shows them'))
      .option('--all', 'all that `list` shows')
      .option('--limit <n>', 'at most so many of each queue', positive, 10_000)
      .action((ids: string[], options: Options) => act(deps, name, ids, options));
  }
  return command;
}

async function list(deps: DeadLetterDeps, options: Options): Promise<void> {
  const access = await deps.connect(options);
  try {
    let shown = 0;
    for (const queue of chosen(options)) {
      const jobs = await access.deadLetter.list(queue, options.limit);
      for (const job of jobs) deps.print(options.json === true ? JSON.stringify(lineOf(job)) : sentence(job));
      shown += jobs.length;
      const more = (await access.deadLetter.count(queue)) - jobs.length;
      if (more > 0) deps.warn(`${queue}: ${more} more (--limit)`);
    }
    if (shown === 0) deps.warn('the dead letter is empty');
  } finally {
    await access.close();
  }
}

async function act(deps: DeadLetterDeps, verb: 'retry' | 'drop', ids: string[], options: Options): Promise<void> {
  if (ids.length === 0 && options.all !== true) {
    throw new DeadLetterError('no-choice', `dead-letter ${verb}: name jobs by their ids, or all with --all`);
  }
  const access = await deps.connect(options);
  try {
    const { deadLetter } = access;
    const found = new Set<string>();
    for (const queue of chosen(options)) {
      const asked = ids.length > 0 ? ids : (await deadLetter.list(queue, options.limit)).map(({ id }) => id);
      const done = verb === 'retry' ? await deadLetter.retry(queue, asked) : await deadLetter.drop(queue, asked);
      for (const id of done) found.add(id);
      if (done.length > 0) deps.print(`${queue}: ${done.length} ${verb === 'retry' ? 'queued again' : 'dropped'}`);
    }
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length > 0) {
      throw new DeadLetterError('not-found', `dead-letter ${verb}: not in the dead letter: ${missing.join(', ')}`);
    }
    if (found.size === 0) deps.warn('the dead letter is empty');
  } finally {
    await access.close();
  }
}

const chosen = ({ queue }: Options): readonly DeadLetterQueue[] => (queue === undefined ? DEAD_LETTER_QUEUES : [queue]);

function lineOf({ queue, id, failedMs, attempts, starts, reason, about }: DeadJob): object {
  const failedAt = failedMs === null ? null : new Date(failedMs).toISOString();
  return { queue, id, failedAt, attempts, starts, reason, ...about };
}

function sentence({ queue, id, failedMs, attempts, starts, reason, about }: DeadJob): string {
  const at = failedMs === null ? 'at an unknown time' : new Date(failedMs).toISOString();
  const { feed, article, alert, watch, title } = about;
  const what = Object.entries({ feed, article, watch, alert }).flatMap(([key, value]) =>
    value ? [`${key} ${value}`] : [],
  );
  const counts = starts > attempts ? `${attempts} attempts, ${starts} starts` : `${attempts} attempts`;
  return [
    `${id}  ${queue}, given up ${at} after ${counts}`,
    `  ${printable(reason)}`,
    `  ${what.join(', ')}${title ? `: ${printable(title)}` : ''}`,
  ].join('\n');
}

/** A stranger's words on a terminal: no control characters. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, ' ').slice(0, 300);
