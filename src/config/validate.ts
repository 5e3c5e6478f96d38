import type { z } from 'zod';
import { nearest } from '../watches/suggest.ts';
import type { ConfigProblem } from './config-problem.ts';
import type { Path, YamlFile } from './yaml-file.ts';

export interface Checked<S extends z.ZodType> {
  /** What the file says; what is usable of it where it has problems (entries with a mistake left out), null where nothing is. */
  readonly value: z.output<S> | null;
  readonly problems: readonly ConfigProblem[];
  /** Where the entry that is now at `index` of a list stands in the file: entries with a mistake were left out before it. */
  placeOf(list: string, index: number): number;
}

/** Checks that come after all entries are well-formed show at the second try; a third could only repeat it. */
const MAX_TRIES = 3;

/**
 * Validates a YAML file against a zod schema: every problem at its place in the file, and the entries that are in order beside those that are not, so that one mistake
 * does not hide what is wrong elsewhere.
 */
export function validate<S extends z.ZodType>(yaml: YamlFile, schema: S): Checked<S> {
  const kept: Kept = new Map();
  const placeOf = (list: string, index: number): number => kept.get(list)?.[index] ?? index;
  const problems = [...yaml.problems];
  if (!yaml.isReadable) return { value: null, problems, placeOf };
  const whole = yaml.value ?? {};
  const set = leaveOut(whole, yaml.unset, kept);
  let value: unknown = set ?? whole;
  for (let tries = 0; tries < MAX_TRIES && value !== null; tries++) {
    const result = schema.safeParse(value, { reportInput: true });
    if (result.success) return { value: set === null ? null : result.data, problems, placeOf };
    const issues = result.error.issues
      .map((issue) => ({ ...issue, path: inFile(issue.path, placeOf) }) as Issue)
      .filter(({ path }) => !yaml.unset.some((one) => one.every((part, i) => part === path[i])));
    problems.push(...issues.flatMap((issue) => describe(yaml, schema, issue)));
    value = leaveOut(
      value,
      result.error.issues.map(({ path }) => path),
      kept,
    );
  }
  return { value: null, problems, placeOf };
}

/** For each list at the top of a document: where its entries stood in the file. */
type Kept = Map<string, number[]>;

function inFile(path: Path, placeOf: (list: string, index: number) => number): PropertyKey[] {
  const [list, index, ...rest] = path;
  return typeof index === 'number' ? [list!, placeOf(String(list), index), ...rest] : [...path];
}

/** The document without those entries of its lists in which `broken` paths lie; null where one lies outside of any entry. */
function leaveOut(value: unknown, broken: readonly Path[], kept: Kept): unknown {
  if (broken.length === 0) return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const left: Record<string, unknown> = { ...value };
  const byList = new Map<string, Set<number>>();
  for (const [list, index] of broken) {
    if (typeof list !== 'string' || typeof index !== 'number' || !Array.isArray(left[list])) return null;
    byList.set(list, (byList.get(list) ?? new Set()).add(index));
  }
  for (const [list, indices] of byList) {
    const entries = left[list] as unknown[];
    const places = kept.get(list) ?? entries.map((_, index) => index);
    left[list] = entries.filter((_, index) => !indices.has(index));
    kept.set(
      list,
      places.filter((_, index) => !indices.has(index)),
    );
  }
  return left;
}

type Issue = z.core.$ZodIssue;

function describe(yaml: YamlFile, schema: z.ZodType, issue: Issue): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const hint = near ? ` — did you mean "${near}"?` : known.length > 0 ? `; known here: ${known.join(', ')}` : '';
      return yaml.problemAt(issue.path, `unknown key "${key}"${hint}`, key);
    });
  }
  if (issue.code === 'invalid_union') {
    // The branch that got furthest tells most: one that failed inside a list, before one that failed at the door.
    const inner = issue.errors.flat().filter((one) => one.path.length > 0);
    const [deepest] = inner.sort((a, b) => b.path.length - a.path.length);
    if (deepest) return describe(yaml, schema, { ...deepest, path: [...issue.path, ...deepest.path] } as Issue);
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  const message = missing
    ? `missing; ${lowerFirst(issue.message).replace(/, received undefined$/, '')}`
    : `${lowerFirst(issue.message)}${found(issue)}`;
  return [yaml.problemAt(issue.path, message)];
}

/** What stood there, shortened; never where it may be a secret. */
function found(issue: Issue): string {
  const key = issue.path.findLast((part) => typeof part === 'string');
  if (
    issue.input === undefined ||
    /secret|token|header|password|auth/i.test(String(key)) ||
    issue.path.includes('headers')
  )
    return '';
  if (issue.input !== null && typeof issue.input === 'object')
    return Array.isArray(issue.input) ? ', found a list' : ', found a map';
  const text = JSON.stringify(issue.input) ?? 'nothing';
  return `, found ${text.length > 60 ? `${text.slice(0, 57)}…"` : text}`;
}

const lowerFirst = (text: string): string =>
  text.replace(/^Invalid input: /, '').replace(/^[A-Z](?![A-Z])/, (first) => first.toLowerCase());

/** The keys that an object schema knows at a path, through defaults, lists and pipes. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: unknown = schema;
  for (const part of path) {
    const { def } = unwrap(here);
    here = typeof part === 'number' ? def?.element : (def?.shape?.[String(part)] ?? def?.valueType);
  }
  return Object.keys(unwrap(here).def?.shape ?? {});
}

interface Definition {
  readonly innerType?: unknown;
  readonly in?: unknown;
  readonly element?: unknown;
  readonly valueType?: unknown;
  readonly shape?: Readonly<Record<string, unknown>>;
}

function unwrap(schema: unknown): { readonly def?: Definition | undefined } {
  let here = schema as { def?: Definition } | undefined;
  while (here?.def && (here.def.innerType ?? here.def.in) !== undefined)
    here = (here.def.innerType ?? here.def.in) as typeof here;
  return { def: here?.def };
}
