import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { Command } from 'commander';
import { createTriage, readTriageLine, TriageLineError } from '../src/triage/offline-triage.ts';
import { loadKnowledge } from '../workers/load-knowledge.ts';
import { sourceOf } from '../workers/running-config.ts';
import { visibleText } from './visible-text.ts';

/** `attache triage [FILE.jsonl]`: judges articles offline, in order, one JSON line each (see README, “What triage says”). Needs no Redis. */
export function triageCommand(): Command {
  return new Command('triage')
    .description('judges articles offline: JSON lines in, JSON lines out, in the same order')
    .argument('[file]', 'JSON lines; standard input where it is missing')
    .option('--config <dir>', 'the config directory', 'config')
    .option('--all', 'prints topics below their threshold too')
    .action(triage);
}

async function triage(file: string | undefined, options: { config: string; all?: boolean }): Promise<void> {
  const { config, knowledge } = await loadKnowledge(options.config, process.env, new Date());
  const sources = new Map(config.feeds.map((feed) => [feed.id, sourceOf(feed)]));
  const judge = createTriage({
    knowledge,
    sources,
    storyWindowSec: config.settings.retention.storyWindow,
    allTopics: options.all ?? false,
    startMs: Date.now(),
  });
  const input = file === undefined ? process.stdin : createReadStream(file);
  let lineNumber = 0;
  for await (const lines of arrivedLines(input)) {
    let answers = '';
    for (const raw of lines) {
      lineNumber++;
      const line = raw.trim();
      if (line !== '') answers += `${visibleText(JSON.stringify(await answer(judge, line, lineNumber)))}\n`;
    }
    if (answers !== '') await print(answers);
  }
}

/** The lines of a text as they arrive: together those that came together, so that they are answered together. */
async function* arrivedLines(input: Readable): AsyncGenerator<string[]> {
  let rest = '';
  for await (const text of input.setEncoding('utf8')) {
    const lines: string[] = text.split('\n');
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? '';
    yield lines;
  }
  yield [rest];
}

async function answer(judge: ReturnType<typeof createTriage>, line: string, lineNumber: number): Promise<object> {
  try {
    return await judge(readTriageLine(line));
  } catch (error) {
    if (!(error instanceof TriageLineError)) throw error;
    process.exitCode = 1;
    return {
      ...(error.id === null ? {} : { id: error.id }),
      error: { code: error.code, message: `line ${lineNumber}: ${error.message}` },
    };
  }
}

/** Waits where the reader is slower: a million lines must not pile up in memory. */
async function print(answers: string): Promise<void> {
  if (process.stdout.write(answers)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}
