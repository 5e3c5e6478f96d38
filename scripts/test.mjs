// `npm test`: brings what is missing, then runs vitest on the pinned Node. Arguments go to vitest: npm test -- tests/watches
import { join } from 'node:path';
import { ensureRedisServer } from './redis-binary.mjs';
import { runChild } from './run-child.mjs';
import { say } from './setup-error.mjs';
import { withSetup } from './with-setup.mjs';

await withSetup(async ({ root, node }) => {
  await ensureRedisServer({ env: process.env, say, purpose: 'tests' });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  return runChild(node, [vitest, 'run', ...process.argv.slice(2)], { cwd: root });
});
