import { destination, type Logger, pino } from 'pino';

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
      redact: { paths: ['*.secret', '*.token', '*.headers', 'secret', 'token', 'headers'], censor: '***' },
    },
    destination({ fd: 2, sync: true }),
  );
}
