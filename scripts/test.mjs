// `npm test`: brings what is missing, then runs vitest on the pinned Node. Arguments go to vitest: npm test -- tests/watches
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureModules } from './install-modules.mjs';
import { isRecentEnough, pinnedNode } from './program-node.mjs';
import { ensureRedisServer } from './redis-binary.mjs';
import { runChild } from './run-child.mjs';
import { SetupError, say } from './setup-error.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
try {
  await ensureModules({ root, dev: true, env: process.env, say });
  await ensureRedisServer({ env: process.env, say, purpose: 'tests' });
  const node = isRecentEnough(process.versions.node) ? process.execPath : pinnedNode(root);
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  process.exitCode = await runChild(node, [vitest, 'run', ...process.argv.slice(2)], { cwd: root });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
