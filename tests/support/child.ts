import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program under test, with the lines it has printed so far. */
export interface Child {
  readonly lines: readonly string[];
  readonly errors: readonly string[];
  /** Resolves with the first line of either stream that fits, printed before or after; rejects when the program ends without. */
  line(pattern: RegExp): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a program; `stop` ends it with SIGTERM and waits for it. */
export function startChild(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Child {
  const child: ChildProcess = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const errors: string[] = [];
  const waiting = new Set<() => void>();
  const follow = (stream: NodeJS.ReadableStream, into: string[]) =>
    createInterface({ input: stream }).on('line', (line) => {
      into.push(line);
      for (const check of waiting) check();
    });
  follow(child.stdout!, lines);
  follow(child.stderr!, errors);
  const ended = once(child, 'close');
  return {
    lines,
    errors,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = [...lines, ...errors].find((line) => pattern.test(line));
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
        ended.then(() => reject(new Error(`${command} ended before ${pattern}:\n${errors.join('\n')}`)), reject);
      }),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}
