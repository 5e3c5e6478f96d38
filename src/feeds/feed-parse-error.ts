/** Why a document could not be read as a feed. The list is closed. */
export const FEED_PARSE_CODES = [
  'empty',
  'html',
  'not-a-feed',
  'malformed',
  'too-deep',
  'timeout',
  'out-of-memory',
  'worker-lost',
] as const;
export type FeedParseCode = (typeof FEED_PARSE_CODES)[number];

/** The one error of the reading stage. Its message says what was found, never whose URL it was: the caller knows that. */
export class FeedParseError extends Error {
  readonly code: FeedParseCode;

  constructor(code: FeedParseCode, message: string, options?: { cause?: unknown }) {
    super(`parse: ${message}`, options);
    this.name = 'FeedParseError';
    this.code = code;
  }
}
