/** An example of a logistic regression. */
export interface Case {
  readonly features: readonly number[];
  readonly same: number;
  /** Log-odds that are settled already. */
  readonly offset?: number;
}

/** Cases that count together `say` times a thousand, however many they are. */
export interface CaseSet {
  readonly cases: readonly Case[];
  readonly say: number;
}

const ROUNDS = 15;
const SAY = 1000;

/** The weights of a ridge-penalised logistic regression, by Newton's method. */
export function fitRegression(sets: readonly CaseSet[], size: number, ridge: number): number[] {
  let weights = new Array<number>(size).fill(0);
  for (let round = 0; round < ROUNDS; round++) {
    const rows = weights.map((weight, row) => [
      ...Array.from({ length: size }, (_, at) => (at === row ? ridge : 0)),
      -ridge * weight,
    ]);
    for (const { cases, say } of sets) for (const one of cases) addCase(rows, one, weights, (SAY * say) / cases.length);
    const step = solve(rows);
    weights = weights.map((weight, at) => weight + step[at]!);
  }
  return weights;
}

/** Adds a case's share of the Hessian and, in the last column, of the gradient. */
function addCase(
  rows: number[][],
  { features, same, offset = 0 }: Case,
  weights: readonly number[],
  share: number,
): void {
  const odds = features.reduce((sum, value, at) => sum + value * weights[at]!, offset);
  const probability = 1 / (1 + Math.exp(-odds));
  const slope = share * probability * (1 - probability);
  const gradient = share * (same - probability);
  for (const [row, line] of rows.entries()) {
    const value = features[row]!;
    if (value === 0) continue;
    for (let at = 0; at < features.length; at++) line[at]! += slope * value * features[at]!;
    line[features.length]! += gradient * value;
  }
}

/** Gaussian elimination with pivots; rows end with the right side. */
function solve(rows: number[][]): number[] {
  const size = rows.length;
  for (let pivot = 0; pivot < size; pivot++) {
    const best = rows
      .slice(pivot)
      .reduce((at, row, offset) => (Math.abs(row[pivot]!) > Math.abs(rows[at]![pivot]!) ? pivot + offset : at), pivot);
    [rows[pivot], rows[best]] = [rows[best]!, rows[pivot]!];
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = rows[row]![pivot]! / rows[pivot]![pivot]!;
      for (let at = pivot; at <= size; at++) rows[row]![at]! -= factor * rows[pivot]![at]!;
    }
  }
  return rows.map((row, at) => row[size]! / row[at]!);
}
