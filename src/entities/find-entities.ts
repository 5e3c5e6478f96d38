import type { Evidence } from '../text/evidence.ts';
import type { Hit } from '../text/phrase-matcher.ts';
import { evidenceOf, type FieldReading, type Reading } from '../text/reading.ts';
import { fold } from '../text/words.ts';
import type { EntityTag, EntityType } from './entity-tag.ts';
import { findRoles, type Mention } from './find-roles.ts';
import { type Gazetteer, type Meaning, startsWithCapital } from './gazetteer.ts';

/**
 * The countries, organisations, people and roles an article names, each with every place it stands; in order of first appearance within
 * countries, organisations, people, roles. A longer name hides a shorter one inside it (New Mexico, Israel Katz); doubtful names
 * (Georgia) need their company. With `at` (ISO 8601), whoever held an office on that day gives its role too.
 */
export function findEntities(gazetteer: Gazetteer, reading: Reading, at?: string): EntityTag[] {
  const tags = new TagCollector();
  let lastRole: string | null = null;
  for (const field of reading.fields) {
    const mentions = mentionsOf(gazetteer, reading, field);
    const tell = (mention: Mention) => evidenceOf(reading, field.field, mention.hit, mention.written);
    for (const mention of mentions) {
      const { meaning } = mention;
      if (meaning.type === 'country' || meaning.type === 'organisation' || meaning.type === 'person')
        tags.add(meaning.type, meaning.id, undefined, tell(mention));
      if (meaning.type === 'organisation' && meaning.country !== null)
        tags.add('country', meaning.country, undefined, tell(mention));
      if (meaning.type === 'person' && at !== undefined) {
        for (const office of meaning.offices) {
          if (heldOn(office, at)) tags.add('role', office.role, meaning.country, tell(mention));
        }
      }
    }
    for (const role of findRoles(field, mentions, reading.lang, lastRole)) {
      tags.add('role', role.id, role.country, tell(role.mention));
      lastRole = role.id;
    }
  }
  return tags.all();
}

function heldOn(office: { readonly from: string; readonly to?: string | undefined }, at: string): boolean {
  const day = at.slice(0, 10);
  return office.from <= day && (office.to === undefined || day <= office.to);
}

const ORDER: readonly EntityType[] = ['country', 'organisation', 'person', 'role'];

class TagCollector {
  readonly #tags = new Map<string, { id: string; type: EntityType; country?: string | null; evidence: Evidence[] }>();

  add(type: EntityType, id: string, country: string | null | undefined, evidence: Evidence): void {
    const key = `${type} ${id} ${country ?? ''}`;
    const tag = this.#tags.get(key) ?? { id, type, ...(country === undefined ? {} : { country }), evidence: [] };
    const known = tag.evidence.some(
      (other) => other.field === evidence.field && other.start <= evidence.start && evidence.end <= other.end,
    );
    if (!known) tag.evidence.push(evidence);
    this.#tags.set(key, tag);
  }

  all(): EntityTag[] {
    const tags = [...this.#tags.values()];
    return ORDER.flatMap((type) => tags.filter((tag) => tag.type === type));
  }
}

/** The names of a field that stand for themselves. */
function mentionsOf(gazetteer: Gazetteer, reading: Reading, field: FieldReading): Mention[] {
  const all: Mention[] = [];
  for (const hit of field.hits) {
    const named = gazetteer.terms.get(hit.term);
    if (named === undefined || (named.capital && !startsWithCapital(field.source.slice(hit.start, hit.start + 2))))
      continue;
    for (const meaning of named.meanings) all.push({ hit, meaning, written: named.written });
  }
  if (all.length === 0) return all;
  const best = bestReadings(all, field);
  return best.filter(
    (mention) =>
      !isHidden(mention, best) && mention.meaning.type !== 'swallow' && isMeant(mention, reading, field, best),
  );
}

/** A longer name of another thing covers it. */
function isHidden(mention: Mention, all: readonly Mention[]): boolean {
  return all.some(
    (other) =>
      other.hit.first <= mention.hit.first &&
      other.hit.last >= mention.hit.last &&
      length(other.hit) > length(mention.hit) &&
      hides(other.meaning, mention.meaning),
  );
}

/** Of several countries read from the same words, those whose name is written just so: Polish Niger is no form of Nigeria. */
function bestReadings(all: readonly Mention[], field: FieldReading): Mention[] {
  const asWritten = ({ hit, written }: Mention) => fold(field.source.slice(hit.start, hit.end)) === fold(written);
  return all.filter(
    (mention) =>
      mention.meaning.type !== 'country' ||
      asWritten(mention) ||
      !all.some(
        (other) =>
          other.meaning.type === 'country' &&
          other.hit.start === mention.hit.start &&
          other.hit.end === mention.hit.end &&
          asWritten(other),
      ),
  );
}

function hides(longer: Meaning, shorter: Meaning): boolean {
  if (longer.type === 'swallow') return true;
  if (longer.type === 'person') return shorter.type === 'country' || shorter.type === 'person';
  return longer.type === shorter.type;
}

function length(hit: Hit): number {
  return hit.last - hit.first;
}

function isMeant(mention: Mention, reading: Reading, field: FieldReading, all: readonly Mention[]): boolean {
  if (mention.meaning.type !== 'country' || mention.meaning.doubt === null) return true;
  const { unless, given, word } = mention.meaning.doubt;
  const stands = (term: number) => reading.hitsOf(term).length > 0;
  const hasCompany = given.some(stands);
  if (!hasCompany && (unless.some(stands) || (word && startsSentence(mention, field)))) return false;
  return isTitleCase(field) || !isPartOfPersonalName(mention, field, all);
}

/** Jordan Henderson, Michael Jordan: a capitalised neighbour that is no name we know. */
function isPartOfPersonalName({ hit }: Mention, field: FieldReading, all: readonly Mention[]): boolean {
  const { words, source } = field;
  const isNeighbour = (index: number, gap: string) => {
    if (gap !== ' ' || !startsWithCapital(source.slice(words.starts[index], (words.starts[index] ?? 0) + 2)))
      return false;
    return !all.some((other) => other.hit.first <= index && index <= other.hit.last);
  };
  const next = hit.last + 1;
  if (next < words.count && isNeighbour(next, source.slice(hit.end, words.starts[next]))) return true;
  const previous = hit.first - 1;
  const followsStart = previous <= 0 || /[.!?:]\s*$/u.test(source.slice(0, words.starts[previous]));
  return !followsStart && isNeighbour(previous, source.slice(words.ends[previous], hit.start));
}

function startsSentence({ hit }: Mention, { source }: FieldReading): boolean {
  return /(?:^|[.!?:…])["»”']?\s*["«„“']?$/u.test(source.slice(0, hit.start));
}

/** Headlines In Title Case say nothing by their capitals. */
function isTitleCase({ words, source }: FieldReading): boolean {
  let long = 0;
  let capital = 0;
  for (let at = 0; at < words.count; at++) {
    const start = words.starts[at] ?? 0;
    if ((words.ends[at] ?? 0) - start < 4) continue;
    long++;
    if (startsWithCapital(source.slice(start, start + 2))) capital++;
  }
  return long > 0 && capital > long * 0.7;
}
