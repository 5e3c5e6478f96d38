import type { MatcherBuilder } from '../text/phrase-matcher.ts';
import type { CompiledTerm } from './compiled-clause.ts';
import type { GroupClause, QueryVocabulary, WordTerm } from './query.ts';

/** Hands out keys while compiling, and remembers what gives them and how likely an article has them. */
export class ClauseKeys {
  readonly terms = new Map<number, number[]>();
  readonly tags = new Map<string, number[]>();
  readonly chances: number[] = [];
  readonly #named = new Map<string, number>();
  readonly #groups = new Map<string, { key: number; terms: readonly CompiledTerm[]; names: readonly string[] }>();

  readonly vocabulary: QueryVocabulary;
  readonly builder: MatcherBuilder;

  constructor(vocabulary: QueryVocabulary, builder: MatcherBuilder) {
    this.vocabulary = vocabulary;
    this.builder = builder;
  }

  term(word: WordTerm): CompiledTerm {
    const term = this.builder.add({ text: word.text, form: word.form });
    return { term, key: this.#key(`term:${term}`, this.terms, term, termChance(word)), written: writtenTerm(word) };
  }

  tag(name: string): number {
    return this.#key(name, this.tags, name, tagChance(name));
  }

  /** A group's members with the key that any of them gives. */
  group(clause: GroupClause, make: () => { terms: readonly CompiledTerm[]; names: readonly string[] }) {
    const id = `${typeof clause.of === 'string' ? clause.of : ''}$${clause.name}`;
    const known = this.#groups.get(id);
    if (known) return known;
    const made = make();
    const key = this.chances.push(0) - 1;
    for (const { term } of made.terms) this.terms.get(term)!.push(key);
    for (const name of made.names) this.tags.get(name)!.push(key);
    this.chances[key] =
      made.terms.reduce((sum, { key }) => sum + this.chances[key]!, 0) +
      made.names.reduce((sum, name) => sum + tagChance(name), 0);
    const group = { key, ...made };
    this.#groups.set(id, group);
    return group;
  }

  #key<T>(name: string, givers: Map<T, number[]>, giver: T, chance: number): number {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const key = this.chances.push(chance) - 1;
    this.#named.set(name, key);
    givers.set(giver, [key, ...(givers.get(giver) ?? [])]);
    return key;
  }
}

function writtenTerm({ text, form }: WordTerm): string {
  return form === 'prefix' ? `${text}*` : form === 'case' ? `=${text}` : text;
}

/** Rough shares of news articles that have a term: they only choose between a query's own clauses. */
function termChance({ text, form }: WordTerm): number {
  if (form === 'prefix') return 0.02;
  if (/\s/.test(text.trim())) return 0.001;
  return form === 'case' ? 0.003 : text.length <= 3 ? 0.02 : 0.008;
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
