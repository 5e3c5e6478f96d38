// `npm run verify`: all that a change must pass, in the order of how fast it fails. `npm run verify -- --no-tests` where npm test ran already.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureModules } from './install-modules.mjs';
import { isRecentEnough, pinnedNode } from './program-node.mjs';
import { runChild } from './run-child.mjs';
import { SetupError, say } from './setup-error.mjs';

const STEPS = [
  ['format, lint and layers', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']],
  ['types', 'typescript/bin/tsc', []],
  ['unused code', 'knip/bin/knip.js', []],
];

async function verify() {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  await ensureModules({ root, dev: true, env: process.env, say });
  const node = isRecentEnough(process.versions.node) ? process.execPath : pinnedNode(root);
  for (const [title, script, args] of STEPS) {
    process.stderr.write(`verify: ${title}\n`);
    const code = await runChild(node, [join(root, 'node_modules', script), ...args], { cwd: root });
    if (code !== 0) return code;
  }
  if (process.argv.includes('--no-tests')) return 0;
  process.stderr.write('verify: tests\n');
  return runChild(node, [join(root, 'scripts', 'test.mjs')], { cwd: root });
}

try {
  process.exitCode = await verify();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
