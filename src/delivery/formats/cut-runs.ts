import { wholeCharacters } from '../../alerts/safe-text.ts';
import type { Run } from './chat-message.ts';

/** A line of at most `maxLength` UTF-16 units, with an ellipsis where it was cut, never inside a character. */
export function cutRuns(runs: readonly Run[], maxLength: number): Run[] {
  const total = runs.reduce((sum, run) => sum + run.text.length, 0);
  if (total <= maxLength) return [...runs];
  const cut: Run[] = [];
  let room = maxLength - 1;
  for (const run of runs) {
    if (run.text.length <= room) {
      cut.push(run);
      room -= run.text.length;
      continue;
    }
    if (room >= 0) cut.push({ ...run, text: `${run.text.slice(0, wholeCharacters(run.text, room))}…` });
    break;
  }
  return cut;
}

/** The plain words of a line. */
export function plainText(runs: readonly Run[]): string {
  return runs.map(({ text }) => text).join('');
}

/**
 * As many lines as their sizes allow, and how many were left out. `reserve` is kept free for the line that says so, where any are left out.
 */
export function fitLines<Line>(
  lines: readonly Line[],
  size: (line: Line) => number,
  room: number,
  reserve: number,
): { readonly lines: Line[]; readonly left: number } {
  const sizes = lines.map(size);
  const total = sizes.reduce((sum, one) => sum + one, 0);
  if (total <= room) return { lines: [...lines], left: 0 };
  let used = reserve;
  let count = 0;
  while (count < lines.length && used + sizes[count]! <= room) used += sizes[count++]!;
  return { lines: lines.slice(0, count), left: lines.length - count };
}
