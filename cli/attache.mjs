#!/usr/bin/env node
// The program `attache`, for any Node from 18 on: brings what is missing, then runs main.ts on a Node that can.
import { dirname } from 'node:path';
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
  if (here)
    await import('./main.ts'); // it reads process.argv and sets the exit code
  else process.exitCode = await runChild(pinnedNode(root), [self, ...process.argv.slice(2)]);
}

try {
  await launch();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
