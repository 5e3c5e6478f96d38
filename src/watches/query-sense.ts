import { commonIn } from './common-words.ts';
import type { Clause, TermClause } from './query.ts';
import { type Atom, type Atoms, atomsOf, type Sources } from './query-atoms.ts';

type Leaf = Atom['leaf'];
/** Three values: null is not known yet. */
type Truth = boolean | null;

export interface Sense {
  /** Why no article can match, and the part at fault. */
  readonly never: { readonly reason: string; readonly clause: Clause } | null;
  readonly always: boolean;
  /** An article without a word or tag matches, whatever its language, source and date. */
  readonly matchesNothingSaid: boolean;
  /** A word of grammar (`the`) that is enough for an article to match. */
  readonly commonWord: { readonly clause: TermClause; readonly language: string } | null;
  /** Parts that could be left out. */
  readonly idle: readonly Idle[];
}

/** A part of a query whose own logic settles it: one of an OR that never holds, one of an AND that always does, a NOT that excludes nothing. */
export interface Idle {
  readonly clause: Clause;
  readonly why: 'never' | 'always' | 'excludes-nothing';
}

/** Clause visits allowed for one question. Real queries need some hundreds; one that needs more is taken to make sense. */
const BUDGET = 400_000;

/**
 * Decides whether a query's logic alone settles it: Davis, Putnam, Logemann, Loveland (1962) over its leaves as atoms, with what
 * follows from what between them. Bounded: a query too tangled to decide counts as sensible.
 *
 * @param source the query's text, for the reasons
 * @param sources the feeds, where they are known: two that no feed unites exclude each other
 */
export function decideSense(root: Clause, source: string, sources: Sources = {}): Sense {
  const atoms = atomsOf(root, sources);
  const can = canHold(root, atoms, true);
  return {
    never: can ? null : blame(root, atoms, source),
    always: can && !canHold(root, atoms, false),
    matchesNothingSaid: can && holdsFor(root, atoms, () => false),
    commonWord: can ? enoughAlone(root, atoms) : null,
    idle: can ? idleClauses(root, atoms) : [],
  };
}

/** Whether some article makes the clause come out as `wanted`. */
function canHold(root: Clause, atoms: Atoms, wanted: boolean): boolean {
  const values: Truth[] = new Array(atoms.list.length).fill(null);
  const search = { left: BUDGET, values, atoms, root, wanted };
  return branch(search, 0);
}

interface Search {
  left: number;
  readonly values: Truth[];
  readonly atoms: Atoms;
  readonly root: Clause;
  readonly wanted: boolean;
}

function branch(search: Search, depth: number): boolean {
  const state = { left: search.left, undecided: -1 };
  const truth = evaluate(search.root, search, state);
  search.left = state.left;
  if (truth !== null) return truth === search.wanted;
  if (search.left <= 0 || depth > 500) return true;
  const atom = state.undecided;
  for (const value of [search.wanted, !search.wanted]) {
    const set: number[] = [];
    if (assign(search, atom, value, set) && branch(search, depth + 1)) return true;
    for (const number of set) search.values[number] = null;
  }
  return false;
}

/** Sets an atom and what follows; false on a contradiction. */
function assign(search: Search, atom: number, value: boolean, set: number[]): boolean {
  const known = search.values[atom] ?? null;
  if (known !== null) return known === value;
  search.values[atom] = value;
  set.push(atom);
  const { list } = search.atoms;
  search.left -= list.length;
  if (value) {
    const { implies, excludes } = list[atom]!;
    return (
      implies.every((other) => assign(search, other, true, set)) &&
      excludes.every((other) => assign(search, other, false, set))
    );
  }
  return list.every((other, number) => !other.implies.includes(atom) || assign(search, number, false, set));
}

