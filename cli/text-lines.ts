import { columns } from '../src/watches/query-error.ts';

/** Where the terminal's width is not known (a pipe, a file). */
const USUAL_WIDTH = 100;
const NARROWEST = 40;

/** Columns to write for: the terminal's own, or COLUMNS, which scripts and tests set. */
export function outputWidth(env: NodeJS.ProcessEnv, terminal: number | undefined): number {
  const wanted = terminal ?? (Number(env.COLUMNS) || USUAL_WIDTH);
  return Math.max(NARROWEST, wanted);
}

/** A line broken between words to a width in columns; what follows the first is indented by `hang` more than the line itself. */
export function wrapLine(line: string, width: number, hang = 4): string[] {
  if (columns(line) <= width) return [line];
  const own = /^ */.exec(line)![0].length;
  const indent = ' '.repeat(Math.min(own + hang, width >> 1));
  const lines: string[] = [];
  let current = ' '.repeat(own);
  let empty = true;
  for (const piece of line.slice(own).split(/(?<= )/)) {
    if (!empty && columns(current + piece.trimEnd()) > width) {
      lines.push(current.trimEnd());
      current = indent;
    }
    current += piece;
    empty = false;
  }
  return [...lines, current.trimEnd()];
}

/** A text cut to so many columns, with an ellipsis. */
export function clipText(text: string, most: number): string {
  if (columns(text) <= most) return text;
  let clipped = '';
  for (const character of text) {
    if (columns(clipped + character) > most - 1) break;
    clipped += character;
  }
  return `${clipped.trimEnd()}…`;
}
