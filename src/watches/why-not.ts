import type { EntityType } from '../entities/entity-tag.ts';
import type { Facts } from './article-facts.ts';
import type { CompiledLeaf } from './compiled-clause.ts';
import { nearHits } from './judge-clause.ts';

/** Names listed in a note. */
const LISTED = 8;

/** What an article has in place of what a leaf asks for, in a few words for people. */
export function whyNot(leaf: CompiledLeaf, facts: Facts): string {
  switch (leaf.op) {
    case 'terms':
      return noTerm(leaf, facts);
    case 'near':
      return notNear(leaf, facts);
    case 'regex':
      return `found nowhere in the ${leaf.fields.join(', ')}`;
    case 'published':
      return Number.isNaN(facts.published)
        ? 'its date is not known'
        : `it is of ${new Date(facts.published).toISOString().slice(0, 16)}Z`;
    case 'tags':
      return noTag(leaf.names[0] ?? '', facts);
  }
}

function noTerm(leaf: CompiledLeaf & { op: 'terms' }, { judged, present }: Facts): string {
  const where = leaf.anywhere ? '' : ` in the ${leaf.fields.join(', ')}`;
  const elsewhere = leaf.terms
    .flatMap(({ key, term }) => (present.has(key) ? judged.reading.hitsOf(term) : []))
    .map(({ field }) => field);
  if (elsewhere.length > 0) return `found in the ${[...new Set(elsewhere)].join(' and ')}, not${where}`;
  if (leaf.terms.length > 1) return `none of its ${leaf.terms.length} terms is found${where}`;
  const cased = leaf.terms[0]?.written.startsWith('=') ? leaf.terms[0].written.slice(1).toLowerCase() : null;
  const text = judged.reading.fields.map(({ source }) => source).join('\n');
  const at = cased === null ? -1 : text.toLowerCase().indexOf(cased);
  if (cased !== null && at >= 0) return `found only as "${text.slice(at, at + cased.length)}"`;
  return `not found${where}`;
}

function notNear(leaf: CompiledLeaf & { op: 'near' }, { judged, present }: Facts): string {
  const absent = leaf.units.filter(({ key }) => !present.has(key)).map(({ written }) => `"${written}"`);
  if (absent.length > 0) return `${[...new Set(absent)].join(' and ')} not found`;
  const words = Math.max(...judged.reading.fields.map(({ words }) => words.count));
  if (nearHits({ ...leaf, distance: words }, judged.reading) === null) return 'not all in one field';
  let low = leaf.distance;
  let high = words;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (nearHits({ ...leaf, distance: middle }, judged.reading)) high = middle;
    else low = middle;
  }
  return `at least ${high} words stand between`;
}

const TYPE_OF_FIELD: Readonly<Record<string, { type: EntityType; plural: string }>> = {
  country: { type: 'country', plural: 'countries' },
  org: { type: 'organisation', plural: 'organisations' },
  person: { type: 'person', plural: 'people' },
  role: { type: 'role', plural: 'roles' },
};

function noTag(name: string, { judged }: Facts): string {
  const field = name.slice(0, name.indexOf(':'));
  const { article, topics, topicsBelow, entities } = judged;
  if (field === 'lang') return `its language is ${article.lang}`;
  if (field === 'kind')
    return article.source.kind === null
      ? 'the kind of its source is not known'
      : `its source is of kind ${article.source.kind}`;
  if (field === 'source') return `its source is ${[article.source.id, ...article.source.tags].join(', ')}`;
  if (field === 'topic') {
    const below = topicsBelow?.find(({ id }) => `topic:${id}` === name);
    const scored = below ? `scored ${below.score.toFixed(2)}, under its threshold; ` : '';
    return (
      scored +
      listed(
        'topics',
        topics.map(({ id }) => id),
      )
    );
  }
  const { type, plural } = TYPE_OF_FIELD[field] ?? { type: 'country', plural: 'countries' };
  const named = entities
    .filter((entity) => entity.type === type)
    .map((entity) => (entity.country ? `${entity.id}@${entity.country}` : entity.id));
  return listed(plural, named);
}

function listed(plural: string, ids: readonly string[]): string {
  if (ids.length === 0) return `no ${plural} found`;
  const names = [...new Set(ids)];
  return `${plural} found: ${names.slice(0, LISTED).join(', ')}${names.length > LISTED ? ' …' : ''}`;
}
