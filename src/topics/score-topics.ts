import type { EntityTag } from '../entities/entity-tag.ts';
import type { Evidence } from '../text/evidence.ts';
import type { Reading } from '../text/reading.ts';
import { countGroups, type Feature, type GroupCount, sharedFeatures, wordFeatures } from './features.ts';
import { parentOf, type Taxonomy } from './taxonomy.ts';
import type { TopicTag } from './topic-tag.ts';

/** A feature that moved the log-odds by less is no reason worth showing. */
const LEAST_REASON = 0.15;
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
export function scoreTopics(taxonomy: Taxonomy, reading: Reading, entities: readonly EntityTag[]): TopicTag[] {
  const groups = countGroups(taxonomy, reading);
  const words = taxonomy.weights.words[reading.lang] ?? {};
  const features = [
    ...sharedFeatures(taxonomy, reading, entities, groups),
    ...wordFeatures(taxonomy, reading, (key) => Object.hasOwn(words, key)),
  ];
  const parents = new Map<string, TopicTag>();
  for (const { id } of taxonomy.topics)
    if (parentOf(id) === null) parents.set(id, scoreTopTopic(taxonomy, reading.lang, id, features, groups));
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

function scoreTopTopic(
  taxonomy: Taxonomy,
  lang: string,
  id: string,
  features: readonly Feature[],
  groups: ReadonlyMap<string, GroupCount>,
): TopicTag {
  const column = taxonomy.weights.topics.indexOf(id);
  const muted = taxonomy.muted.get(id);
  let odds = column < 0 ? DEFAULT_BIAS : (taxonomy.weights.bias[column] ?? DEFAULT_BIAS);
  const reasons: { share: number; feature: Feature }[] = [];
  for (const feature of features) {
    if (feature.kind === 'word' && muted !== undefined && isMuted(muted, feature.key)) continue;
    const share = feature.value * weightOf(taxonomy, lang, id, column, feature);
    odds += share;
    if (share >= LEAST_REASON) reasons.push({ share, feature });
  }
  for (const [group, { given, spans }] of groups) {
    if (given === 0 || (group !== id && parentOf(group) !== id)) continue;
    odds += given;
    if (given > 0) reasons.push({ share: given, feature: { key: group, kind: 'shared', value: 1, spans } });
  }
  return { id, score: probability(odds), evidence: strongest(reasons) };
}

/** A pair of words is muted with either of them. */
function isMuted(muted: ReadonlySet<string>, key: string): boolean {
  return muted.size > 0 && (muted.has(key) || key.split(' ').some((word) => muted.has(word)));
}

function weightOf(taxonomy: Taxonomy, lang: string, id: string, column: number, feature: Feature): number {
  const learned = feature.kind === 'word' ? taxonomy.weights.words[lang] : taxonomy.weights.features;
  const weights = learned !== undefined && Object.hasOwn(learned, feature.key) ? learned[feature.key] : undefined;
  if (weights !== undefined && column >= 0) return weights[column] ?? 0;
  // A group of terms that nothing was learned of speaks for its own topic.
  const [what, group, variant] = feature.key.split(' ');
  if (
    feature.kind === 'word' ||
    group === undefined ||
    variant !== undefined ||
    (group !== id && parentOf(group) !== id)
  )
    return 0;
  if (column >= 0 && Object.hasOwn(taxonomy.weights.features, `group ${group}`)) return 0;
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
function strongest(reasons: { share: number; feature: Feature }[]): Evidence[] {
  reasons.sort((a, b) => b.share - a.share);
  const spans: Evidence[] = [];
  for (const { feature } of reasons) {
    if (spans.length >= MOST_EVIDENCE) break;
    spans.push(...feature.spans);
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
