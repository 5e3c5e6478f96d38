import type { DeliveryStore } from '../src/delivery/delivery-store.ts';
import { pastAlerts } from '../src/delivery/past-alerts.ts';
import { json, type Route } from '../src/http/http-server.ts';

/** `GET /api/subscribers/:id/alerts?after=…`: a subscriber's past alerts, for its own token. */
export function subscriberRoutes(deps: {
  readonly deliveries: DeliveryStore;
  /** The subscriber's secrets; null for an id that is not configured. */
  readonly secretsOf: (subscriberId: string) => readonly string[] | null;
}): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/subscribers/:id/alerts',
      access: 'own',
      async handle({ params, url, headers }) {
        const { id = '' } = params;
        const secrets = deps.secretsOf(id);
        const { status, json: body } = await pastAlerts(deps, {
          subscriber: secrets === null ? null : { id, secrets },
          authorization: headers.authorization as string | undefined,
          query: {
            after: url.searchParams.get('after'),
            since: url.searchParams.get('since'),
            limit: url.searchParams.get('limit'),
          },
        });
        return json(status, body);
      },
    },
  ];
}
