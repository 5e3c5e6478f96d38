import type { HttpClient } from '../net/http-client.ts';
import { HttpError } from '../net/http-error.ts';
import type { WebhookClient } from './send-webhook.ts';

/**
 * The most of an answer that is read. Nobody looks at it, but an endpoint that answers 200 with a page of its own has taken the alert, and
 * must not get it again for the page's size.
 */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Posts webhooks through the guarded HTTP client: no redirect is followed, and the whole exchange is bounded. Errors are the client's. */
export function createWebhookClient(http: Pick<HttpClient, 'request'>): WebhookClient {
  return {
    post: async ({ url, headers, body, timeoutMs }) => {
      try {
        return await http.request({
          url,
          method: 'POST',
          headers,
          body,
          maxBytes: MAX_ANSWER_BYTES,
          maxRedirects: 0,
          headersTimeoutMs: timeoutMs,
          totalTimeoutMs: timeoutMs,
        });
      } catch (error) {
        // It answered; that we had no room for its page changes nothing.
        if (error instanceof HttpError && error.code === 'crowded' && error.response) return error.response;
        throw error;
      }
    },
  };
}
