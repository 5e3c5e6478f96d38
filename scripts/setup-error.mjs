/** Something the setup needs is missing and cannot be brought: the message says what, and what the user can do. */
export class SetupError extends Error {
  name = 'SetupError';
}

/** Writes to stderr, which is the setup's; stdout stays the program's. */
export function say(line) {
  process.stderr.write(`attache setup: ${line}\n`);
}
