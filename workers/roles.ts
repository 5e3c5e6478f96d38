/** What a process does: all of it by default, a part where several processes or machines share the work. */
export const ROLES = ['schedule', 'poll', 'triage', 'deliver', 'http'] as const;
export type Role = (typeof ROLES)[number];

/** A mistake in `--roles`. */
class RolesError extends Error {
  readonly code = 'bad-roles';
}

/** Reads `poll,triage`. Throws RolesError for a word that is no role. */
export function parseRoles(text: string): ReadonlySet<Role> {
  const words = text.split(',').map((word) => word.trim());
  const unknown = words.filter((word) => !(ROLES as readonly string[]).includes(word));
  if (unknown.length > 0) throw new RolesError(`--roles: "${unknown[0]}" is none of ${ROLES.join(', ')}`);
  return new Set(words as Role[]);
}
