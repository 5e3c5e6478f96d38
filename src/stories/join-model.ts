/** What the likeness of an article and a story is worth, and from where it is enough. */
export interface JoinModel {
  /** Weights of a logistic regression over the features of `featuresOf`. */
  readonly weights: Readonly<Record<FeatureName, number>>;
  /** Log-odds from which an article belongs to a story. */
  readonly join: number;
  /** Log-odds from which an article that belongs to one story shows that another is the same. */
  readonly merge: number;
  /** Log-odds lost for each day between the article and the nearest of the story's: news ages. */
  readonly ageingPerDay: number;
  /** A live blog or a round-up touches many events: it needs this much more, and so does an article that would join one. */
  readonly roundupPenalty: number;
}

export const FEATURES = [
  'bias',
  'whole',
  'rootWhole',
  'title',
  'names',
  'rootNames',
  'anchors',
  'nearest',
  'rivals',
  'numbers',
] as const;
export type FeatureName = (typeof FEATURES)[number];

/**
 * Fitted by bench/stories/fit-weights.ts on four public sets of labelled news (AllSides round-ups, NeuS, ECB+, BASIL), each set with the same say.
 * `merge` is high: what is glued cannot be undone.
 */
export const JOIN_MODEL: JoinModel = {
  weights: {
    bias: -6.0,
    whole: 6.57,
    rootWhole: 7.69,
    title: 2.78,
    names: -0.92,
    rootNames: 2.9,
    anchors: 0.53,
    nearest: -0.62,
    rivals: -14.15,
    numbers: 0.42,
  },
  join: 0,
  merge: 2.5,
  ageingPerDay: 1,
  roundupPenalty: 2,
};
