import { parentOf } from '../../src/topics/taxonomy.ts';
import { type Example, fitLogistic } from './logistic-regression.ts';
import type { TrainingSet } from './training-set.ts';

const PENALTY = 0.5;

/**
 * P(subtopic | parent), one rule for all: from how many of its terms stand in an article, and whether one is in the title (log-odds at
 * none, for each, for the title). A rule for each subtopic was tried and reached less on unseen days: each has few labels. Rows without
 * `sub`, and subtopics that no row has, teach nothing.
 */
export function fitSubtopics({ rows, taxonomy }: TrainingSet): [number, number, number] {
  const labelled = new Set(rows.flatMap(({ row }) => row.sub ?? []));
  const subtopics = taxonomy.topics.map(({ id }) => id).filter((id) => labelled.has(nameOf(id)));
  const examples = rows.flatMap(({ row, groups }) =>
    row.sub === undefined
      ? []
      : subtopics.flatMap((id): Example[] => {
          const count = groups.get(id);
          if (count === undefined || row.labels[parentOf(id) ?? ''] !== 1) return [];
          return [
            {
              indexes: Int32Array.of(0, 1),
              values: Float32Array.of(Math.min(3, count.terms), count.inTitle ? 1 : 0),
              target: row.sub?.includes(nameOf(id)) === true ? 1 : 0,
              weight: 1,
            },
          ];
        }),
  );
  const { weights, bias } = fitLogistic(examples, new Float64Array(2).fill(PENALTY));
  return [rounded(bias), rounded(weights[0] ?? 0), rounded(weights[1] ?? 0)];
}

/** The last part of a subtopic's id; nothing for a top topic. */
function nameOf(id: string): string {
  const parent = parentOf(id);
  return parent === null ? '' : id.slice(parent.length + 1);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
