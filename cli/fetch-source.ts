import { attacheSchema } from '../src/config/attache-schema.ts';
import { DEFAULT_FETCH_LIMITS } from '../src/feeds/fetch-feed.ts';
import { openOutbound } from '../workers/outbound.ts';
import type { FeedBytes } from './parse.ts';
import { programVersion } from './program-version.ts';

/** The server answered, but with no document. */
class StatusError extends Error {
  readonly code = 'status';

  constructor(status: number) {
    super(`the server answered ${status}`);
  }
}

/** Fetches a feed for a command that needs no configuration, under the default egress rules. Rejects with an error that has a code. */
export async function fetchSource(url: string): Promise<FeedBytes> {
  const outbound = openOutbound(attacheSchema.parse({}), programVersion());
  try {
    const response = await outbound.feeds.request({ url, method: 'GET', ...DEFAULT_FETCH_LIMITS });
    if (response.status < 200 || response.status > 299) throw new StatusError(response.status);
    return { bytes: response.body, url: response.url, contentType: response.headers['content-type'] };
  } finally {
    await outbound.close();
  }
}
