/** One thing wrong in the configuration: where it stands, what was found and what is expected. */
export interface ConfigProblem {
  /** Path of the file, as the user would type it. */
  readonly file: string;
  /** 1-based; 1:1 where the file itself is the problem. */
  readonly line: number;
  readonly column: number;
  /** Where in the document: `watches[3].query`, or '' for the whole document. */
  readonly path: string;
  readonly message: string;
}

/** `config/watches.yaml:12:5: watches[3].query: unknown topic "defence"` */
export function formatProblem(problem: ConfigProblem): string {
  const where = `${problem.file}:${problem.line}:${problem.column}`;
  return problem.path === '' ? `${where}: ${problem.message}` : `${where}: ${problem.path}: ${problem.message}`;
}

/** Sorted by file, line and column, as a reader goes through them. */
function sortProblems(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...problems].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
}

/** All problems of a configuration at once, in the order of files, lines and columns. */
export class ConfigError extends Error {
  readonly code = 'config-invalid';
  readonly problems: readonly ConfigProblem[];

  constructor(found: readonly ConfigProblem[]) {
    const problems = sortProblems(found);
    const count = problems.length === 1 ? '1 error' : `${problems.length} errors`;
    super(`configuration: ${count}\n${problems.map(formatProblem).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** `['watches', 3, 'query']` → `watches[3].query` */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}