function evaluate(clause: Clause, search: Search, state: { left: number; undecided: number }): Truth {
  state.left--;
  const number = search.atoms.numberOf(clause);
  if (number >= 0) {
    const value = search.values[number] ?? null;
    if (value === null && state.undecided < 0) state.undecided = number;
    return value;
  }
  if (clause.type === 'not') {
    const truth = evaluate(clause.clause, search, state);
    return truth === null ? null : !truth;
  }
  if (!('clauses' in clause)) return null;
  const needed = 'count' in clause ? clause.count : clause.type === 'and' ? clause.clauses.length : 1;
  let yes = 0;
  let open = 0;
  for (const [index, inner] of clause.clauses.entries()) {
    const truth = evaluate(inner, search, state);
    if (truth) yes++;
    else if (truth === null) open++;
    const rest = clause.clauses.length - index - 1;
    if (yes >= needed) return true;
    if (yes + open + rest < needed) return false;
  }
  return null;
}

/** The smallest part that cannot hold: one clause of an AND, or two that contradict each other. */
function blame(clause: Clause, atoms: Atoms, source: string): { reason: string; clause: Clause } {
  const show = (part: Clause): string => clip(source.slice(part.start, part.end));
  if (clause.type === 'and' && clause.clauses.length <= 100) {
    for (const inner of clause.clauses) if (!canHold(inner, atoms, true)) return blame(inner, atoms, source);
    for (const [i, a] of clause.clauses.entries()) {
      for (const b of clause.clauses.slice(i + 1)) {
        const pair: Clause = { type: 'and', clauses: [a, b], start: b.start, end: b.end };
        if (!canHold(pair, atoms, true)) return { reason: `${show(a)} and ${show(b)} cannot both hold`, clause: b };
      }
    }
  }
  return { reason: `${show(clause)} contradicts itself`, clause };
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function idleClauses(clause: Clause, atoms: Atoms): Idle[] {
  if (clause.type === 'not') {
    if (isComposed(clause.clause, atoms) && !canHold(clause.clause, atoms, true))
      return [{ clause, why: 'excludes-nothing' }];
    return idleClauses(clause.clause, atoms);
  }
  if (!('clauses' in clause) || !isComposed(clause, atoms)) return [];
  return clause.clauses.flatMap((inner): Idle[] => {
    if (!isComposed(inner, atoms) || inner.type === 'not') return idleClauses(inner, atoms);
    if (clause.type !== 'and' && !canHold(inner, atoms, true)) return [{ clause: inner, why: 'never' }];
    if (clause.type !== 'or' && !canHold(inner, atoms, false)) return [{ clause: inner, why: 'always' }];
    return idleClauses(inner, atoms);
  });
}

/** Made of several leaves, which may contradict each other. */
function isComposed(clause: Clause, atoms: Atoms): boolean {
  return (clause.type === 'not' || 'clauses' in clause) && atoms.numberOf(clause) < 0;
}

/** Whether the clause holds for any article with just these words, whatever its language, source and date. */
function holdsFor(root: Clause, atoms: Atoms, isSaid: (leaf: Leaf) => boolean): boolean {
  const values = atoms.list.map(({ leaf }): Truth => {
    const unsaid =
      leaf.type === 'published' || (leaf.type === 'tag' && ['lang', 'source', 'kind'].includes(leaf.field));
    const group = leaf.type === 'group' && ['lang', 'source', 'kind'].includes(String(leaf.of));
    return unsaid || group ? null : isSaid(leaf);
  });
  return evaluate(root, { left: 0, values, atoms, root, wanted: true }, { left: 0, undecided: -1 }) === true;
}

/** A word of grammar that stands in nearly every text of its language, where texts without any other word of the query match. */
function enoughAlone(root: Clause, atoms: Atoms): Sense['commonWord'] {
  const common = new Map<Leaf, { readonly clause: TermClause; readonly language: string }>();
  for (const { leaf } of atoms.list) {
    if (leaf.type !== 'term' || leaf.form === 'case' || leaf.form === 'prefix') continue;
    const language = commonIn(leaf.text);
    if (language !== null) common.set(leaf, { clause: leaf, language });
  }
  if (common.size === 0 || holdsFor(root, atoms, () => false)) return null;
  const isEnough = ({ language }: { readonly language: string }): boolean =>
    holdsFor(root, atoms, (leaf) => common.get(leaf)?.language === language);
  return [...common.values()].find(isEnough) ?? null;
}
