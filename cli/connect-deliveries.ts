import { randomUUID } from 'node:crypto';
import { pingEndpoint } from '../src/delivery/ping-endpoint.ts';
import { deliveryQueue } from '../src/queues/delivery-queue.ts';
import { openOutbound } from '../workers/outbound.ts';
import { secretsOf } from '../workers/running-config.ts';
import { type DeliveriesAccess, DeliveriesError } from './deliveries.ts';
import { programVersion } from './program-version.ts';
import { accessStores } from './store-access.ts';

/** What `attache deliveries` works on: the stores and the way out of the installation that the config names. */
export async function connectDeliveries(options: {
  readonly config: string;
  readonly data: string;
}): Promise<DeliveriesAccess> {
  const { config, stores, close } = await accessStores(options);
  const outbound = openOutbound(config.config.settings, programVersion());
  return {
    deliveries: stores.deliveries,
    queue: deliveryQueue(stores.queues.deliver),
    subscribers: [...config.subscribers.values()].map((one) => ({ id: one.id, secrets: secretsOf(one) })),
    ping(subscriberId) {
      const endpoint = config.endpoints.get(subscriberId);
      if (endpoint === undefined)
        throw new DeliveriesError('off', `deliveries test ${subscriberId}: it is off, since its url is empty`);
      const pingId = (): string => `ping_${randomUUID()}`;
      return pingEndpoint(
        { endpoints: stores.endpoints, client: outbound.webhooks, now: Date.now, pingId },
        subscriberId,
        endpoint,
      );
    },
    async close() {
      await outbound.close();
      await close();
    },
  };
}
