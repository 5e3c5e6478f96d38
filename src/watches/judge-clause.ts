import type { Evidence, Field } from '../text/evidence.ts';
import { evidenceOf, type FieldHit, type Reading } from '../text/reading.ts';
import { entityNames, type Facts, withParents } from './article-facts.ts';
import { type Compiled, type CompiledLeaf, type CompiledTerm, tagName } from './compiled-clause.ts';
import { findNear } from './near.ts';

/** Spans that one clause shows: more say nothing new, and an article of a war names it fifty times. */
const EVIDENCE_PER_CLAUSE = 3;
/** UTF-16 units of a span that a regular expression shows; it can match a whole text. */
const LONGEST_REGEX_SPAN = 200;

/** Whether a clause holds for an article. */
export function holds(clause: Compiled, facts: Facts): boolean {
  switch (clause.op) {
    case 'and':
      for (const part of clause.parts) if (!holds(part, facts)) return false;
      return true;
    case 'or':
      for (const part of clause.parts) if (holds(part, facts)) return true;
      return false;
    case 'not':
      return !holds(clause.part, facts);
    case 'at-least': {
      let yes = 0;
      for (const part of clause.parts) if (holds(part, facts) && ++yes >= clause.count) return true;
      return false;
    }
    default:
      return leafHolds(clause, facts);
  }
}

/** Whether a leaf holds for an article. */
export function leafHolds(leaf: CompiledLeaf, facts: Facts): boolean {
  switch (leaf.op) {
    case 'tags':
      return facts.present.has(leaf.key);
    case 'terms':
      if (!facts.present.has(leaf.key)) return false;
      return leaf.anywhere || leaf.terms.some((term) => termHolds(leaf, term, facts));
    case 'near':
      return leaf.units.every(({ key }) => facts.present.has(key)) && nearHits(leaf, facts.judged.reading) !== null;
    case 'published':
      return facts.published >= leaf.from && facts.published <= leaf.to;
    case 'regex':
      return facts.judged.reading.fields.some(
        ({ field, source }) => leaf.fields.includes(field) && leaf.regex.find(source, 1).length > 0,
      );
  }
}

/** Whether one of a leaf's terms stands in one of its fields. */
export function termHolds(leaf: CompiledLeaf & { op: 'terms' }, { key, term }: CompiledTerm, facts: Facts): boolean {
  if (!facts.present.has(key)) return false;
  return leaf.anywhere || facts.judged.reading.hitsOf(term).some(({ field }) => leaf.fields.includes(field));
}

/** The spans that make a leaf hold, in reading order, a few at most; none for a language, a source or a date. */
export function leafEvidence(leaf: CompiledLeaf, facts: Facts): Evidence[] {
  const { reading } = facts.judged;
  switch (leaf.op) {
    case 'tags':
      return inReadingOrder(tagEvidence(leaf.names, facts)).slice(0, EVIDENCE_PER_CLAUSE);
    case 'terms':
      return inReadingOrder(termEvidence(leaf, facts)).slice(0, EVIDENCE_PER_CLAUSE);
    case 'near':
      return (nearHits(leaf, reading) ?? []).map(({ field, hit }) => evidenceOf(reading, field, hit, leaf.written));
    case 'regex':
      return regexEvidence(leaf, reading);
    case 'published':
      return [];
  }
}

function termEvidence(leaf: CompiledLeaf & { op: 'terms' }, facts: Facts): Evidence[] {
  const { reading } = facts.judged;
  return leaf.terms.flatMap(({ key, term, written }) => {
    if (!facts.present.has(key)) return [];
    const hits = reading.hitsOf(term).filter(({ field }) => leaf.fields.includes(field));
    return hits.slice(0, EVIDENCE_PER_CLAUSE).map(({ field, hit }) => evidenceOf(reading, field, hit, written));
  });
}

function tagEvidence(names: readonly string[], { judged }: Facts): Evidence[] {
  const wanted = new Set(names);
  const topics = judged.topics.filter(({ id }) => withParents(id).some((topic) => wanted.has(tagName('topic', topic))));
  const entities = judged.entities.filter((entity) => entityNames(entity).some((name) => wanted.has(name)));
  return [...topics, ...entities].flatMap(({ evidence }) => evidence);
}

/** The nearest of it, in the first field that has it. */
export function nearHits(leaf: CompiledLeaf & { op: 'near' }, reading: Reading): FieldHit[] | null {
  for (const field of leaf.fields) {
    const ofTerm = new Map(
      leaf.units.map(({ term }) => [
        term,
        reading
          .hitsOf(term)
          .filter((found) => found.field === field)
          .map(({ hit }) => hit),
      ]),
    );
    const found = findNear(
      leaf.units.map(({ term }) => ofTerm.get(term)!),
      leaf.distance,
    );
    if (found) return found.map((hit) => ({ field, hit }));
  }
  return null;
}

function regexEvidence(leaf: CompiledLeaf & { op: 'regex' }, reading: Reading): Evidence[] {
  const found = reading.fields.flatMap(({ field, source }) => {
    if (!leaf.fields.includes(field)) return [];
    return leaf.regex.find(source, EVIDENCE_PER_CLAUSE).map(({ start, end }): Evidence => {
      const shown = Math.min(end, start + LONGEST_REGEX_SPAN);
      return { field, start, end: shown, text: source.slice(start, shown), term: leaf.written };
    });
  });
  return found.filter(({ text }) => text !== '').slice(0, EVIDENCE_PER_CLAUSE);
}

const ORDER: Readonly<Record<Field, number>> = { title: 0, summary: 1, text: 2 };

/** By field, then place, then term, each once. */
export function inReadingOrder(evidence: readonly Evidence[]): Evidence[] {
  const sorted = [...evidence].sort(
    (a, b) => ORDER[a.field] - ORDER[b.field] || a.start - b.start || a.end - b.end || compare(a.term, b.term),
  );
  return sorted.filter((span, index) => {
    const before = sorted[index - 1];
    return (
      !before ||
      before.field !== span.field ||
      before.start !== span.start ||
      before.end !== span.end ||
      before.term !== span.term
    );
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
