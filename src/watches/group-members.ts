import { fold } from '../text/words.ts';
import { QUERY_LIMITS } from './query.ts';
import { nearest } from './suggest.ts';

/** Groups of terms by name, without the `$`. */
export type Groups = Readonly<Record<string, readonly string[]>>;

/** A group, and which of its members: its index, null for the group as a whole. */
export interface GroupPlace {
  readonly name: string;
  readonly member: number | null;
}

/** What a group's name stands for, or why it stands for nothing. */
export type GroupMembers =
  | { readonly members: readonly string[]; placeOf(member: string): GroupPlace }
  | {
      readonly code: 'unknown-group' | 'never-matches' | 'bad-group-member';
      readonly problem: string;
      /** The name that probably was meant. */
      readonly likely?: string | null;
      /** The place of the mistake; missing where the name that was asked for is the mistake. */
      readonly place?: GroupPlace;
    };

const REFERENCE = /^\$([\p{L}\p{N}_-]+)$/u;

/**
 * All members of a group, those of the groups it names (`$other` as a member) in their place; each once.
 *
 * @param name without the `$`
 */
export function groupMembers(groups: Groups, name: string): GroupMembers {
  const members = new Map<string, GroupPlace>();
  const problem = collect(groups, name, [], members);
  if (problem !== null) return problem;
  const whole = { name, member: null };
  if (members.size === 0) {
    const empty = `the group $${name} is empty, so this clause can never match`;
    return { code: 'never-matches', problem: empty, place: whole };
  }
  const most = QUERY_LIMITS.groupMembers;
  if (members.size <= most) return { members: [...members.keys()], placeOf: (member) => members.get(member) ?? whole };
  const found = `the group $${name} has ${members.size} members, at most ${most} are allowed`;
  return { code: 'bad-group-member', problem: found, place: whole };
}

/** @param path the places through which `name` was reached */
function collect(
  groups: Groups,
  name: string,
  path: readonly GroupPlace[],
  members: Map<string, GroupPlace>,
): Exclude<GroupMembers, { members: unknown }> | null {
  const from = path.at(-1);
  const place = from === undefined ? {} : { place: from };
  if (path.some((one) => one.name === name)) {
    const names = [...path.map((one) => one.name), name];
    const circle = names.slice(names.indexOf(name)).map((one) => `$${one}`);
    const problem = `the group $${name} holds itself: ${circle.join(' → ')}; take one of them out`;
    return { code: 'bad-group-member', problem, ...place };
  }
  if (!Object.hasOwn(groups, name)) {
    const within = from === undefined ? '' : ` (named by $${from.name}; quote it where it is a word)`;
    const likely = nearest(name, Object.keys(groups));
    const way = likely ? `did you mean $${likely}?` : 'name it under terms: in the config';
    return { code: 'unknown-group', problem: `there is no group $${name}${within}: ${way}`, likely, ...place };
  }
  for (const [index, member] of groups[name]!.entries()) {
    const other = REFERENCE.exec(member.trim())?.[1];
    if (other === undefined) {
      if (!members.has(member)) members.set(member, { name, member: index });
      continue;
    }
    const problem = collect(groups, other, [...path, { name, member: index }], members);
    if (problem !== null) return problem;
  }
  return null;
}

/** Members that come to the same: case and accents make no other term, save where they are asked for (`=USN`, `U.S.`). */
export function sameSpelling(member: string): string {
  const written = member.trim();
  return written.startsWith('=') || written.includes('.') ? written : fold(written);
}
