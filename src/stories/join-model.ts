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
  'size',
  'sizedWhole',
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
      bias: -8.42,
      whole: -0.21,
      rootWhole: 2.25,
      title: 3.68,
      names: 1.28,
      rootNames: 0.86,
      entities: 0.35,
      events: 1.41,
      apart: -1.47,
      anchors: -0.54,
      strangers: -2.0,
      offSubject: -2.5,
      nearest: 4.8,
      rivals: -9.8,
      numbers: 0.3,
      rootEvidence: 0.45,
      length: 0.71,
      size: 0.2,
      sizedWhole: 0.75,
      days: -1.12,
    },
    across: {
      bias: -8.21,
      whole: 1.73,
      rootWhole: 0.97,
      title: 0.98,
      names: -0.85,
      rootNames: -1.15,
      entities: 0.23,
      events: 2.03,
      apart: 0.34,
      anchors: -0.16,
      strangers: -0.35,
      offSubject: -2.5,
      nearest: 2.24,
      rivals: -1.15,
      numbers: -0.08,
      rootEvidence: 1.21,
      length: -0.9,
      size: 0.71,
      sizedWhole: 1.29,
      days: -2.65,
    },
  },
  join: 0.1,
  merge: -0.7,
  mergeMembers: -2.4,
  mergeGrowth: 2,
  roundupPenalty: 2,
  crowd: { from: 500, penalty: 0.28 },
  undated: { from: 40, penalty: 0.5 },
};
