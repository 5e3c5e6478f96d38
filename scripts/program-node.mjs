import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-error.mjs';

/** Node runs TypeScript sources by stripping the types, without a flag or a warning, from 24 on. */
export const OLDEST_NODE = 24;

/** @param {string} version such as 24.21.0 */
export function isRecentEnough(version) {
  return Number(version.split('.')[0]) >= OLDEST_NODE;
}

/**
 * The Node that the npm package `node` brought, a development dependency with a pinned version.
 *
 * @param {string} root the checkout
 * @returns {string} the path of the program
 */
export function pinnedNode(root) {
  const path = join(root, 'node_modules', 'node', 'bin', 'node');
  const manifest = join(root, 'node_modules', 'node', 'package.json');
  if (existsSync(path) && isRecentEnough(JSON.parse(readFileSync(manifest, 'utf8')).version)) return path;
  throw new SetupError(
    `Node ${OLDEST_NODE} or newer is needed, this is ${process.versions.node}, and the npm package "node" that brings one did not install it ` +
      `(are install scripts switched off?). Either run "npm rebuild node" with scripts allowed, or use a newer Node from your system or nodejs.org`,
  );
}
