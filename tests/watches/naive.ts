import fc from 'fast-check';
import type { Written } from './support.ts';

/**
 * The language once more, as plainly as it can be said, to hold the real one against: a query as a tree that prints itself,
 * and an evaluator that splits texts at spaces and tries every place.
 */
export type Tree =
  | {
      readonly t: 'word' | 'prefix' | 'case';
      readonly field: 'title' | 'text' | null;
      readonly words: readonly [string];
    }
  | { readonly t: 'phrase'; readonly field: 'title' | 'text' | null; readonly words: readonly string[] }
  | {
      readonly t: 'near';
      readonly field: 'title' | 'text' | null;
      readonly words: readonly string[];
      readonly distance: number;
    }
  | { readonly t: 'tag'; readonly written: string }
  | { readonly t: 'group' }
  | { readonly t: 'some-of-group' }
  | { readonly t: 'not'; readonly minus: boolean; readonly inner: Tree }
  | { readonly t: 'and' | 'or'; readonly join: number; readonly parts: readonly Tree[] }
  | { readonly t: 'at-least'; readonly count: number; readonly parts: readonly Tree[] };

export interface Text {
  readonly title: readonly string[];
  readonly text: readonly string[];
  readonly tags: readonly string[];
  readonly topics: readonly string[];
  readonly lang: string;
}

/** Digits keep the stemmers out: inflection has tests of its own. */
const WORDS = ['aa1', 'aa2', 'bb1', 'bb2', 'Aa1', 'BB1'];
export const NAIVE_GROUP = ['"aa2 bb2"', 'bb1', '=BB1'];
const TAGS = [
  'country:CN',
  'country:BY',
  'topic:defense',
  'topic:defense/exercises',
  'role:defence-minister',
  'role:defence-minister@CN',
  'org:nato',
  'lang:en',
  'lang:ru',
];

const word = fc.constantFrom(...WORDS);
const field = fc.constantFrom(null, null, 'title' as const, 'text' as const);

const leaf: fc.Arbitrary<Tree> = fc.oneof(
  fc.record({ t: fc.constantFrom('word' as const, 'case' as const), field, words: fc.tuple(word) }),
  fc.record({ t: fc.constant('prefix' as const), field, words: fc.tuple(fc.constantFrom('aa', 'bb', 'bb2')) }),
  fc.record({ t: fc.constant('phrase' as const), field, words: fc.array(word, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    t: fc.constant('near' as const),
    field,
    words: fc.array(word, { minLength: 2, maxLength: 3 }),
    distance: fc.nat(3),
  }),
  fc.record({ t: fc.constant('tag' as const), written: fc.constantFrom(...TAGS) }),
  fc.constant<Tree>({ t: 'group' }),
  fc.constant<Tree>({ t: 'some-of-group' }),
);

export const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: fc.record({ t: fc.constant('not' as const), minus: fc.boolean(), inner: tie('tree') }) },
    {
      weight: 2,
      arbitrary: fc.record({
        t: fc.constantFrom('and' as const, 'or' as const),
        join: fc.nat(2),
        parts: fc.array(tie('tree'), { minLength: 2, maxLength: 4 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }).chain((parts) =>
        fc.record({
          t: fc.constant('at-least' as const),
          count: fc.integer({ min: 1, max: parts.length }),
          parts: fc.constant(parts),
        }),
      ),
    },
  ),
})).tree;

export const article: fc.Arbitrary<Text> = fc.record({
  title: fc.array(fc.constantFrom(...WORDS, 'zz9'), { maxLength: 6 }),
  text: fc.array(fc.constantFrom(...WORDS, 'zz9'), { maxLength: 6 }),
  tags: fc.subarray([
    'CN',
    'BY',
    'org:nato',
    'role:defence-minister',
    'role:defence-minister@CN',
    'role:defence-minister@BY',
  ]),
  topics: fc.subarray(['defense', 'defense/exercises', 'conflict']),
  lang: fc.constantFrom('en', 'ru', 'zh'),
});

export function written(text: Text): Written {
  return { ...text, title: text.title.join(' '), text: text.text.join(' ') };
}

