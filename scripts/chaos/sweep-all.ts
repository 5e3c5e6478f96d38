import { onScene } from './on-scene.ts';
import { say } from './say.ts';

/** Kills the worker at each edge of a round in turn: before each Redis command and after its reply, around each request, until a round ends before the next. */
export function sweepAll(): Promise<number> {
  const where = new Map<string, number>();
  return onScene('sweep of every edge', async ({ step }) => {
    for (let nth = 1; ; nth++) {
      const { kills, at } = await step([{ nth }]);
      if (kills === 0) break;
      const edge = at?.replace(/ \(.*/, '') ?? '';
      where.set(edge, (where.get(edge) ?? 0) + 1);
    }
    const list = [...where].sort(([, one], [, other]) => other - one).map(([edge, count]) => `${edge} ${count}`);
    say(`edges: ${list.join(' · ')}`);
  });
}
