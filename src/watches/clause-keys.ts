import type { MatcherBuilder } from '../text/phrase-matcher.ts';
import type { CompiledTerm } from './compiled-clause.ts';
import type { GroupClause, QueryVocabulary, WordTerm } from './query.ts';

/** A group's members, and the key that any of them gives. */
export interface KeyedGroup {
  readonly key: number;
  readonly terms: readonly CompiledTerm[];
  readonly names: readonly string[];
  /** Of the names. */
  readonly keys: readonly number[];
}

/** Hands out keys while compiling, and remembers what gives them and how likely an article has them. */
export class ClauseKeys {
  readonly vocabulary: QueryVocabulary;
  /** By a tag's name. */
  readonly tags = new Map<string, number>();
  /** By a member's key, those of its groups. */
  readonly groupsOf = new Map<number, number[]>();
  readonly #builder: MatcherBuilder;
  /** By a term's number. */
  readonly #terms = new Map<number, number>();
  readonly #termLists = new Map<number, readonly CompiledTerm[]>();
  readonly #tagLeaves = new Map<number, { key: number; names: readonly string[]; keys: readonly number[] }>();
  readonly #groups = new Map<string, KeyedGroup>();
  readonly #chances: number[] = [];
  /** Clauses that name a key. */
  readonly #uses: number[] = [];

  constructor(vocabulary: QueryVocabulary, builder: MatcherBuilder) {
    this.vocabulary = vocabulary;
    this.#builder = builder;
  }

  get count(): number {
    return this.#chances.length;
  }

  chanceOf(key: number): number {
    return this.#chances[key] ?? 1;
  }

  /**
   * What it costs to find queries by a key: how likely an article has it, times more the more clauses ask for it. Words that many watches
   * name are also the more frequent ones.
   */
  costOf(key: number): number {
    return this.chanceOf(key) * Math.sqrt(this.#uses[key] ?? 1);
  }

  term(word: WordTerm): CompiledTerm {
    return this.termList(word)[0]!;
  }

  /** The term alone in a list; the same list for the same term, since 100,000 watches name it again and again. */
  termList(word: WordTerm): readonly CompiledTerm[] {
    const term = this.#builder.add({ text: word.text, form: word.form });
    const list = this.#termLists.get(term) ?? [
      { term, key: this.#key(this.#terms, term, termChance(word)), written: writtenTerm(word) },
    ];
    this.#termLists.set(term, list);
    const { key } = list[0]!;
    this.#uses[key] = (this.#uses[key] ?? 0) + 1;
    return list;
  }

  tag(name: string): number {
    return this.#key(this.tags, name, tagChance(name));
  }

  /** As `termList`, for a tag's name. */
  tagLeaf(name: string): { readonly key: number; readonly names: readonly string[]; readonly keys: readonly number[] } {
    const key = this.tag(name);
    const leaf = this.#tagLeaves.get(key) ?? { key, names: [name], keys: [key] };
    this.#uses[key] = (this.#uses[key] ?? 0) + 1;
    this.#tagLeaves.set(key, leaf);
    return leaf;
  }

  /** The group of a clause, made once for all clauses that name it. */
  group(clause: GroupClause, make: () => Pick<KeyedGroup, 'terms' | 'names'>): KeyedGroup {
    const id = `${typeof clause.of === 'string' ? clause.of : ''}$${clause.name}`;
    const known = this.#groups.get(id);
    if (known) return known;
    const { terms, names } = make();
    const keys = names.map((name) => this.tag(name));
    const members = new Set([...terms.map((term) => term.key), ...keys]);
    const key = this.#chances.push([...members].reduce((sum, member) => sum + this.chanceOf(member), 0)) - 1;
    for (const member of members) this.groupsOf.set(member, [...(this.groupsOf.get(member) ?? []), key]);
    const group = { key, terms, names, keys };
    this.#groups.set(id, group);
    return group;
  }

  /** By a term's number its key, or -1. */
  termKeys(): Int32Array {
    const last = [...this.#terms.keys()].reduce((most, term) => Math.max(most, term), -1);
    const keys = new Int32Array(last + 1).fill(-1);
    for (const [term, key] of this.#terms) keys[term] = key;
    return keys;
  }

  #key<T>(known: Map<T, number>, giver: T, chance: number): number {
    const key = known.get(giver) ?? this.#chances.push(chance) - 1;
    known.set(giver, key);
    return key;
  }
}

function writtenTerm({ text, form }: WordTerm): string {
  return form === 'prefix' ? `${text}*` : form === 'case' ? `=${text}` : text;
}

/** Rough shares of news articles that have a term: names (written with a capital) and long words are rarer. They only choose between a query's own clauses. */
function termChance({ text, form }: WordTerm): number {
  if (form === 'prefix') return 0.02;
  if (/\s/.test(text.trim())) return 0.001;
  if (form === 'case' || /^\p{Lu}/u.test(text)) return 0.003;
  return text.length <= 3 ? 0.02 : text.length <= 6 ? 0.01 : 0.006;
}

/** As `termChance`, by kind of tag. */
function tagChance(name: string): number {
  const field = name.slice(0, name.indexOf(':'));
  if (field === 'topic') return name.includes('/') ? 0.05 : 0.2;
  const chances: Record<string, number> = {
    country: 0.04,
    org: 0.01,
    person: 0.003,
    role: name.includes('@') ? 0.005 : 0.03,
    source: 0.02,
    kind: 0.2,
    lang: 0.3,
  };
  return chances[field] ?? 1;
}
