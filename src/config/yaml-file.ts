import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { type ConfigProblem, formatPath } from './config-problem.ts';
import { expandVariables, type VariableProblem } from './expand-variables.ts';

export type Path = readonly PropertyKey[];
export type Environment = Readonly<Record<string, string | undefined>>;

/** A parsed YAML file that remembers where everything stands. */
export interface YamlFile {
  readonly file: string;
  /** The document as plain values, variables expanded (to nothing where one is not set). Null for an empty file and for one that is no YAML. */
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  /** False where it is no YAML: nothing is known of what it holds. */
  readonly isReadable: boolean;
  /** Values whose variable is not set: already told in `problems`. */
  readonly unset: readonly Path[];
  /** The place of the value at `path`, or of its nearest ancestor that exists; of the key itself when `key` is given. */
  problemAt(path: Path, message: string, key?: string): ConfigProblem;
  /** The place of a character inside a string scalar, as far as its style keeps offsets. */
  problemInside(path: Path, message: string, offset: number): ConfigProblem;
}

/**
 * Reads one YAML file. `${NAME}` and `${NAME:-default}` are expanded in parsed string scalars alone, so that a value cannot change the
 * document's shape. Syntax errors, duplicate keys, alias bombs (the `yaml` package refuses them) and missing variables become problems.
 */
export function readYaml(file: string, text: string, env: Environment): YamlFile {
  const lineCounter = new LineCounter();
  const doc = parseDocument(text, { lineCounter, uniqueKeys: true, prettyErrors: false, version: '1.2' });
  const problems: ConfigProblem[] = [];
  const at = (offset: number, path: Path, message: string): ConfigProblem => {
    const pos = lineCounter.linePos(Math.max(0, offset));
    return { file, line: Math.max(1, pos.line), column: Math.max(1, pos.col), path: formatPath(path), message };
  };
  for (const error of doc.errors) problems.push(at(error.pos[0], [], `YAML: ${firstLine(error.message)}`));
  const variables = problems.length === 0 ? expandDocument(doc, env) : [];
  let value: unknown = null;
  if (problems.length === 0) {
    try {
      value = doc.toJS({ maxAliasCount: 100 });
    } catch (error) {
      problems.push(at(0, [], `YAML: ${firstLine((error as Error).message)}`));
    }
  }
  const isReadable = problems.length === 0;
  for (const found of variables) problems.push(at(found.offset, found.path, found.message));
  return {
    file,
    value,
    problems,
    isReadable,
    unset: variables.map(({ path }) => path),
    problemAt: (path, message, key) => at(offsetOf(doc, path, key), path, message),
    problemInside: (path, message, offset) => at(offsetInside(doc, text, path, offset), path, message),
  };
}

interface Found {
  readonly offset: number;
  readonly path: Path;
  readonly message: string;
}

function expandDocument(doc: Document, env: Environment): Found[] {
  const found: Found[] = [];
  visit(doc, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
      const expanded = expandVariables(node.value, env);
      node.value = expanded.text;
      for (const problem of expanded.problems) {
        found.push({ offset: node.range?.[0] ?? 0, path: pathOf(ancestors, node), message: describe(problem) });
      }
    },
  });
  return found;
}

function describe(problem: VariableProblem): string {
  return problem.kind === 'unset'
    ? `the environment variable ${problem.name} is not set; set it, or write \${${problem.name}:-default}`
    : `${problem.name} names no variable; write \${NAME} or \${NAME:-default}, and $\${ for a literal \${`;
}

/** The path from a node's ancestors, as `yaml`'s visitor gives them. */
function pathOf(ancestors: readonly unknown[], node: unknown): Path {
  const path: PropertyKey[] = [];
  const chain = [...ancestors, node];
  for (const [i, here] of chain.entries()) {
    if (isSeq(here)) path.push(here.items.indexOf(chain[i + 1]));
    else if (isPair(here)) path.push(isScalar(here.key) ? String(here.key.value) : String(here.key));
  }
  return path;
}

function offsetOf(doc: Document, path: Path, key?: string): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? doc.contents : (doc.getIn(path.slice(0, length), true) as Node | undefined);
    if (!node || typeof node !== 'object' || !('range' in node)) continue;
    if (key !== undefined && length === path.length && isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      if (pair && isScalar(pair.key)) return pair.key.range?.[0] ?? 0;
    }
    return node.range?.[0] ?? 0;
  }
  return 0;
}

function offsetInside(doc: Document, text: string, path: Path, offset: number): number {
  const node = doc.getIn(path, true);
  if (!isScalar(node) || !node.range || typeof node.value !== 'string') return offsetOf(doc, path);
  const start = node.range[0];
  const raw = text.slice(start, node.range[1]);
  const lead = /^["']/.test(raw) ? 1 : 0;
  const inside = placeInFolded(raw, lead === 1 ? lead : blockHeader(raw), node.value.slice(0, offset));
  // An escaped or expanded value points at its start.
  return inside === null ? start : start + inside;
}

/** Length of `>-` or `|` with its comment and line break; 0 where the scalar is none of a block. */
function blockHeader(raw: string): number {
  return /^[|>][^\n]*\n/.exec(raw)?.[0].length ?? 0;
}

/**
 * Where what follows `before` stands in a scalar as written. Folding changes white space alone (YAML 1.2.2, section 6.5), so the other
 * characters are the same in the same order; null where they are not.
 */
function placeInFolded(raw: string, from: number, before: string): number | null {
  let at = from;
  for (const character of before) {
    if (/\s/.test(character)) continue;
    while (at < raw.length && /\s/.test(raw[at]!)) at++;
    if (!raw.startsWith(character, at)) return null;
    at += character.length;
  }
  const inSpace = before !== '' && /\s$/.test(before);
  if (inSpace || before === '') while (at < raw.length && /\s/.test(raw[at]!)) at++;
  return raw.startsWith('"') && raw[at] === '\\' ? null : at;
}

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? message;
