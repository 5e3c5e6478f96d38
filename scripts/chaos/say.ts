/** One line of a long run's report. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
