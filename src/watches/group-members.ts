import { fold } from '../text/words.ts';
import { QUERY_LIMITS } from './query.ts';
import { nearest } from './suggest.ts';

/** Groups of terms by name, without the `$`. */
export type Groups = Readonly<Record<string, readonly string[]>>;

/** What a group's name stands for, or why it stands for nothing. */
export type GroupMembers =
  | { readonly members: readonly string[] }
  | {
      readonly code: 'unknown-group' | 'never-matches' | 'bad-group-member';
      readonly problem: string;
      /** The name that probably was meant. */
      readonly likely?: string | null;
    };

const REFERENCE = /^\$([\p{L}\p{N}_-]+)$/u;

/**
 * All members of a group, those of the groups it names (`$other` as a member) in their place; each once.
 *
 * @param name without the `$`
 */
export function groupMembers(groups: Groups, name: string): GroupMembers {
  const members = new Set<string>();
  const problem = collect(groups, name, [], members);
  if (problem !== null) return problem;
  if (members.size === 0)
    return { code: 'never-matches', problem: `the group $${name} is empty, so this clause can never match` };
  const most = QUERY_LIMITS.groupMembers;
  if (members.size <= most) return { members: [...members] };
  const found = `the group $${name} has ${members.size} members, at most ${most} are allowed`;
  return { code: 'bad-group-member', problem: found };
}

function collect(
  groups: Groups,
  name: string,
  path: readonly string[],
  members: Set<string>,
): Exclude<GroupMembers, { members: unknown }> | null {
  const within = path.length === 0 ? '' : ` (named by $${path.at(-1)}; quote it where it is a word)`;
  if (path.includes(name)) {
    const circle = [...path.slice(path.indexOf(name)), name].map((one) => `$${one}`).join(' → ');
    return { code: 'bad-group-member', problem: `the group $${name} holds itself: ${circle}; take one of them out` };
  }
  if (!Object.hasOwn(groups, name)) {
    const likely = nearest(name, Object.keys(groups));
    const way = likely ? `did you mean $${likely}?` : 'name it under terms: in the config';
    return { code: 'unknown-group', problem: `there is no group $${name}${within}: ${way}`, likely };
  }
  for (const member of groups[name]!) {
    const other = REFERENCE.exec(member.trim())?.[1];
    if (other === undefined) members.add(member);
    else {
      const problem = collect(groups, other, [...path, name], members);
      if (problem !== null) return problem;
    }
  }
  return null;
}

/** Members that come to the same: case and accents make no other term, save where they are asked for (`=USN`, `U.S.`). */
export function sameSpelling(member: string): string {
  const written = member.trim();
  return written.startsWith('=') || written.includes('.') ? written : fold(written);
}
