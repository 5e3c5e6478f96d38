import { FEATURES, JOIN_MODEL, type LanguageCase, type Weights } from '../../src/stories/join-model.ts';
import { type Case, fitRegression } from './fit-regression.ts';
import type { StreamCases } from './join-cases.ts';

/**
 * How much say a set has in the fit. The recorded stream is what the program meets; ECB+ is the set with look-alike events by construction; the others are of
 * one kind, round-ups of US politics with three reports for each event.
 */
const SAY: readonly (readonly [RegExp, number])[] = [
  [/^2023/u, 4],
  [/^ecb/u, 2],
  [/^(?:allsides|neus)/u, 0.5],
  [/^basil/u, 0.3],
];
/** Nothing may be fitted on these: the licence of OG2021 (CC BY-NC-ND) lets it be measured only; the days as one stream are the days again. */
const MEASURE_ONLY = /^(?:og2021|all-days)/u;
/** The name of the labelled days as one stream. */
export const ALL_DAYS = 'all-days';
/** Cases across languages are few: they are held closer to nothing. */
const RIDGE: Readonly<Record<LanguageCase, number>> = { same: 0.3, across: 1 };

/** Guards are set, not learned: the sets hold too few visits like another visit, and matches in the city of a visit, to teach them. */
const HELD: Readonly<Record<LanguageCase, Readonly<Partial<Weights>>>> = {
  same: { strangers: -2, offSubject: -2.5 },
  across: { offSubject: -2.5 },
};

export const isFitted = (name: string): boolean => !MEASURE_ONLY.test(name);

/** Fits the weights of src/stories/join-model.ts on sets by name; a language case of which there is nothing keeps the shipped ones. */
export function fitModel(sets: ReadonlyMap<string, StreamCases>): Record<LanguageCase, Weights> {
  const weightsOf = (language: LanguageCase): Weights => {
    const chosen = [...sets]
      .filter(([name, { cases }]) => isFitted(name) && cases[language].length > 0)
      .map(([name, { cases }]) => ({
        cases: cases[language].map((one) => settle(one, HELD[language])),
        say: SAY.find(([pattern]) => pattern.test(name))?.[1] ?? 1,
      }));
    if (chosen.length === 0) return JOIN_MODEL.weights[language];
    const weights = fitRegression(chosen, FEATURES.length, RIDGE[language]);
    return Object.fromEntries(
      FEATURES.map((feature, at) => [feature, HELD[language][feature] ?? weights[at]!]),
    ) as Weights;
  };
  return { same: weightsOf('same'), across: weightsOf('across') };
}

/** Takes what is set out of what is to be learned. */
function settle({ features, same, offset: chance = 0 }: Case, held: Readonly<Partial<Weights>>): Case {
  const offset = FEATURES.reduce((sum, name, at) => sum + (held[name] ?? 0) * features[at]!, chance);
  return { features: features.map((value, at) => (held[FEATURES[at]!] === undefined ? value : 0)), same, offset };
}
