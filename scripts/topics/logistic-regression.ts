/** One labelled article as numbers: feature indexes and values, a target between 0 and 1, a weight. */
export interface Example {
  readonly indexes: Int32Array;
  readonly values: Float32Array;
  readonly target: number;
  readonly weight: number;
  /** Log-odds known beforehand; what is learned comes on top. 0 by default. */
  readonly offset?: number;
}

export interface Model {
  readonly weights: Float64Array;
  readonly bias: number;
}

/**
 * Logistic regression with an L2 penalty, `penalty[i]` on each weight (the bias is free), by L-BFGS (Nocedal 1980) with ten pairs and
 * backtracking. Deterministic.
 */
export function fitLogistic(examples: readonly Example[], penalty: Float64Array, iterations = 60): Model {
  const size = penalty.length + 1;
  let point = new Float64Array(size);
  const gradient = new Float64Array(size);
  let loss = evaluate(examples, penalty, point, gradient);
  const memory: { step: Float64Array; change: Float64Array; rho: number }[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const direction = descent(gradient, memory);
    const slope = dot(direction, gradient);
    const before = gradient.slice();
    let length = iteration === 0 ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))) : 1;
    let next = point;
    let nextLoss = loss;
    for (let attempt = 0; attempt < 20; attempt++, length /= 2) {
      next = point.map((value, index) => value + length * (direction[index] ?? 0));
      nextLoss = evaluate(examples, penalty, next, gradient);
      if (nextLoss <= loss + 1e-4 * length * slope) break;
    }
    const step = next.map((value, index) => value - (point[index] ?? 0));
    const change = gradient.map((value, index) => value - (before[index] ?? 0));
    const curvature = dot(step, change);
    if (curvature > 1e-12) memory.push({ step, change, rho: 1 / curvature });
    if (memory.length > 10) memory.shift();
    const gain = loss - nextLoss;
    point = next;
    loss = nextLoss;
    if (gain < 1e-6 * Math.abs(loss)) break;
  }
  return { weights: point.subarray(0, size - 1), bias: point[size - 1] ?? 0 };
}

/** The log-odds a model gives an article. */
export function logOdds(model: Model, indexes: Int32Array, values: Float32Array): number {
  let sum = model.bias;
  for (let at = 0; at < indexes.length; at++) sum += (model.weights[indexes[at] ?? 0] ?? 0) * (values[at] ?? 0);
  return sum;
}

function evaluate(
  examples: readonly Example[],
  penalty: Float64Array,
  point: Float64Array,
  gradient: Float64Array,
): number {
  const size = penalty.length;
  gradient.fill(0);
  let loss = 0;
  for (const { indexes, values, target, weight, offset = 0 } of examples) {
    let sum = offset + (point[size] ?? 0);
    for (let at = 0; at < indexes.length; at++) sum += point[indexes[at]!]! * values[at]!;
    loss += weight * (Math.max(sum, 0) + Math.log1p(Math.exp(-Math.abs(sum))) - target * sum);
    const error = weight * (sigmoid(sum) - target);
    for (let at = 0; at < indexes.length; at++) gradient[indexes[at]!]! += error * values[at]!;
    gradient[size]! += error;
  }
  for (let index = 0; index < size; index++) {
    loss += 0.5 * penalty[index]! * point[index]! ** 2;
    gradient[index]! += penalty[index]! * point[index]!;
  }
  return loss;
}

function descent(
  gradient: Float64Array,
  memory: readonly { step: Float64Array; change: Float64Array; rho: number }[],
): Float64Array {
  const direction = gradient.map((value) => -value);
  const shares: number[] = [];
  for (const { step, change, rho } of memory.toReversed()) {
    const share = rho * dot(step, direction);
    shares.push(share);
    addScaled(direction, change, -share);
  }
  const last = memory.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.change, last.change));
    for (let index = 0; index < direction.length; index++) direction[index]! *= scale;
  }
  for (const { step, change, rho } of memory)
    addScaled(direction, step, (shares.pop() ?? 0) - rho * dot(change, direction));
  return direction;
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index++) target[index]! += factor * source[index]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
