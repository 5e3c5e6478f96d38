// `npm run verify`: all that a change must pass, in the order of how fast it fails. `npm run verify -- --no-tests` where npm test ran already.
import { join } from 'node:path';
import { runChild } from './run-child.mjs';
import { withSetup } from './with-setup.mjs';

const STEPS = [
  ['format, lint and layers', 'node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']],
  ['types', 'node_modules/typescript/bin/tsc', []],
  ['unused code', 'node_modules/knip/bin/knip.js', []],
  ['known weaknesses', 'scripts/audit.mjs', []],
  ['tests', 'scripts/test.mjs', []],
];

await withSetup(async ({ root, node }) => {
  const steps = process.argv.includes('--no-tests') ? STEPS.slice(0, -1) : STEPS;
  for (const [title, script, args] of steps) {
    process.stderr.write(`verify: ${title}\n`);
    const code = await runChild(node, [join(root, script), ...args], { cwd: root });
    if (code !== 0) return code;
  }
  return 0;
});
