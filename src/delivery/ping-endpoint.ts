import { buildPing } from '../alerts/payload.ts';
import type { Endpoint } from './deliver-alert.ts';
import { type HealthDeps, reviveEndpoint } from './endpoint-watch.ts';
import type { SendOutcome } from './retry-plan.ts';
import { sendWebhook, type WebhookClient } from './send-webhook.ts';

/**
 * Posts a `test.ping` to a subscriber at once, in its format and signed as its alerts are; not queued, not logged, not retried. Where the endpoint takes
 * it, a pause or a 410 of earlier is over. `pingId` gives the ping's id.
 */
export async function pingEndpoint(
  deps: Pick<HealthDeps, 'endpoints' | 'now'> & { readonly client: WebhookClient; readonly pingId: () => string },
  subscriberId: string,
  endpoint: Pick<Endpoint, 'url' | 'signer' | 'render'>,
): Promise<SendOutcome> {
  const id = deps.pingId();
  const body = endpoint.render(buildPing({ alertId: id, subscriber: subscriberId, atMs: deps.now() }));
  const outcome = await sendWebhook(deps, { url: endpoint.url, id, body, signer: endpoint.signer });
  if (outcome.kind === 'response' && outcome.status >= 200 && outcome.status < 300) {
    await reviveEndpoint(deps, subscriberId, endpoint.url);
  }
  return outcome;
}
