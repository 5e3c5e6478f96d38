import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What each room of src may use of the others. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  text: [],
  net: [],
  articles: ['text'],
  feeds: ['articles', 'text', 'net'],
  entities: ['text', 'articles'],
  topics: ['text', 'articles', 'entities'],
  stories: ['text', 'articles'],
  watches: ['text', 'articles', 'topics', 'entities'],
  alerts: ['text', 'articles', 'topics', 'entities', 'watches', 'stories'],
  delivery: ['alerts', 'net', 'text', 'articles'],
  queues: ['articles', 'feeds', 'alerts', 'delivery'],
  config: ['feeds', 'entities', 'topics', 'watches', 'alerts', 'delivery', 'net', 'text', 'articles'],
  triage: ['text', 'articles', 'entities', 'topics', 'stories', 'watches'],
  http: [],
};
const ROOMS = Object.keys(MAY_USE);

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'attache-layers-'));
  for (const file of ['biome.json', 'biome-layers.json', '.gitignore']) cpSync(join(ROOT, file), join(copy, file));
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function plant(path: string, text: string): void {
  mkdirSync(join(copy, path, '..'), { recursive: true });
  writeFileSync(join(copy, path), text);
}

/** The files that the linter refuses by this rule, each as often as it is refused. */
function refused(rule = 'style/noRestrictedImports'): string[] {
  const biome = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'];
  let out: string;
  try {
    out = execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    out = (error as { stdout: string }).stdout; // it exits with 1 when it finds something
  }
  const report = JSON.parse(out) as {
    diagnostics: { category: string; location: { path: string | { file: string } } }[];
  };
  return report.diagnostics
    .filter((one) => one.category === `lint/${rule}`)
    .map(({ location: { path } }) => (typeof path === 'string' ? path : path.file))
    .sort();
}

test('the linter refuses each import against the layers, and no other', () => {
  const expected: string[] = [];
  for (const room of ROOMS) {
    for (const other of [...ROOMS, 'workers', 'cli', 'scripts', 'tests', 'bench']) {
      if (other === room) continue;
      const path = `src/${room}/uses-${other}.ts`;
      const target = ROOMS.includes(other) ? `../${other}/file.ts` : `../../${other}/file.ts`;
      plant(path, `import { thing } from '${target}';\nexport const it = thing;\n`);
      if (!MAY_USE[room]!.includes(other)) expected.push(path);
    }
  }
  for (const other of ['cli', 'scripts', 'tests', 'bench']) {
    plant(`workers/uses-${other}.ts`, `import { thing } from '../${other}/file.ts';\nexport const it = thing;\n`);
    expected.push(`workers/uses-${other}.ts`);
  }
  plant('workers/uses-src.ts', "import { thing } from '../src/queues/file.ts';\nexport const it = thing;\n");
  plant(
    'cli/uses-all.ts',
    "export { thing } from '../src/text/file.ts';\nexport { other } from '../workers/file.ts';\n",
  );
  expect(refused()).toEqual(expected.sort());
});

test('types, re-exports, imports at run time and deeper folders are no way around the layers', () => {
  rmSync(join(copy, 'src'), { recursive: true, force: true });
  rmSync(join(copy, 'workers'), { recursive: true, force: true });
  plant('src/text/types.ts', "import type { Thing } from '../articles/file.ts';\nexport const it: Thing = 1;\n");
  plant('src/text/again.ts', "export * from '../articles/file.ts';\nexport { one } from '../articles/file.ts';\n");
  plant('src/text/late.ts', "export const it = import('../articles/file.ts');\n");
  plant('src/text/deep/er.ts', "import { thing } from '../../articles/file.ts';\nexport const it = thing;\n");
  plant('src/text/deep/own.ts', "import { thing } from '../words.ts';\nexport const it = thing;\n");
  const expected = ['again', 'again', 'deep/er', 'late', 'types'].map((name) => `src/text/${name}.ts`);
  expect(refused()).toEqual(expected);
});

test('a promise that nobody waits for is refused, also one of another file’s function', () => {
  plant(
    'src/text/work.ts',
    'export interface Store {\n  save(): Promise<void>;\n}\nexport async function work(): Promise<void> {}\n',
  );
  plant('src/text/forgets.ts', "import { work } from './work.ts';\nexport function run(): void {\n  work();\n}\n");
  plant(
    'src/text/drops.ts',
    "import type { Store } from './work.ts';\nexport function run(store: Store): void {\n  store.save();\n}\n",
  );
  plant(
    'src/text/waits.ts',
    "import { work } from './work.ts';\nexport async function run(): Promise<void> {\n  await work();\n}\n",
  );
  expect(refused('nursery/noFloatingPromises')).toEqual(['src/text/drops.ts', 'src/text/forgets.ts']);
});

test('default exports, barrels and cycles of imports are refused', () => {
  plant('src/net/default.ts', 'export default 1;\n');
  plant('src/net/barrel.ts', "export { work } from './work.ts';\n");
  plant('src/net/work.ts', "import { wait } from './wait.ts';\nexport const work = (): void => wait();\n");
  plant('src/net/wait.ts', "import { work } from './work.ts';\nexport const wait = (): void => work();\n");
  expect(refused('style/noDefaultExport')).toEqual(['src/net/default.ts']);
  expect(refused('performance/noBarrelFile')).toContain('src/net/barrel.ts');
  expect(refused('suspicious/noImportCycles')).toEqual(['src/net/wait.ts', 'src/net/work.ts']);
});

test('each room of src has its rule', () => {
  const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(ROOMS).toEqual(expect.arrayContaining(rooms.map((entry) => entry.name)));
});
