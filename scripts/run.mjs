// `node scripts/run.mjs FILE.ts ARGUMENTS…`: brings what is missing, then runs a TypeScript file of this checkout on the pinned Node, where the caller stands.
import { join } from 'node:path';
import { runChild } from './run-child.mjs';
import { withSetup } from './with-setup.mjs';

const [file, ...args] = process.argv.slice(2);
await withSetup(({ root, node }) => runChild(node, [join(root, file), ...args]));
