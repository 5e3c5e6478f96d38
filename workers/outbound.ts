import type { AttacheSettings } from '../src/config/attache-schema.ts';
import type { WebhookClient } from '../src/delivery/send-webhook.ts';
import { createWebhookClient } from '../src/delivery/webhook-client.ts';
import { createHttpClient, type HttpClient } from '../src/net/http-client.ts';

export interface Outbound {
  /** For feeds: one connection to a host at a time. */
  readonly feeds: HttpClient;
  /** For webhooks: no redirects, small answers. */
  readonly webhooks: WebhookClient;
  close(): Promise<void>;
}

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
    webhooks: createWebhookClient(hooks),
    async close() {
      await Promise.all([feeds.close(), hooks.close()]);
    },
  };
}
