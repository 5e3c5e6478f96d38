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
      bias: -8.13,
      whole: 1.11,
      rootWhole: 2.62,
      title: 4.47,
      names: 0.69,
      rootNames: 3.35,
      entities: 0.71,
      events: -0.6,
      anchors: -1.16,
      strangers: -0.57,
      offSubject: -0.26,
      nearest: 1.98,
      rivals: -15.0,
      numbers: 0.39,
      rootEvidence: 0.55,
      length: 0.16,
      days: -0.74,
    },
    across: {
      bias: -8.37,
      whole: 0.16,
      rootWhole: -1.11,
      title: 1.3,
      names: 1.0,
      rootNames: 0.21,
      entities: 3.09,
      events: 1.96,
      anchors: -2.85,
      strangers: -0.69,
      offSubject: -0.92,
      nearest: 2.8,
      rivals: -2.33,
      numbers: 1.59,
      rootEvidence: 1.25,
      length: -0.79,
      days: -2.57,
    },
  },
  join: -0.4,
  merge: -0.2,
  mergeMembers: -1.2,
  mergeGrowth: 1,
  roundupPenalty: 2,
};
