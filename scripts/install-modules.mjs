import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { decideInstall } from './modules-state.mjs';
import { runChild } from './run-child.mjs';
import { SetupError } from './setup-error.mjs';
import { withSetupLock } from './setup-lock.mjs';

/**
 * Runs `npm ci` when node_modules is missing or not what package-lock.json says; does nothing otherwise. Two commands at once install once.
 *
 * @param {{root: string, dev: boolean, env: NodeJS.ProcessEnv, say: (line: string) => void}} input root: the checkout; dev: are development packages needed
 * @returns {Promise<void>} rejects with a SetupError when npm is missing or fails
 */
export async function ensureModules({ root, dev, env, say }) {
  if (!modulesState(root, dev).install) return;
  await withSetupLock({ path: join(root, '.setup.lock'), say }, async () => {
    const state = modulesState(root, dev);
    if (!state.install) return;
    say(`${state.reason}; running npm ci`);
    const code = await npmCi(root, env);
    if (code > 128) process.exit(code); // Ctrl-C or SIGTERM, passed on
    if (code !== 0) throw new SetupError(`npm ci failed with exit code ${code}; its messages are above`);
  });
}

function modulesState(root, dev) {
  const lock = readJson(join(root, 'package-lock.json'));
  if (lock === null) throw new SetupError(`${root} has no package-lock.json; is it a complete checkout?`);
  return decideInstall(lock, readJson(join(root, 'node_modules', '.package-lock.json')), { dev });
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/** npm must not run on the Node inside the node_modules that it is about to replace. --include=dev: the pinned Node is one, whatever NODE_ENV says. */
async function npmCi(root, env) {
  const path = (env.PATH ?? '').split(delimiter).filter((dir) => !dir.endsWith(join('node_modules', '.bin')));
  const args = ['ci', '--include=dev', '--loglevel=error', '--no-audit', '--no-fund'];
  try {
    return await runChild('npm', args, {
      cwd: root,
      env: { ...env, PATH: path.join(delimiter) },
      stdio: ['ignore', 2, 2], // its summary too belongs on stderr
    });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new SetupError('npm is not on the PATH; it comes with Node (Debian: apt-get install npm)', { cause: error });
  }
}
