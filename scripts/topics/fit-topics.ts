import { parentOf } from '../../src/topics/taxonomy.ts';
import { fitPlatt } from './calibration.ts';
import { type Example, fitLogistic, logOdds, type Model } from './logistic-regression.ts';
import { FOLDS, type TrainingRow, type TrainingSet } from './training-set.ts';

const PENALTY = 3;
const ITERATIONS = 50;
const PRIOR_TERM = 1.2;
const PRIOR_TITLE = 0.6;
const PRIOR_CONTEXT = -0.5;

/** What a model that had not seen the row says of it. */
export interface HeldOut {
  readonly row: TrainingRow;
  readonly odds: number;
  readonly target: number;
}

/** A calibrated model of one topic, and what its like said of rows they had not seen. */
export interface FittedTopic {
  readonly topic: string;
  readonly model: Model;
  readonly heldOut: readonly HeldOut[];
}

/**
 * Fits a top topic on all rows. Four models, each blind to a fourth of the days, say what is reached on unseen days; their log-odds
 * calibrate the model that is shipped (Platt), so held-out figures are of the shape of what is shipped.
 */
export function fitTopic(set: TrainingSet, topic: string): FittedTopic {
  const raw = holdOut(set, topic, [...Array(FOLDS).keys()].map(String), (row) => String(row.fold));
  const { slope, offset } = fitPlatt(raw.map(({ row, odds, target }) => ({ odds, target, weight: row.weight })));
  const { weights, bias } = learn(set, set.rows, topic);
  return {
    topic,
    model: { weights: weights.map((weight) => weight * slope), bias: bias * slope + offset },
    heldOut: raw.map((one) => ({ ...one, odds: one.odds * slope + offset })),
  };
}

/** The log-odds of each source's rows by a model that saw nothing of that source; not calibrated. */
export function leaveSourcesOut(set: TrainingSet, topic: string): HeldOut[] {
  return holdOut(set, topic, [...new Set(set.rows.map((row) => row.source))], (row) => row.source);
}

function holdOut(
  set: TrainingSet,
  topic: string,
  parts: readonly string[],
  partOf: (row: TrainingRow) => string,
): HeldOut[] {
  return parts.flatMap((part) => {
    const model = learn(
      set,
      set.rows.filter((row) => partOf(row) !== part),
      topic,
    );
    return set.rows
      .filter((row) => partOf(row) === part && !row.isHeadlineOfItem)
      .flatMap((row) => {
        const target = row.row.labels[topic];
        return target === null || target === undefined
          ? []
          : [{ row, odds: logOdds(model, row.indexes, row.values), target }];
      });
  });
}

function learn(set: TrainingSet, rows: readonly TrainingRow[], topic: string): Model {
  const contexts = new Set(set.taxonomy.contexts);
  const prior = Float64Array.from(set.keys, (key) => priorOf(key, topic, contexts));
  const penalty = new Float64Array(set.keys.length).fill(PENALTY);
  const { weights, bias } = fitLogistic(examplesOf(rows, topic, prior), penalty, ITERATIONS);
  return { weights: weights.map((weight, index) => weight + (prior[index] ?? 0)), bias };
}

function examplesOf(rows: readonly TrainingRow[], topic: string, prior: Float64Array): Example[] {
  const known = { weights: prior, bias: 0 };
  return rows.flatMap(({ row, indexes, values, weight }) => {
    const target = row.labels[topic];
    return target === null || target === undefined
      ? []
      : [{ indexes, values, target, weight, offset: logOdds(known, indexes, values) }];
  });
}

/**
 * What a feature says before anything is learned: terms speak for their own topic, contexts against all. Learning corrects it where there
 * is enough to learn from; for a language or subject without labelled articles it stands.
 */
function priorOf(key: string, topic: string, contexts: ReadonlySet<string>): number {
  const [, what, group = '', variant] = key.split(' ');
  if (!key.startsWith('shared ') || variant !== undefined) return 0;
  const own = group === topic || parentOf(group) === topic;
  if (what === 'group') return own ? PRIOR_TERM : contexts.has(group) ? PRIOR_CONTEXT : 0;
  return what === 'title' && own ? PRIOR_TITLE : 0;
}
