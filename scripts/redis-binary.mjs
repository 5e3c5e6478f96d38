import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runChild } from './run-child.mjs';
import { SetupError } from './setup-error.mjs';

const NAMES = ['redis-server', 'valkey-server'];
/** Where packages put servers that a plain user's PATH may lack (Debian's /usr/sbin, Homebrew's two prefixes). */
const FURTHER_FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin'];

/**
 * @param {NodeJS.ProcessEnv} env its PATH is searched first
 * @param {readonly string[]} [furtherFolders]
 * @returns {string | null} the path of a redis-server, else of a valkey-server
 */
export function findRedisServer(env, furtherFolders = FURTHER_FOLDERS) {
  const folders = [...(env.PATH ?? '').split(delimiter).filter(Boolean), ...furtherFolders];
  for (const name of NAMES) {
    for (const folder of folders) {
      if (isExecutable(join(folder, name))) return join(folder, name);
    }
  }
  return null;
}

/**
 * Finds a redis-server or valkey-server, or installs one with apt where this process may (root, or sudo without a password).
 *
 * @param {{env: NodeJS.ProcessEnv, say: (line: string) => void, purpose: 'worker' | 'tests', furtherFolders?: readonly string[], uid?: number}} input uid: this process's user by default
 * @returns {Promise<string>} the program's path; rejects with a SetupError that names the ways to get one
 */
export async function ensureRedisServer({ env, say, purpose, furtherFolders, uid = process.getuid?.() }) {
  const found = findRedisServer(env, furtherFolders);
  if (found !== null) return found;
  const apt = aptCommand(env, uid);
  if (apt !== null) {
    say(
      'no redis-server or valkey-server found; installing redis-server with apt (a service it may set up on port 6379 is not used)',
    );
    await install(apt, env, say);
    const installed = findRedisServer(env, furtherFolders);
    if (installed !== null) return installed;
  }
  throw new SetupError(waysOut(purpose));
}

/** What the user can do where nothing can be installed for them. */
export function waysOut(purpose) {
  const lines = [
    'a redis-server or valkey-server is needed, none is on the PATH, and this user may not install one. Any of these helps:',
    '  sudo apt-get install redis-server      (Debian, Ubuntu)',
    '  brew install redis                     (macOS)',
  ];
  if (purpose === 'worker') {
    const run = 'docker run -d -p 127.0.0.1:6379:6379 valkey/valkey:8 valkey-server';
    lines.push(
      `  ${run} --appendonly yes --maxmemory-policy noeviction`,
      '                                         then start again with REDIS_URL=redis://127.0.0.1:6379',
      '  REDIS_URL=redis://HOST:PORT            a Redis or Valkey that you have already',
    );
  } else {
    lines.push(
      '  docker compose up                      runs the worker without one on this machine',
      '  (the tests start servers of their own: REDIS_URL does not help them)',
    );
  }
  return lines.join('\n');
}

function aptCommand(env, uid) {
  if (!runs('apt-get', ['--version'], env)) return null;
  if (uid === 0) return ['apt-get'];
  return runs('sudo', ['-n', 'true'], env) ? ['sudo', '-n', 'apt-get'] : null;
}

async function install([program, ...first], env, say) {
  const options = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: ['ignore', 2, 2] };
  const quiet = ['-qq', '-o', 'DPkg::Lock::Timeout=120'];
  const updated = await runChild(program, [...first, ...quiet, 'update'], options);
  if (updated !== 0) say(`apt-get update failed with exit code ${updated}; trying with the lists as they are`);
  const args = [...first, ...quiet, 'install', '-y', '--no-install-recommends', 'redis-server'];
  const installed = await runChild(program, args, options);
  if (installed !== 0) say(`apt-get install redis-server failed with exit code ${installed}`);
}

function runs(program, args, env) {
  return spawnSync(program, args, { env, stdio: 'ignore' }).status === 0;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
