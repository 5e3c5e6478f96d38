import type { Hit } from '../text/phrase-matcher.ts';
import type { FieldReading } from '../text/reading.ts';
import type { Meaning } from './gazetteer.ts';

/** A name where it stands. */
export interface Mention {
  readonly hit: Hit;
  readonly meaning: Meaning;
  /** The name as its author wrote it. */
  readonly written: string;
}

export interface FoundRole {
  readonly id: string;
  readonly country: string | null;
  readonly mention: Mention;
}

/** Languages that say whose minister it is after the title, in the genitive or with an adjective. */
const COUNTRY_FOLLOWS = new Set(['ru', 'uk', 'pl', 'fr', 'es', 'ar']);
/** Words that may stand between a title and the country that follows it. */
const LINKS = new Set([
  'of',
  'for',
  'the',
  'de',
  'du',
  'des',
  'del',
  'la',
  'el',
  'd',
  'l',
  'von',
  'der',
  'aus',
  'from',
  'in',
  'republic',
  'narodowej',
  'nationale',
  'ds',
]);
/** Words of praise and time between a country and its title: China's new, outgoing defence minister. */
const MOST_BETWEEN = 2;

/**
 * The roles a field names, each with its country: from a name or adjective beside it (China's defence minister, министр обороны Китая,
 * 中国国防部长), from its holder (Defence Minister Li Shangfu), or none. "His Belarusian counterpart" is the role spoken of last
 * (`lastRole` where the field has none before) with this country.
 */
export function findRoles(
  field: FieldReading,
  mentions: readonly Mention[],
  lang: string,
  lastRole: string | null,
): FoundRole[] {
  const found: FoundRole[] = [];
  let last = lastRole;
  const countryOf = (mention: Mention) =>
    besideCountry(field, mentions, mention.hit, lang) ?? besidePerson(field, mentions, mention.hit);
  for (const mention of [...mentions].sort((a, b) => a.hit.first - b.hit.first)) {
    const { meaning } = mention;
    if (meaning.type === 'role') {
      const country = meaning.country ?? countryOf(mention);
      if (country === null && meaning.needsCountry) continue;
      found.push({ id: meaning.id, country, mention });
      last = meaning.id;
    } else if (meaning.type === 'counterpart' && last !== null) {
      const country = countryOf(mention);
      if (country !== null) found.push({ id: last, country, mention });
    }
  }
  return found;
}

function besideCountry(field: FieldReading, mentions: readonly Mention[], role: Hit, lang: string): string | null {
  const before = () => nearest(field, mentions, role, 'before', lang === 'zh' ? 0 : MOST_BETWEEN);
  const after = () => nearest(field, mentions, role, 'after', MOST_BETWEEN);
  return COUNTRY_FOLLOWS.has(lang) ? (after() ?? before()) : (before() ?? after());
}

function nearest(
  field: FieldReading,
  mentions: readonly Mention[],
  role: Hit,
  side: 'before' | 'after',
  most: number,
): string | null {
  let best: { country: string; gap: number } | null = null;
  for (const { hit, meaning } of mentions) {
    if (meaning.type !== 'country') continue;
    const gap = side === 'before' ? role.first - hit.last - 1 : hit.first - role.last - 1;
    // A country inside the title itself (US Defense Secretary) is nearest of all.
    const inside = hit.first >= role.first && hit.last <= role.last;
    if (!inside && (gap < 0 || gap > most || isCut(field, role, hit, side) || !isLinked(field, role, hit, side, gap)))
      continue;
    if (best === null || inside || gap < best.gap) best = { country: meaning.id, gap: inside ? -1 : gap };
  }
  return best?.country ?? null;
}

/** A sentence or a clause ends between the two. */
function isCut(field: FieldReading, role: Hit, other: Hit, side: 'before' | 'after'): boolean {
  const between =
    side === 'before' ? field.source.slice(other.end, role.start) : field.source.slice(role.end, other.start);
  return /[.!?;:,|()。，；、]/u.test(between);
}

/** After a title: nothing but linking words may stand between; English needs one (minister of China). */
function isLinked(field: FieldReading, role: Hit, other: Hit, side: 'before' | 'after', gap: number): boolean {
  if (side === 'before') return true;
  for (let at = role.last + 1; at < other.first; at++) if (!LINKS.has(field.words.folded[at] ?? '')) return false;
  return (
    gap > 0 ||
    /[^\p{Script=Latin}]$/u.test(field.source.slice(role.start, role.end)) ||
    !ENGLISH_TITLE.test(field.source.slice(role.start, role.end))
  );
}

const ENGLISH_TITLE = /(?:minister|secretary|president|chief|premier|chancellor|counterpart|ambassador|envoy)$/iu;

/** Defence Minister Li Shangfu; Li Shangfu, the defence minister: at most one word between. */
function besidePerson(field: FieldReading, mentions: readonly Mention[], role: Hit): string | null {
  for (const { hit, meaning } of mentions) {
    if (meaning.type !== 'person') continue;
    const after = hit.first - role.last - 1;
    const before = role.first - hit.last - 1;
    const between = after >= 0 ? field.source.slice(role.end, hit.start) : field.source.slice(hit.end, role.start);
    if ((after === 0 || after === 1 || before === 0 || before === 1) && !/[.!?;]/u.test(between))
      return meaning.country;
  }
  return null;
}
