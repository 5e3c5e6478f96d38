#!/usr/bin/env node
// The program `attache`, for any Node from 18 on: brings what is missing, then runs main.ts on a Node that can.
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureModules } from '../scripts/install-modules.mjs';
import { isRecentEnough, pinnedNode } from '../scripts/program-node.mjs';
import { runChild } from '../scripts/run-child.mjs';
import { SetupError, say } from '../scripts/setup-error.mjs';

async function launch() {
  const self = fileURLToPath(import.meta.url);
  const root = dirname(dirname(self));
  const here = isRecentEnough(process.versions.node);
  await ensureModules({ root, dev: !here, env: process.env, say });
  const args = process.argv.slice(2);
  if (!here) return runChild(pinnedNode(root), [self, ...args]);
  // Compiled once, read back at the next start: a third less time to start. Where it cannot be written, nothing happens.
  module.enableCompileCache(join(root, 'node_modules', '.cache', 'attache'));
  const { main } = await import('./main.ts');
  return main(args);
}

try {
  process.exitCode = await launch();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
