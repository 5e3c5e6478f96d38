import { parentPort } from 'node:worker_threads';
import { FeedParseError } from './feed-parse-error.ts';
import { parseFeed } from './parse-feed.ts';
import type { ParseRequest, ParseResponse } from './parse-pool.ts';

// The body of a worker thread of the parse pool: one document at a time, in and out.
parentPort?.on('message', async ({ bytes, hints }: ParseRequest) => {
  let response: ParseResponse;
  try {
    response = { feed: await parseFeed(bytes, hints) };
  } catch (error) {
    const { code, message } =
      error instanceof FeedParseError
        ? error
        : { code: 'malformed' as const, message: `parse: reading failed: ${String(error)}` };
    response = { error: { code, message } };
  }
  parentPort?.postMessage(response);
});
parentPort?.postMessage({ ready: true });
