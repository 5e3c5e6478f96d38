import type { EntityTag } from '../entities/entity-tag.ts';
import type { Evidence } from '../text/evidence.ts';
import type { Reading } from '../text/reading.ts';
import { countGroups, type Feature, type GroupCount, sharedFeatures } from './features.ts';
import { parentOf, type Taxonomy } from './taxonomy.ts';
import type { TopicTag } from './topic-tag.ts';
import { type WordReason, weighWords } from './word-weights.ts';

/** A feature that moved the log-odds by less is no reason worth showing. */
const LEAST_REASON = 0.25;
const MOST_EVIDENCE = 16;
/** What a group of terms is worth for its own topic where nothing was learned of it, and where one stands in the title. */
const DEFAULT_GROUP_WEIGHT = 1.4;
const DEFAULT_TITLE_WEIGHT = 1.2;
const DEFAULT_BIAS = -2.5;

/**
 * The probability of every topic that has any evidence, with the words that speak for it; subtopics too. `entities` are the article's own
 * (`findEntities`). A subtopic's probability is its parent's times that of the subtopic given the parent, so it never exceeds the
 * parent's, and whoever is told the subtopic can be told the parent.
 */
export function scoreTopics(
  taxonomy: Taxonomy,
  reading: Reading,
  entities: readonly EntityTag[],
  /** Told of each term's weight for each top topic, in log-odds; for explaining. */
  onWeight: (topic: string, term: string, weight: number) => void = () => {},
): TopicTag[] {
  const groups = countGroups(taxonomy, reading);
  const features = sharedFeatures(taxonomy, reading, entities, groups);
  const odds = [...taxonomy.weights.bias];
  const words = weighWords(taxonomy, reading, odds, LEAST_REASON);
  const parents = new Map<string, TopicTag>();
  for (const { id } of taxonomy.topics) {
    if (parentOf(id) === null) parents.set(id, scoreTopTopic(taxonomy, id, odds, words, features, groups, onWeight));
  }
  const tags: TopicTag[] = [];
  for (const { id } of taxonomy.topics) {
    const parentId = parentOf(id);
    const tag =
      parentId === null
        ? parents.get(id)
        : scoreSubtopic(taxonomy, id, parents.get(parentId)?.score ?? 0, groups.get(id));
    if (tag !== undefined && tag.evidence.length > 0) tags.push(tag);
  }
  return tags;
}

/**
 * The topics at or over their threshold; a subtopic only with its parent. The order of `tags` is kept.
 */
export function overThreshold(taxonomy: Taxonomy, tags: readonly TopicTag[]): TopicTag[] {
  const given = new Set(tags.filter((tag) => tag.score >= (taxonomy.thresholds.get(tag.id) ?? 1)).map((tag) => tag.id));
  return tags.filter(({ id }) => {
    const parent = parentOf(id);
    return given.has(id) && (parent === null || given.has(parent));
  });
}

/** `odds` hold the bias and the words' part, by learned topic. */
function scoreTopTopic(
  taxonomy: Taxonomy,
  id: string,
  odds: readonly number[],
  words: readonly WordReason[],
  features: readonly Feature[],
  groups: ReadonlyMap<string, GroupCount>,
  onWeight: (topic: string, term: string, weight: number) => void,
): TopicTag {
  const column = taxonomy.weights.topics.indexOf(id);
  let sum = odds[column] ?? DEFAULT_BIAS;
  const reasons: Reason[] = words.map(({ shares, spans }) => ({ share: shares[column] ?? 0, spans }));
  for (const { key, value, spans } of features) {
    const share = value * weightOf(taxonomy, id, column, key);
    sum += share;
    reasons.push({ share, spans });
  }
  for (const [group, { given, spans }] of groups) {
    if (given === 0 || (group !== id && parentOf(group) !== id)) continue;
    sum += given;
    reasons.push({ share: given, spans });
  }
  for (const { share, spans } of reasons) {
    if (Math.abs(share) >= LEAST_REASON && spans[0] !== undefined) onWeight(id, spans[0].term, share);
  }
  return { id, score: probability(sum), evidence: strongest(reasons.filter(({ share }) => share >= LEAST_REASON)) };
}

interface Reason {
  readonly share: number;
  readonly spans: readonly Evidence[];
}

function weightOf(taxonomy: Taxonomy, id: string, column: number, key: string): number {
  const { features } = taxonomy.weights;
  const weights = Object.hasOwn(features, key) ? features[key] : undefined;
  if (weights !== undefined && column >= 0) return weights[column] ?? 0;
  // A group of terms that nothing was learned of speaks for its own topic.
  const [what, group, variant] = key.split(' ');
  if (group === undefined || variant !== undefined || (group !== id && parentOf(group) !== id)) return 0;
  if (column >= 0 && Object.hasOwn(features, `group ${group}`)) return 0;
  return what === 'group' ? DEFAULT_GROUP_WEIGHT : what === 'title' ? DEFAULT_TITLE_WEIGHT : 0;
}

function scoreSubtopic(
  taxonomy: Taxonomy,
  id: string,
  parent: number,
  count: GroupCount | undefined,
): TopicTag | undefined {
  if (count === undefined) return undefined;
  const [base, perTerm, inTitle] = taxonomy.weights.subtopic;
  const odds = base + perTerm * Math.min(3, count.terms) + (count.inTitle ? inTitle : 0) + count.given;
  return { id, score: parent * probability(odds), evidence: outermost(count.spans).slice(0, MOST_EVIDENCE) };
}

/** Spans of the strongest reasons first taken, then in reading order. */
function strongest(reasons: readonly Reason[]): Evidence[] {
  const spans: Evidence[] = [];
  for (const reason of reasons.toSorted((a, b) => b.share - a.share)) {
    if (spans.length >= MOST_EVIDENCE) break;
    spans.push(...reason.spans);
  }
  return outermost(spans).slice(0, MOST_EVIDENCE);
}

const FIELD_ORDER = { title: 0, summary: 1, text: 2 };

/** In reading order, spans inside another left out. */
function outermost(spans: readonly Evidence[]): Evidence[] {
  const sorted = [...spans].sort(
    (a, b) => FIELD_ORDER[a.field] - FIELD_ORDER[b.field] || a.start - b.start || b.end - a.end,
  );
  const kept: Evidence[] = [];
  for (const span of sorted) {
    const last = kept.at(-1);
    if (last === undefined || last.field !== span.field || span.end > last.end) kept.push(span);
  }
  return kept;
}

function probability(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}
