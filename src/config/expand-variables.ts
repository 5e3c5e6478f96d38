/** What can be wrong with a variable in a value. */
export interface VariableProblem {
  readonly kind: 'unset' | 'malformed';
  readonly name: string;
}

const VARIABLE = /\$\{([^}]*)\}/g;
const NAME = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/;

/**
 * Expands `${NAME}` and `${NAME:-default}` (the default also where the variable is set to the empty string, as POSIX shells do);
 * `$${` stands for `${`. Expansion happens once: a value that itself contains `${…}` is left as it is.
 */
export function expandVariables(
  value: string,
  env: Readonly<Record<string, string | undefined>>,
): { readonly text: string; readonly problems: readonly VariableProblem[] } {
  const problems: VariableProblem[] = [];
  const text = value.replace(/\$\$\{([^}]*)\}/g, '\u0000{$1}').replace(VARIABLE, (whole, inner: string) => {
    const match = NAME.exec(inner);
    if (!match) {
      problems.push({ kind: 'malformed', name: whole });
      return '';
    }
    const [, name = '', fallback] = match;
    const found = env[name];
    if (found !== undefined && found !== '') return found;
    if (fallback !== undefined) return fallback;
    if (found === undefined) problems.push({ kind: 'unset', name });
    return '';
  });
  return { text: text.replaceAll('\u0000{', '${'), problems };
}
