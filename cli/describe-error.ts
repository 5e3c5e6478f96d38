/**
 * What a person reads of an error: a user's mistake or the world's trouble (typed errors, with a closed or a system code) in its own words; anything else
 * with its stack, since it is ours.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const typed = 'code' in error && typeof error.code === 'string';
  return typed ? error.message : (error.stack ?? error.message);
}
