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
  /** A phrase in just these capitals, or one whose last word is a beginning. */
  | {
      readonly t: 'case-phrase' | 'prefix-phrase';
      readonly field: 'title' | 'text' | null;
      readonly words: readonly string[];
    }
  | {
      readonly t: 'regex';
      readonly field: 'title' | 'text' | null;
      readonly pattern: string;
      readonly ignoreCase: boolean;
    }
  /** Days of August 2023, both included where the bracket says so; null is open. */
  | {
      readonly t: 'published';
      readonly from: number | null;
      readonly to: number | null;
      readonly open: boolean;
      readonly close: boolean;
    }
  | { readonly t: 'group' | 'some-of-group' | 'group-of-groups' | 'tag-group' | 'some-of-tag-group' }
  | { readonly t: 'not'; readonly minus: boolean; readonly inner: Tree }
  | { readonly t: 'and' | 'or'; readonly join: number; readonly parts: readonly Tree[] }
  | { readonly t: 'at-least'; readonly count: number; readonly parts: readonly Tree[] };

export interface Text {
  readonly title: readonly string[];
  readonly text: readonly string[];
  readonly tags: readonly string[];
  readonly topics: readonly string[];
  readonly lang: string;
  /** Of August 2023. */
  readonly day: number;
  readonly source: string;
  readonly kind: 'wire' | 'blog' | null;
}

/** Digits keep the stemmers out: inflection has tests of its own. */
const WORDS = ['aa1', 'aa2', 'bb1', 'bb2', 'Aa1', 'BB1'];
export const NAIVE_GROUPS = {
  naive: ['"aa2 bb2"', 'bb1', '=BB1'],
  outer: ['$naive', 'aa*'],
  places: ['CN', '$more-places'],
  'more-places': ['by'],
};
const SOURCES = ['bbc-world', 'belta'];
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
  'person:li-shangfu',
  'country:(CN OR BY)',
  'source:bbc-world',
  'source:baltic',
  'kind:wire',
  'kind:blog',
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
  fc.record({
    t: fc.constantFrom('case-phrase' as const, 'prefix-phrase' as const),
    field,
    words: fc.array(word, { minLength: 2, maxLength: 3 }),
  }),
  fc.record({
    t: fc.constant('regex' as const),
    field,
    pattern: fc.constantFrom('aa[12] bb', '^bb1', 'B+1', '2$', 'aa1|zz9', '(?:a{2}1 ?){2}', 'z{2}\\d'),
    ignoreCase: fc.boolean(),
  }),
  fc
    .record({
      t: fc.constant('published' as const),
      from: fc.option(fc.integer({ min: 1, max: 9 })),
      to: fc.option(fc.integer({ min: 12, max: 20 })),
      open: fc.boolean(),
      close: fc.boolean(),
    })
    .filter(({ from, to }) => from !== null || to !== null),
  fc.constantFrom<Tree>(
    { t: 'group' },
    { t: 'some-of-group' },
    { t: 'group-of-groups' },
    { t: 'tag-group' },
    { t: 'some-of-tag-group' },
  ),
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
    'person:li-shangfu',
    'role:defence-minister',
    'role:defence-minister@CN',
    'role:defence-minister@BY',
  ]),
  topics: fc.subarray(['defense', 'defense/exercises', 'conflict']),
  lang: fc.constantFrom('en', 'ru', 'zh'),
  day: fc.integer({ min: 1, max: 28 }),
  source: fc.constantFrom(...SOURCES),
  kind: fc.constantFrom('wire', 'blog', null),
});

export function written(text: Text): Written {
  const at = `${dayOf(text.day)}T12:00:00Z`;
  const sourceTags = text.source === 'belta' ? ['baltic'] : [];
  const { kind, ...rest } = text;
  const written = { ...rest, title: text.title.join(' '), text: text.text.join(' '), publishedAt: at, at, sourceTags };
  return kind === null ? written : { ...written, kind };
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
    case 'case-phrase':
      return `${prefix}="${tree.words.join(' ')}"`;
    case 'prefix-phrase':
      return `${prefix}"${tree.words.join(' ')}*"`;
    case 'regex':
      return `${prefix}/${tree.pattern}/${tree.ignoreCase ? 'i' : ''}`;
    case 'published': {
      const end = (day: number | null): string => (day === null ? '*' : dayOf(day));
      return `published:${tree.open ? '{' : '['}${end(tree.from)} TO ${end(tree.to)}${tree.close ? '}' : ']'}`;
    }
    case 'tag':
      return tree.written;
    case 'group':
      return '$naive';
    case 'some-of-group':
      return '2 of $naive';
    case 'group-of-groups':
      return '$outer';
    case 'tag-group':
      return 'country:$places';
    case 'some-of-tag-group':
      return '2 of country:$places';
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
    case 'group-of-groups':
      return groupMembers(text).some(Boolean) || evaluate({ t: 'prefix', field: null, words: ['aa'] }, text);
    case 'tag-group':
      return text.tags.includes('CN') || text.tags.includes('BY');
    case 'some-of-tag-group':
      return text.tags.includes('CN') && text.tags.includes('BY');
    case 'regex': {
      const pattern = new RegExp(tree.pattern, tree.ignoreCase ? 'i' : '');
      return (tree.field ? [text[tree.field]] : [text.title, text.text]).some((words) => pattern.test(words.join(' ')));
    }
    case 'published':
      return (
        (tree.from === null || text.day > tree.from || (text.day === tree.from && !tree.open)) &&
        (tree.to === null || text.day < tree.to || (text.day === tree.to && !tree.close))
      );
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

function dayOf(day: number): string {
  return `2023-08-${String(day).padStart(2, '0')}`;
}

function hasTag(written: string, { tags, topics, lang, source, kind }: Text): boolean {
  if (written === 'country:(CN OR BY)') return tags.includes('CN') || tags.includes('BY');
  const [name, value] = written.split(':') as [string, string];
  if (name === 'lang') return lang === value;
  if (name === 'kind') return kind === value;
  if (name === 'source') return source === value || (value === 'baltic' && source === 'belta');
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
  if (tree.t === 'case-phrase')
    return words.some((_, at) => tree.words.every((word, index) => words[at + index] === word));
  if (tree.t === 'prefix-phrase')
    return found.some((_, at) =>
      wanted.every((word, index) =>
        index === wanted.length - 1 ? found[at + index]?.startsWith(word) : found[at + index] === word,
      ),
    );
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
