import { destination, type Logger, pino, stdSerializers } from 'pino';

export type { Logger };

/**
 * JSON lines on stderr (stdout is the program's). Every line names what it is about with the same keys: feed, article, story, watch, subscriber.
 * Written at once: a line that says "queued" must not be lost in a buffer when the process is killed.
 */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: { name: 'attache', pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorForLog },
      redact: { paths: ['*.secret', '*.token', '*.headers', 'secret', 'token', 'headers'], censor: '***' },
    },
    destination({ fd: 2, sync: true }),
  );
}

/**
 * An error as it may stand in a log. ioredis puts the command that failed on its errors, with all arguments: a refused sign-in would write down
 * the password, and any other command what it was to store. Its name alone is kept, at every depth.
 */
export function errorForLog(error: unknown): unknown {
  return error instanceof Error ? withoutArguments(stdSerializers.err(error)) : error;
}

function withoutArguments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutArguments);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'command' ? commandName(inner) : withoutArguments(inner),
    ]),
  );
}

function commandName(command: unknown): unknown {
  return typeof command === 'object' && command !== null && 'name' in command ? command.name : undefined;
}
