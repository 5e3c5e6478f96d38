import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Queue } from 'bullmq';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createDeliveryStore } from '../../src/delivery/delivery-store.ts';
import { pastAlerts } from '../../src/delivery/past-alerts.ts';
import { sendWebhook } from '../../src/delivery/send-webhook.ts';
import { createSigner } from '../../src/delivery/sign.ts';
import { queueOptions, queuePrefix } from '../../src/queues/queues.ts';
import { anAlert, anArticle } from '../support/alerts.ts';
import { type Child, startChild } from '../support/child.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { testWebhookClient } from '../support/webhook-receiver.ts';

const secret = `whsec_${randomBytes(32).toString('base64')}`;
const rotated = createSigner([`whsec_${randomBytes(32).toString('base64')}`, secret]);
const client = testWebhookClient();
const children: Child[] = [];
let redis: TestRedis | undefined;
const alert = anAlert({ article: anArticle({ title: 'Министр обороны КНР прибыл в Минск 😀' }) });

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
  await redis?.stop();
  redis = undefined;
});
afterAll(() => client.close());

function start(command: string, args: string[], env: NodeJS.ProcessEnv): Child {
  const child = startChild(command, args, env);
  children.push(child);
  return child;
}

describe.each([
  ['with Hono', process.execPath, 'examples/receiver-hono.ts'],
  ['with Express', process.execPath, 'examples/receiver-express.ts'],
  ['with Python', 'python3', 'examples/receiver-python.py'],
])('the receiver %s', (_, command, file) => {
  it('takes a really sent alert once, during a rotation too, and refuses what is not signed for it', async () => {
    const child = start(command, [file], { WEBHOOK_SECRET: secret, PORT: '0' });
    const url = (await child.line(/^listening on /)).replace('listening on ', '');
    const send = (body: string, signer = rotated, nowMs = Date.now()) =>
      sendWebhook({ client, now: () => nowMs }, { url, id: alert.data.alertId, body, signer });
    const body = JSON.stringify(alert);
    const stranger = createSigner([`whsec_${randomBytes(32).toString('base64')}`]);
    expect(await send(body, stranger)).toMatchObject({ status: 401 });
    expect(await send(body, rotated, Date.now() - 600_000)).toMatchObject({ status: 401 });
    expect(await sendWebhook({ client, now: Date.now }, { url, id: 'x', body, signer: null })).toMatchObject({
      status: 401,
    });
    expect(await send(body)).toMatchObject({ status: 204 });
    expect(await send(body)).toMatchObject({ status: 204 });
    await child.line(/^\{/);
    expect(child.lines.map((line) => JSON.parse(line) as unknown)).toEqual([alert]);
  });
});

describe('the consumer of the queue', () => {
  it('prints the alerts that the worker puts on “matches”', async () => {
    redis = await startRedis();
    const child = start(process.execPath, ['examples/consume-matches.ts'], { REDIS_URL: redis.url });
    const queue = new Queue(
      'matches',
      queueOptions('matches', {
        connection: redis.client({ maxRetriesPerRequest: null }),
        prefix: queuePrefix('attache'),
      }),
    );
    await queue.add(alert.type, alert);
    await child.line(/^\{/);
    expect(child.lines.map((line) => JSON.parse(line) as unknown)).toEqual([alert]);
    await queue.close();
  });
});

describe('the receiver that was down', () => {
  it('catches up page by page, and says where to go on', async () => {
    redis = await startRedis();
    const deliveries = createDeliveryStore({ redis: redis.client(), prefix: 'attache:{deliveries}:v1' });
    for (let n = 0; n < 120; n++) {
      await deliveries.begin({ subscriberId: 'desk', alertId: `a${n}` }, `{"n":${n}}`, {
        nowMs: Date.now(),
        log: true,
      });
    }
    const server = createServer(async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const known = url.pathname === '/api/subscribers/desk/alerts';
      const get = (name: string) => url.searchParams.get(name);
      const answer = await pastAlerts(
        { deliveries },
        {
          subscriber: known ? { id: 'desk', secrets: [secret] } : null,
          authorization: request.headers.authorization,
          query: { after: get('after'), since: get('since'), limit: get('limit') },
        },
      );
      response.writeHead(answer.status).end(JSON.stringify(answer.json));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const run = async (...cursor: string[]) => {
        const child = start(process.execPath, ['examples/catch-up.ts', address, 'desk', ...cursor], {
          WEBHOOK_SECRET: secret,
        });
        await child.line(/^\d+-\d+$/);
        await child.stop();
        return child;
      };
      const first = await run();
      expect(first.lines).toEqual(Array.from({ length: 120 }, (_, n) => `{"n":${n}}`));
      expect((await run(first.errors.at(-1)!)).lines).toEqual([]);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
