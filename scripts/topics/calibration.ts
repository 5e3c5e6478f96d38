import { fitLogistic, sigmoid } from './logistic-regression.ts';

/** A log-odds, what was right (1 or 0), and how much the pair counts. */
export interface Judgement {
  readonly odds: number;
  readonly target: number;
  readonly weight: number;
}

/** Platt scaling ("Probabilistic outputs for support vector machines", 1999): the line through held-out log-odds that makes them true. */
export function fitPlatt(judgements: readonly Judgement[]): { readonly slope: number; readonly offset: number } {
  const examples = judgements.map(({ odds, target, weight }) => ({
    indexes: Int32Array.of(0),
    values: Float32Array.of(odds),
    target,
    weight,
  }));
  const model = fitLogistic(examples, Float64Array.of(1e-6), 100);
  return { slope: model.weights[0] ?? 1, offset: model.bias };
}

/** Expected calibration error in ten bins of equal width (Guo et al., "On calibration of modern neural networks", 2017). */
export function expectedCalibrationError(
  judged: readonly { readonly probability: number; readonly target: number }[],
): number {
  const bins = Array.from({ length: 10 }, () => ({ probability: 0, right: 0 }));
  for (const { probability, target } of judged) {
    const bin = bins[Math.min(9, Math.floor(probability * 10))]!;
    bin.probability += probability;
    bin.right += target;
  }
  return (
    bins.reduce((sum, { probability, right }) => sum + Math.abs(probability - right), 0) / Math.max(1, judged.length)
  );
}

export interface Scores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly positives: number;
  readonly falsePositiveRate: number;
}

/** Precision, recall and F1 of "at or over the threshold". */
export function scoresAt(
  judged: readonly { readonly probability: number; readonly target: number }[],
  threshold: number,
): Scores {
  let right = 0;
  let wrong = 0;
  let positives = 0;
  for (const { probability, target } of judged) {
    if (target === 1) positives++;
    if (probability < threshold) continue;
    if (target === 1) right++;
    else wrong++;
  }
  const precision = right / (right + wrong || 1);
  const recall = right / (positives || 1);
  return {
    precision,
    recall,
    f1: (2 * precision * recall) / (precision + recall || 1),
    positives,
    falsePositiveRate: wrong / (judged.length - positives || 1),
  };
}

export const probabilityOf = sigmoid;
