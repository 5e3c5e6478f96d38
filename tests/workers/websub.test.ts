import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startFeedHost } from '../support/feed-host.ts';
import { startRedis } from '../support/redis-server.ts';
import { startTestWorker, writeTestConfig } from '../support/test-worker.ts';
import { until } from '../support/until.ts';

/** A free port of 127.0.0.1: the worker's public address must be known before it starts. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a hub that a feed offers is asked to push; its push polls the feed at once; without the feed the hub is left', async () => {
  const redis = await startRedis();
  const feeds = await startFeedHost();
  const asked: URLSearchParams[] = [];
  const hub = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
    asked.push(new URLSearchParams(Buffer.concat(chunks).toString()));
    res.writeHead(202).end();
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const hubPort = (hub.address() as AddressInfo).port;
  const port = await freePort();
  const link = `<http://127.0.0.1:${hubPort}/>; rel="hub", <${feeds.url('outlet')}>; rel="self"`;
  feeds.show('outlet', (_, res) => {
    res.writeHead(200, { link, 'content-type': 'application/rss+xml' });
    res.end(
      '<rss version="2.0"><channel><title>T</title><item><guid>1</guid><title>Wheat prices ease</title></item></channel></rss>',
    );
  });
  const { dir, remove } = await writeTestConfig({
    feeds: [{ id: 'outlet', url: feeds.url('outlet'), every: '1h' }],
    watches: [{ id: 'none', query: 'zanzibar' }],
    ports: [feeds.port, hubPort],
    http: { port, publicUrl: `http://127.0.0.1:${port}/` },
  });
  const without = await writeTestConfig({
    feeds: [],
    watches: [{ id: 'none', query: 'zanzibar' }],
    ports: [feeds.port, hubPort],
    http: { port, publicUrl: `http://127.0.0.1:${port}/` },
  });
  let worker = await startTestWorker({ configDir: dir, redisUrl: redis.url });
  try {
    const request = await until('the hub was asked', () => asked[0]);
    expect(request.get('hub.topic')).toBe(feeds.url('outlet'));
    const callback = request.get('hub.callback') ?? '';
    const question = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.topic': feeds.url('outlet'),
      'hub.challenge': 'prove it',
      'hub.lease_seconds': '864000',
    });
    const confirmed = await fetch(`${callback}?${question}`);
    expect([confirmed.status, await confirmed.text()]).toEqual([200, 'prove it']);
    expect((await fetch(callback.replace(/.$/, 'x'), { method: 'POST', body: '' })).status).toBe(404);
    expect(feeds.asked('outlet')).toBe(1);
    expect((await fetch(callback, { method: 'POST', body: '<rss/>' })).status).toBe(202);
    await until('the feed was polled again', () => feeds.asked('outlet') === 2);
    await worker.stop();
    worker = await startTestWorker({ configDir: without.dir, redisUrl: redis.url });
    const last = await until('the hub was told', () => (asked.length > 1 ? asked.at(-1) : undefined));
    expect([last.get('hub.mode'), last.get('hub.topic')]).toEqual(['unsubscribe', feeds.url('outlet')]);
    expect((await fetch(callback, { method: 'POST', body: '<rss/>' })).status).toBe(410);
  } finally {
    await worker.stop();
    await remove();
    await without.remove();
    await feeds.close();
    await new Promise((resolve) => hub.close(resolve));
    await redis.stop();
  }
});
