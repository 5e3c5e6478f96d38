import { describePoint, type KillPoint } from './crash-edge.ts';
import { newsRound } from './crash-news.ts';
import type { Outcome, RoundReport } from './crash-report.ts';
import type { Scene } from './crash-scene.ts';

/** What a sweep found at one point. */
export interface SweepStep {
  readonly point: string;
  /** How many processes were killed, and where the first one was. */
  readonly kills: number;
  readonly at: string | null;
  /** Webhooks that came again, as they may after a kill in the midst of a delivery. */
  readonly repeats: number;
  /** What was lost, came twice or is wrong; empty where the promise held. */
  readonly problems: readonly string[];
}

/** Plays rounds that nobody disturbs: what equal news has to come to. Throws where two of them differ. */
export async function undisturbed(scene: Scene, first: number): Promise<Outcome> {
  const [one, other] = [await scene.play(newsRound(first)), await scene.play(newsRound(first + 1))];
  const problems = [...compare(one.outcome, other.outcome), ...one.badRepeats, ...other.badRepeats];
  if (problems.length > 0 || one.outcome.told.length !== 3)
    throw new Error(`the scene is not steady:\n${[...problems, ...one.outcome.told].join('\n')}`);
  return one.outcome;
}

/** Plays one round with kills at these points, one after the other, and compares what it came to. */
export async function disturbed(
  scene: Scene,
  expected: Outcome,
  round: number,
  points: readonly KillPoint[],
): Promise<SweepStep> {
  // A busy machine may be slow; what counts is that the work is done in the end.
  return judge(expected, points, await scene.play(newsRound(round), points, { withinMs: 90_000 }));
}

/** Whether a round under a bad line or a dying Redis lost nothing: what came more often than once is not held against it, what differs is. */
export function losses(expected: Outcome, report: RoundReport): string[] {
  const otherBytes = report.badRepeats.filter((problem) => problem.endsWith('other bytes'));
  const once = (outcome: Outcome): Outcome => ({ ...outcome, matches: [...new Set(outcome.matches)] });
  return [...compare(once(expected), once(report.outcome)), ...otherBytes];
}

function judge(expected: Outcome, points: readonly KillPoint[], report: RoundReport): SweepStep {
  const [death] = report.deaths;
  return {
    point: points.map(describePoint).join(', then '),
    kills: report.deaths.length,
    at: death === undefined ? null : `${death.when} ${death.what} ${death.name} (edge ${death.edge})`,
    repeats: report.repeats,
    problems: [...compare(expected, report.outcome), ...report.badRepeats],
  };
}

function compare(expected: Outcome, actual: Outcome): string[] {
  const problems: string[] = [];
  for (const list of ['articles', 'told', 'matches'] as const) {
    const left = [...actual[list]];
    for (const line of expected[list]) {
      const at = left.indexOf(line);
      if (at < 0) problems.push(`${list}: lost: ${line}`);
      else left.splice(at, 1);
    }
    problems.push(...left.map((line) => `${list}: too much: ${line}`));
  }
  if (actual.failed > 0) problems.push(`${actual.failed} jobs in the dead letter`);
  return problems;
}
