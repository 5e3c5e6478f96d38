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
  const rows = features.map(({ key }) => taxonomy.featureRows.get(key));
  const odds = [...taxonomy.weights.bias];
  const words = weighWords(taxonomy, reading, odds, LEAST_REASON);
  const parents = new Map<string, TopicTag>();
  for (const { id } of taxonomy.topics) {
    if (parentOf(id) === null)
      parents.set(id, scoreTopTopic(taxonomy, id, odds, { words, features, rows, groups }, onWeight));
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
  { words, features, rows, groups }: Grounds,
  onWeight: (topic: string, term: string, weight: number) => void,
): TopicTag {
  const column = taxonomy.weights.topics.indexOf(id);
  let sum = odds[column] ?? DEFAULT_BIAS;
  const reasons: Reason[] = [];
  const note = (share: number, spans: readonly Evidence[]) => {
    if (Math.abs(share) < LEAST_REASON) return;
    reasons.push({ share, spans });
    if (spans[0] !== undefined) onWeight(id, spans[0].term, share);
  };
  for (const { shares, spans } of words) note(shares[column] ?? 0, spans);
  for (const [index, { key, value, spans }] of features.entries()) {
    const row = column < 0 ? undefined : rows[index];
    const share = value * (row === undefined ? unlearnedWeight(taxonomy, id, column, key) : (row[column] ?? 0));
    sum += share;
    note(share, spans);
  }
  for (const [group, { given, spans }] of groups) {
    if (given === 0 || (group !== id && parentOf(group) !== id)) continue;
    sum += given;
    note(given, spans);
  }
  return { id, score: probability(sum), evidence: strongest(reasons.filter(({ share }) => share > 0)) };
}

/** What speaks for and against an article's topics. */
interface Grounds {
  readonly words: readonly WordReason[];
  readonly features: readonly Feature[];
  /** The learned weights of each feature, by topic. */
  readonly rows: readonly (readonly number[] | undefined)[];
  readonly groups: ReadonlyMap<string, GroupCount>;
}

interface Reason {
  readonly share: number;
  readonly spans: readonly Evidence[];
}

/** A group of terms that nothing was learned of speaks for its own topic. */
function unlearnedWeight(taxonomy: Taxonomy, id: string, column: number, key: string): number {
  if (!GROUP_KEY.test(key)) return 0;
  const group = key.slice('group '.length);
  if (group !== id && parentOf(group) !== id) return 0;
  if (column >= 0 && taxonomy.featureRows.has(`group ${group}`)) return 0;
  return key.startsWith('group') ? DEFAULT_GROUP_WEIGHT : DEFAULT_TITLE_WEIGHT;
}

/** Of a group as such, not as it stands in one language. */
const GROUP_KEY = /^(?:group|title) [^ ]+$/;

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
