/** What the likeness of an article and a story is worth, and from where it is enough. */
export interface JoinModel {
  /** Weights of a logistic regression over the features of `featuresOf`. */
  readonly weights: Readonly<Record<FeatureName, number>>;
  /** Log-odds from which an article belongs to a story. */
  readonly join: number;
  /** Log-odds from which an article that belongs to one story shows that another is the same. */
  readonly merge: number;
  /** Log-odds lost for each day since the story's last article: news ages. */
  readonly ageingPerDay: number;
  /** A live blog or a round-up touches many events: it needs this much more, and so does an article that would join one. */
  readonly roundupPenalty: number;
}

export const FEATURES = ['bias', 'whole', 'rootWhole', 'title', 'names', 'nearest', 'rivals', 'numbers'] as const;
export type FeatureName = (typeof FEATURES)[number];

/**
 * Fitted by bench/stories/fit-weights.ts on five public sets of labelled news (AllSides round-ups, NeuS, ECB+, BASIL, OG2021), each set with the same say.
 * `join` is under 0: in pairs, splitting a story costs as much as gluing two. `merge` is high: what is glued cannot be undone.
 */
export const JOIN_MODEL: JoinModel = {
  weights: {
    bias: -5.35,
    whole: 3.72,
    rootWhole: 6.62,
    title: 2.64,
    names: 1.71,
    nearest: 3.63,
    rivals: -16.88,
    numbers: 0.5,
  },
  join: -0.5,
  merge: 2.5,
  ageingPerDay: 0.5,
  roundupPenalty: 1.5,
};
