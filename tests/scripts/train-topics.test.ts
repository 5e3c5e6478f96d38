import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { expectedCalibrationError, fitPlatt, scoresAt } from '../../scripts/topics/calibration.ts';
import { fitLogistic, logOdds, sigmoid } from '../../scripts/topics/logistic-regression.ts';
import type { TopicWeights } from '../../src/topics/topic-weights.ts';
import { shippedTagger } from '../support/read-tags.ts';

const directory = mkdtempSync(join(tmpdir(), 'attache-train-'));
afterAll(() => rmSync(directory, { recursive: true }));

const example = (values: readonly number[], target: number) => ({
  indexes: Int32Array.from(values.keys()),
  values: Float32Array.from(values),
  target,
  weight: 1,
});

test('logistic regression finds the weights that made its examples', () => {
  const examples = Array.from({ length: 4000 }, (_, at) => {
    const values = [((at * 37) % 100) / 50 - 1, ((at * 61) % 100) / 50 - 1];
    return example(values, sigmoid(2 * values[0]! - values[1]! + 0.5));
  });
  const model = fitLogistic(examples, Float64Array.of(1e-6, 1e-6));
  expect(model.weights[0]).toBeCloseTo(2, 2);
  expect(model.weights[1]).toBeCloseTo(-1, 2);
  expect(model.bias).toBeCloseTo(0.5, 2);
});

test('the penalty keeps a weight that little speaks for near nought', () => {
  const model = fitLogistic([example([1], 1), example([0], 0)], Float64Array.of(50));
  expect(Math.abs(model.weights[0]!)).toBeLessThan(0.05);
  expect(logOdds(model, Int32Array.of(0), Float32Array.of(0))).toBe(model.bias);
});

test('Platt scaling makes overconfident log-odds true', () => {
  const judgements = Array.from({ length: 2000 }, (_, at) => {
    const odds = ((at % 100) / 100 - 0.5) * 12;
    return { odds, target: sigmoid(odds / 3), weight: 1 };
  });
  const { slope, offset } = fitPlatt(judgements);
  expect(slope).toBeCloseTo(1 / 3, 2);
  expect(offset).toBeCloseTo(0, 2);
});

test('calibration error is nought for true probabilities and large for false ones', () => {
  const half = [0, 1].map((target) => ({ probability: 0.5, target }));
  expect(expectedCalibrationError(half)).toBe(0);
  expect(expectedCalibrationError([{ probability: 0.95, target: 0 }])).toBeCloseTo(0.95);
  expect(scoresAt(half, 0.5)).toMatchObject({ precision: 0.5, recall: 1, positives: 1, falsePositiveRate: 1 });
});

test('a word seen only in labelled lines tags new articles once trained on them', async () => {
  const file = join(directory, 'labelled.jsonl');
  const out = join(directory, 'weights.json');
  const row = (id: number, title: string, defense: number) =>
    JSON.stringify({ id: `row-${id}`, lang: 'en', title, labels: { defense, diplomacy: 0, conflict: 0 } });
  const places = ['north', 'south', 'east', 'west', 'valley', 'river', 'harbour', 'hill'];
  writeFileSync(
    file,
    places
      .flatMap((place, at) => [
        row(2 * at, `Quixolt seen in the ${place}`, 1),
        row(2 * at + 1, `Picnic held in the ${place}`, 0),
      ])
      .join('\n'),
  );
  const root = new URL('../../', import.meta.url);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['scripts/train-topics.ts', `${file}:20`, '--out', out],
    { cwd: root },
  );
  expect(stdout).toContain('16 rows');
  const weights = JSON.parse(readFileSync(out, 'utf8')) as TopicWeights;
  const score = (title: string) =>
    shippedTagger({ weights })({ title }).topics.find(({ id }) => id === 'defense')?.score ?? 0;
  expect(score('Quixolt returns')).toBeGreaterThan(0.5);
  expect(score('Picnic returns')).toBeLessThan(0.2);
});
