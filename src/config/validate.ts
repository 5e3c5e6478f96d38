import type { z } from 'zod';
import { nearest } from '../watches/suggest.ts';
import type { ConfigProblem } from './config-problem.ts';
import type { YamlFile } from './yaml-file.ts';

/**
 * Validates a YAML file against a zod schema. Answers the parsed value, or null with all problems, each at its place in the file.
 */
export function validate<S extends z.ZodType>(
  yaml: YamlFile,
  schema: S,
): { readonly value: z.output<S> | null; readonly problems: readonly ConfigProblem[] } {
  if (yaml.problems.length > 0) return { value: null, problems: yaml.problems };
  const result = schema.safeParse(yaml.value ?? {}, { reportInput: true });
  if (result.success) return { value: result.data, problems: [] };
  return { value: null, problems: result.error.issues.flatMap((issue) => describe(yaml, schema, issue)) };
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
  const message = missing ? `missing; ${lowerFirst(issue.message)}` : `${lowerFirst(issue.message)}${found(issue)}`;
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