/** The tree as a query; parentheses only where the binding needs them. */
export function print(tree: Tree, binding = 0): string {
  const prefix = 'field' in tree && tree.field ? `${tree.field}:` : '';
  switch (tree.t) {
    case 'word':
      return prefix + tree.words[0];
    case 'prefix':
      return `${prefix}${tree.words[0]}*`;
    case 'case':
      return `${prefix}=${tree.words[0]}`;
    case 'phrase':
      return `${prefix}"${tree.words.join(' ')}"`;
    case 'near':
      return `${prefix}"${tree.words.join(' ')}"~${tree.distance}`;
    case 'tag':
      return tree.written;
    case 'group':
      return '$naive';
    case 'some-of-group':
      return '2 of $naive';
    case 'not':
      return `${tree.minus ? '-' : 'NOT '}${print(tree.inner, 2)}`;
    case 'at-least':
      return `${tree.count} of (${tree.parts.map((part) => print(part)).join(', ')})`;
    case 'or':
      return wrap(tree.parts.map((part) => print(part, 1)).join(tree.join === 0 ? ' || ' : ' OR '), binding > 0);
    case 'and': {
      const parts = tree.parts.map((part) => print(part, 2));
      return wrap(
        tree.join === 2 ? parts.map((part) => `+${part}`).join(' ') : parts.join(tree.join === 0 ? ' ' : ' AND '),
        binding > 1,
      );
    }
  }
}

function wrap(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}

/** Whether the tree holds for the text. */
export function evaluate(tree: Tree, text: Text): boolean {
  switch (tree.t) {
    case 'not':
      return !evaluate(tree.inner, text);
    case 'and':
      return tree.parts.every((part) => evaluate(part, text));
    case 'or':
      return tree.parts.some((part) => evaluate(part, text));
    case 'at-least':
      return tree.parts.filter((part) => evaluate(part, text)).length >= tree.count;
    case 'tag':
      return hasTag(tree.written, text);
    case 'group':
      return groupMembers(text).some(Boolean);
    case 'some-of-group':
      return groupMembers(text).filter(Boolean).length >= 2;
    default:
      return (tree.field ? [text[tree.field]] : [text.title, text.text]).some((words) => stands(tree, words));
  }
}

function groupMembers(text: Text): boolean[] {
  const member = (tree: Tree): boolean => evaluate(tree, text);
  return [
    member({ t: 'phrase', field: null, words: ['aa2', 'bb2'] }),
    member({ t: 'word', field: null, words: ['bb1'] }),
    member({ t: 'case', field: null, words: ['BB1'] }),
  ];
}

function hasTag(written: string, { tags, topics, lang }: Text): boolean {
  const [name, value] = written.split(':') as [string, string];
  if (name === 'lang') return lang === value;
  if (name === 'topic') return topics.some((topic) => topic === value || topic.startsWith(`${value}/`));
  if (name === 'country') return tags.includes(value);
  if (name === 'role' && !value.includes('@')) return tags.some((tag) => tag.split('@')[0] === written);
  return tags.includes(written);
}

const lower = (words: readonly string[]): string[] => words.map((word) => word.toLowerCase());

function stands(tree: Tree & { words: readonly string[] }, words: readonly string[]): boolean {
  const found = lower(words);
  const wanted = lower(tree.words);
  if (tree.t === 'case') return words.includes(tree.words[0]!);
  if (tree.t === 'word') return found.includes(wanted[0]!);
  if (tree.t === 'prefix') return found.some((word) => word.startsWith(wanted[0]!));
  if (tree.t === 'phrase') return found.some((_, at) => wanted.every((word, index) => found[at + index] === word));
  return (
    tree.t === 'near' &&
    assignments(wanted, found).some(
      (places) => Math.max(...places) - Math.min(...places) + 1 - wanted.length <= tree.distance,
    )
  );
}

/** Every way to give each wanted word a place of its own. */
function assignments(wanted: readonly string[], found: readonly string[], taken: readonly number[] = []): number[][] {
  if (taken.length === wanted.length) return [[...taken]];
  return found.flatMap((word, at) =>
    word === wanted[taken.length] && !taken.includes(at) ? assignments(wanted, found, [...taken, at]) : [],
  );
}
