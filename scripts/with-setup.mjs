import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureModules } from './install-modules.mjs';
import { isRecentEnough, pinnedNode } from './program-node.mjs';
import { SetupError, say } from './setup-error.mjs';

/**
 * Brings the packages (development ones too), then runs `act` with the checkout's folder and a Node that runs the sources; the exit code is what it answers.
 * A SetupError is told in its own words.
 *
 * @param {(here: {root: string, node: string}) => Promise<number>} act
 */
export async function withSetup(act) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  try {
    await ensureModules({ root, dev: true, env: process.env, say });
    const node = isRecentEnough(process.versions.node) ? process.execPath : pinnedNode(root);
    process.exitCode = await act({ root, node });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
