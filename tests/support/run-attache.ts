import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './checkout.ts';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program as a user would, with `input` on its standard input, and waits for its end. */
export async function runAttache(args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const { REDIS_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [join(ROOT, 'cli/attache.mjs'), ...args], {
    cwd: ROOT,
    env: { ...inherited, ...env },
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}
