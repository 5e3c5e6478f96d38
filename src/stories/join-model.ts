/** What the likeness of an article and a story is worth, and from where it is enough. */
export interface JoinModel {
  /** Weights of two logistic regressions over the features of `featuresOf`: for a story's articles in the article's language, and for those in others. */
  readonly weights: Readonly<Record<LanguageCase, Weights>>;
  /** Log-odds from which an article belongs to a story. */
  readonly join: number;
  /** Log-odds from which an article that belongs to one story links it with another, and that the other's articles must have for the first on average. */
  readonly merge: number;
  readonly mergeMembers: number;
  /** How much more for each e-fold of the smaller story's articles: what is glued cannot be undone, and a great story holds many. */
  readonly mergeGrowth: number;
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
  'apart',
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
 * Fitted by bench/stories/eval.ts (`npm run eval -- --fit`) on three days of labelled news and four public sets (AllSides round-ups, NeuS, ECB+, BASIL).
 */
export const JOIN_MODEL: JoinModel = {
  weights: {
    same: {
      bias: -7.28,
      whole: 0.65,
      rootWhole: 1.82,
      title: 5.47,
      names: 2.09,
      rootNames: 2.49,
      entities: 0.79,
      events: -0.49,
      apart: -1.47,
      anchors: -2.18,
      strangers: -2.0,
      offSubject: -2.5,
      nearest: 0.74,
      rivals: -15.45,
      numbers: 0.51,
      rootEvidence: 0.69,
      length: -0.33,
      days: -0.88,
    },
    across: {
      bias: -8.37,
      whole: 0.29,
      rootWhole: -1.02,
      title: 1.59,
      names: 0.91,
      rootNames: -0.1,
      entities: 3.31,
      events: 2.03,
      apart: -0.42,
      anchors: -2.56,
      strangers: -0.52,
      offSubject: -2.5,
      nearest: 2.52,
      rivals: -2.25,
      numbers: 1.85,
      rootEvidence: 1.17,
      length: -0.92,
      days: -2.25,
    },
  },
  join: -0.2,
  merge: 0,
  mergeMembers: -1.8,
  mergeGrowth: 1.3,
  roundupPenalty: 2,
};
