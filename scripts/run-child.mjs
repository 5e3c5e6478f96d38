import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program to its end, passes signals on to it, and resolves to its exit code (128 + n when signal n ended it).
 * Ctrl-C at a terminal reaches the whole foreground group by itself: passed on it would come twice, and a program may take the second for impatience.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options] stdio is inherited by default
 * @returns {Promise<number>} rejects with the spawn's error (ENOENT) when the program cannot be run
 */
export async function runChild(file, args, options = {}) {
  const child = spawn(file, args, { stdio: 'inherit', ...options });
  const atTerminal = [0, 1, 2].some((stream) => isatty(stream));
  const passOn = (signal) => {
    if (signal === 'SIGINT' && atTerminal) return;
    child.kill(signal);
  };
  for (const signal of PASSED_ON) process.on(signal, passOn);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
    });
  } finally {
    for (const signal of PASSED_ON) process.off(signal, passOn);
  }
}
