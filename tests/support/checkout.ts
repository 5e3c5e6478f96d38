import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A copy of what sets this checkout up, in a temp folder and without node_modules, to be set up and started as a newcomer would. */
export interface Checkout {
  readonly dir: string;
  /** A folder that heads the PATH of what is run here. */
  readonly bin: string;
  /** Puts a shell script on the PATH. */
  program(name: string, script: string): void;
  write(path: string, text: string): void;
  /** Makes the packages look installed, with the pinned Node among them; this checkout's own node_modules are never written to. */
  lendModules(): void;
  start(file: string, args: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess;
  run(file: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Run>;
  remove(): void;
}

const PARTS = ['package.json', 'package-lock.json', 'cli', 'scripts'];

/** The PATH without node_modules/.bin, where npm puts the pinned Node: a newcomer has only what the system has. */
function systemPath(): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.filter((folder) => !folder.endsWith(join('node_modules', '.bin')));
}

/** A Node of the system that is too old for the program, such as Debian's; null where there is none. */
export function olderNode(): string | null {
  for (const folder of systemPath()) {
    const node = join(folder, 'node');
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    const major = Number(/^v(\d+)\./.exec(stdout ?? '')?.[1]);
    if (major >= 18 && major < 24) return node;
  }
  return null;
}

export function copyCheckout(): Checkout {
  const dir = mkdtempSync(join(tmpdir(), 'attache-checkout-'));
  for (const part of PARTS) cpSync(join(ROOT, part), join(dir, part), { recursive: true });
  const bin = join(dir, '.bin');
  mkdirSync(bin);
  const start: Checkout['start'] = (file, args, env = {}) =>
    spawn(file, args, {
      cwd: dir,
      env: { ...withoutNpm(process.env), PATH: [bin, ...systemPath()].join(delimiter), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    dir,
    bin,
    program(name, script) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    },
    write: (path, content) => writeFileSync(join(dir, path), content),
    lendModules() {
      mkdirSync(join(dir, 'node_modules'));
      cpSync(join(dir, 'package-lock.json'), join(dir, 'node_modules', '.package-lock.json'));
      symlinkSync(join(ROOT, 'node_modules', 'node'), join(dir, 'node_modules', 'node'));
    },
    start,
    async run(file, args, env) {
      const child = start(file, args, env);
      const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
      const [stdout, stderr, [code, signal]] = await Promise.all([text(child.stdout!), text(child.stderr!), ended]);
      return { stdout, stderr, code, signal };
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Under `npm test` the environment is full of npm's own settings. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_/i.test(name)));
}
