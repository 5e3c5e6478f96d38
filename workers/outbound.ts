import type { AttacheSettings } from '../src/config/attache-schema.ts';
import type { WebhookClient } from '../src/delivery/send-webhook.ts';
import { createHttpClient, type HttpClient } from '../src/net/http-client.ts';

export interface Outbound {
  /** For feeds: one connection to a host at a time. */
  readonly feeds: HttpClient;
  /** For webhooks: no redirects, small answers. */
  readonly webhooks: WebhookClient;
  close(): Promise<void>;
}

/** An answer to a webhook is its status; nobody reads more of its body. */
const MAX_ANSWER_BYTES = 64 * 1024;
const CONNECTIONS_PER_ENDPOINT = 4;

/** The two ways out of the process, behind one egress policy. They share no connection. Throws EgressError for a policy that cannot be read. */
export function openOutbound(settings: AttacheSettings, version: string): Outbound {
  const { egress, poll } = settings;
  const policy = {
    allow: egress.allow,
    ports: egress.ports,
    ...(egress.proxy === '' ? {} : { proxy: egress.proxy }),
  };
  const userAgent = `Attache/${version}${poll.contact === '' ? '' : ` (+${poll.contact})`}`;
  const feeds = createHttpClient({ policy, userAgent, connectionsPerOrigin: 1 });
  const hooks = createHttpClient({ policy, userAgent, connectionsPerOrigin: CONNECTIONS_PER_ENDPOINT });
  return {
    feeds,
    webhooks: {
      post: ({ url, headers, body, timeoutMs }) =>
        hooks.request({
          url,
          method: 'POST',
          headers,
          body,
          maxBytes: MAX_ANSWER_BYTES,
          maxRedirects: 0,
          headersTimeoutMs: timeoutMs,
          totalTimeoutMs: timeoutMs,
        }),
    },
    async close() {
      await Promise.all([feeds.close(), hooks.close()]);
    },
  };
}
