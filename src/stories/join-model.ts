/** What the likeness of an article and a story is worth, and from where it is enough. */
export interface JoinModel {
  /** Weights of two logistic regressions over the features of `featuresOf`: for a story's articles in the article's language, and for those in others. */
  readonly weights: Readonly<Record<LanguageCase, Weights>>;
  /** Log-odds from which an article belongs to a story. */
  readonly join: number;
  /** Log-odds from which an article that belongs to one story links it with another, and that the other's articles must have for the first on average. */
  readonly merge: number;
  readonly mergeMembers: number;
  /** A live blog or a round-up touches many events: it needs this much more, and so does an article that would join one. */
  readonly roundupPenalty: number;
}

export type LanguageCase = 'same' | 'across';

export const FEATURES = [
  'bias',
  'whole',
  'rootWhole',
  'title',
  'names',
  'rootNames',
  'entities',
  'events',
  'anchors',
  'strangers',
  'offSubject',
  'nearest',
  'rivals',
  'numbers',
  'rootEvidence',
  'length',
  'days',
] as const;
export type FeatureName = (typeof FEATURES)[number];
export type Weights = Readonly<Record<FeatureName, number>>;

/**
 * Fitted by bench/stories/fit-weights.ts.
 */
const zero = Object.fromEntries(FEATURES.map((n) => [n, 0])) as unknown as Weights;
export const JOIN_MODEL: JoinModel = {
  weights: {
    same: {
      ...zero,
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
      strangers: -2.5,
      offSubject: -2.5,
      days: -1,
    },
    across: {
      ...zero,
      bias: -6.0,
      whole: 6.57,
      rootWhole: 7.69,
      rivals: -14.15,
      numbers: 0.42,
      offSubject: -2.5,
      days: -1,
    },
  },
  join: 0,
  merge: 0.5,
  mergeMembers: 0,
  roundupPenalty: 2,
};
