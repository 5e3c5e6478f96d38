import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadKnowledge } from '../../workers/load-knowledge.ts';
import { runConfig } from '../../workers/running-config.ts';
import { tellOutages } from '../../workers/source-outages.ts';
import { type FeedHost, startFeedHost } from '../support/feed-host.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { startTestWorker, type TestWorker, writeTestConfig } from '../support/test-worker.ts';
import { until } from '../support/until.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

let redis: TestRedis;
let host: FeedHost;
let receiver: WebhookReceiver;
let worker: TestWorker;
let config: { readonly dir: string; remove(): Promise<void> };

beforeAll(async () => {
  redis = await startRedis();
  host = await startFeedHost();
  receiver = await startReceiver((response) => response.writeHead(204).end());
  host.show('alive', [{ guid: 'a', title: 'Wheat prices ease' }]);
  host.show('gone', (_, res) => void res.writeHead(410).end());
  config = await writeTestConfig({
    feeds: ['alive', 'gone'].map((id) => ({ id, url: host.url(id), tags: ['wires'] })),
    watches: [
      { id: 'wires', title: 'Wires', query: 'navy source:wires', notify: ['desk', 'quiet'] },
      { id: 'anywhere', query: 'navy', notify: ['desk'] },
    ],
    subscribers: [
      { id: 'desk', url: receiver.url },
      { id: 'quiet', url: receiver.url, only: ['story.matched'] },
    ],
    ports: [host.port, Number(new URL(receiver.url).port)],
    knowledge: false,
  });
  worker = await startTestWorker({ configDir: config.dir, redisUrl: redis.url });
});
afterAll(async () => {
  await worker.stop();
  await config.remove();
  await receiver.stop();
  await host.close();
  await redis.stop();
});

test('the subscribers of a watch that names a feed are told once when the feed is gone, also through a crash before the sending', async () => {
  const current = runConfig(await loadKnowledge(config.dir, {}, new Date()));
  const gone = current.feeds.get('gone')!;
  await until('the feed has ended', async () => {
    const states = await worker.stores.feeds.readStates([gone]);
    return states.get('gone')?.ended !== null;
  });
  const log = { info: () => {} } as never;
  const { stores } = worker;
  const matches = { ...stores.queues.matches, addBulk: () => Promise.reject(new Error('killed')) } as never;
  const dying = { ...stores, queues: { ...stores.queues, matches } };
  await expect(tellOutages({ stores: dying, current, log }, Date.now())).rejects.toThrow('killed');
  const decided = (await stores.outages.read()).state.unsent[0]!.notice.data.alertId;
  for (let looks = 0; looks < 3; looks++) await tellOutages({ stores, current, log }, Date.now());
  await until('it came', () => receiver.received.length > 0);
  await until(
    'nothing is under way',
    async () => (await stores.queues.deliver.getJobCountByTypes('waiting', 'active', 'delayed')) === 0,
  );
  const bodies = receiver.received.map(({ body }) => JSON.parse(body));
  expect(bodies).toMatchObject([
    {
      type: 'notice',
      data: {
        alertId: decided,
        code: 'watch-source-silent',
        message: expect.stringMatching(/^Nothing comes from gone \(.*410.*\)\. “Wires” hears 1 of its 2 sources\.$/),
        subject: { watch: 'wires', feed: 'gone' },
      },
    },
  ]);
});
