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
 * Fitted by bench/stories/fit-weights.ts on five public sets of labelled news (AllSides round-ups, NeuS, ECB+, BASIL, OG2021), each set with the same say.
 * `join` is under 0: in pairs, splitting a story costs as much as gluing two. `merge` is high: what is glued cannot be undone.
 */
export const JOIN_MODEL: JoinModel = {
  weights: {
    bias: -5.72,
    whole: 5.12,
    rootWhole: 6.2,
    title: 2.85,
    names: -0.89,
    rootNames: 2.72,
    anchors: 0.64,
    nearest: 1.95,
    rivals: -14.77,
    numbers: 0.41,
  },
  join: -0.2,
  merge: 2.5,
  ageingPerDay: 1,
  roundupPenalty: 2,
};
