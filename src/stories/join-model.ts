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
 * Fitted by bench/stories/eval.ts (`npm run eval -- --fit`) on the labelled days of news and four public sets (AllSides round-ups, NeuS, ECB+, BASIL).
 */
export const JOIN_MODEL: JoinModel = {
  weights: {
    same: {
      bias: -8.36,
      whole: -0.69,
      rootWhole: 2.06,
      title: 3.34,
      names: 1.01,
      rootNames: 1.0,
      entities: 0.37,
      events: 1.41,
      apart: -1.45,
      anchors: -0.49,
      strangers: -2.0,
      offSubject: -2.5,
      nearest: 7.08,
      rivals: -9.46,
      numbers: 0.27,
      rootEvidence: 0.4,
      length: 0.86,
      days: -1.09,
    },
    across: {
      bias: -8.07,
      whole: 1.47,
      rootWhole: 0.63,
      title: 0.72,
      names: -0.78,
      rootNames: -1.35,
      entities: 0.11,
      events: 1.86,
      apart: 0.21,
      anchors: -0.4,
      strangers: -0.44,
      offSubject: -2.5,
      nearest: 3.67,
      rivals: -1.31,
      numbers: -0.12,
      rootEvidence: 1.27,
      length: -0.94,
      days: -2.59,
    },
  },
  join: -0.7,
  merge: -1,
  mergeMembers: -2.4,
  mergeGrowth: 2,
  roundupPenalty: 2,
  crowd: { from: 500, penalty: 0.28 },
  undated: { from: 40, penalty: 0.6 },
};
