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
  /** Of many stories the likest is more often like by chance: with more than `from` begun in the last days, log-odds lost for each e-fold. */
  readonly crowd: Crowd;
  /** For an article without a date: nothing in time sets it apart from any of them. */
  readonly undated: Crowd;
}

interface Crowd {
  readonly from: number;
  readonly penalty: number;
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
      bias: -8.18,
      whole: 0.58,
      rootWhole: 1.41,
      title: 5.09,
      names: 1.99,
      rootNames: 2.54,
      entities: 0.73,
      events: -0.54,
      apart: -1.44,
      anchors: -2.09,
      strangers: -2.0,
      offSubject: -2.5,
      nearest: 1.1,
      rivals: -13.45,
      numbers: 0.49,
      rootEvidence: 0.71,
      length: -0.13,
      days: -0.81,
    },
    across: {
      bias: -7.79,
      whole: 2.1,
      rootWhole: 1.29,
      title: -0.65,
      names: -0.07,
      rootNames: -1.93,
      entities: 1,
      events: 3.09,
      apart: -0.53,
      anchors: -1.23,
      strangers: -1.19,
      offSubject: -2.5,
      nearest: 3.76,
      rivals: -1.7,
      numbers: 0.81,
      rootEvidence: 1.06,
      length: -0.86,
      days: -2.67,
    },
  },
  join: -0.4,
  merge: -0.8,
  mergeMembers: -2.4,
  mergeGrowth: 2,
  roundupPenalty: 2,
  crowd: { from: 500, penalty: 0.28 },
  undated: { from: 150, penalty: 0.65 },
};
