import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDueFeeds } from '../../src/feeds/due-feeds.ts';
import { handleWebsub, leaveHubs, subscribe, type WebsubAnswer } from '../../src/feeds/websub.ts';
import { createWebsubStore, type WebsubStore } from '../../src/feeds/websub-store.ts';
import {
  callbackToken,
  type HubSubscription,
  hubOffer,
  hubSecret,
  isHubSignature,
  planSubscription,
} from '../../src/feeds/websub-subscription.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http-client.ts';
import { startHttp, type TestServer } from '../net/misbehaving-server.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

const DAY = 86_400_000;
const key = 'k'.repeat(32);
const feedId = 'mod';
let now = Date.parse('2023-08-16T10:00:00Z');
let redis: TestRedis;
let hub: TestServer;
let client: HttpClient;
let store: WebsubStore;
let forms: URLSearchParams[];
let hubStatus = 202;
let pushed: number[];

beforeAll(async () => {
  redis = await startRedis();
  hub = await startHttp((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      forms.push(new URLSearchParams(body));
      response.writeHead(hubStatus).end();
    });
  });
  client = createHttpClient({ policy: { allow: ['127.0.0.0/8'], ports: [hub.port] }, userAgent: 'test' });
});
afterAll(async () => {
  await client.close();
  await hub.close();
  await redis.stop();
});
beforeEach(async () => {
  await redis.flush();
  store = createWebsubStore(redis.client(), 'attache:{feeds}:v1');
  [forms, pushed, hubStatus] = [[], [], 202];
});

const topic = 'https://mod.test/feed';
const deps = () => ({ subscriptions: store, key, now: () => now, client });
const callback = 'https://news.example.org/websub/';
const askFor = (input: Omit<Parameters<typeof subscribe>[1], 'feedId'>) => subscribe(deps(), { feedId, ...input });
const ask = () => askFor({ offer: { hub: hub.url, topic }, isWhole: true, callback });
const handle = (
  method: string,
  query: Record<string, string> = {},
  more: { path?: string; body?: string; signature?: string } = {},
): Promise<WebsubAnswer> =>
  handleWebsub(
    {
      ...deps(),
      push: async (_id, at) => {
        pushed.push(at ?? 0);
        return true;
      },
    },
    {
      method,
      path: more.path ?? `${feedId}/${callbackToken(key, feedId)}`,
      query: new URLSearchParams(query),
      headers: { 'x-hub-signature': more.signature },
      body: Buffer.from(more.body ?? ''),
    },
  );
const intent = (more: Record<string, string> = {}) => ({
  'hub.mode': 'subscribe',
  'hub.topic': topic,
  'hub.challenge': 'c1',
  'hub.lease_seconds': '864000',
  ...more,
});

describe('a hub', () => {
  it('is found in the Link header before the document, and only over http', () => {
    const link = '<https://hub.test/>; rel="hub", </self>; title="a, b"; rel=self';
    expect(hubOffer(link, { hub: 'https://other.test/' }, topic)).toEqual({
      hub: 'https://hub.test/',
      topic: 'https://mod.test/self',
    });
    expect(hubOffer(undefined, { hub: 'https://hub.test/' }, topic)).toEqual({ hub: 'https://hub.test/', topic });
    for (const bad of [null, {}, { hub: 'javascript:1' }, { hub: '' }])
      expect(hubOffer('nonsense <', bad, topic)).toBeNull();
  });

  it('is asked once, verified, and asked again before the lease ends', async () => {
    expect(await ask()).toEqual({ asked: true, reason: 'a hub was found' });
    expect(Object.fromEntries(forms[0]!)).toEqual({
      'hub.mode': 'subscribe',
      'hub.topic': topic,
      'hub.callback': `https://news.example.org/websub/mod/${callbackToken(key, feedId)}`,
      'hub.lease_seconds': '864000',
    });
    expect(await handle('GET', intent())).toEqual({ status: 200, body: 'c1' });
    expect(await ask()).toEqual({ asked: false, reason: 'subscribed' });
    now += 8 * DAY;
    expect(await ask()).toEqual({ asked: true, reason: 'the lease ends soon' });
    expect(await store.read(feedId)).toMatchObject({ status: 'active' });
  });

  it('that fails is asked again after an hour, then ever less often', async () => {
    hubStatus = 500;
    expect(await ask()).toEqual({ asked: true, reason: 'hub answered 500' });
    const times: number[] = [];
    for (let hour = 0; hour < 48; hour += 1) {
      now += 3_600_000;
      if ((await ask()).asked) times.push(hour + 1);
    }
    expect(times).toEqual([1, 3, 7, 15, 31]);
  });

  it('that refuses is left alone for a week', async () => {
    await ask();
    expect(await handle('GET', intent({ 'hub.mode': 'denied', 'hub.reason': 'no' }))).toEqual({
      status: 200,
      body: '',
    });
    expect(await store.read(feedId)).toMatchObject({ status: 'refused', reason: 'no' });
    const plan = (later: number) =>
      store.read(feedId).then((known) => planSubscription(known, known, now + later).action);
    expect([await plan(6 * DAY), await plan(7 * DAY)]).toEqual(['none', 'subscribe']);
  });
});

describe('a subscription', () => {
  const modes = () => forms.map((form) => [form.get('hub.mode'), form.get('hub.topic')]);
  const unsubscribed = (of = topic) => handle('GET', intent({ 'hub.mode': 'unsubscribe', 'hub.topic': of }));

  it('of a feed that left the configuration is ended at its hub and forgotten; a hub that pushes on hears 410', async () => {
    await ask();
    await handle('GET', intent());
    expect(await leaveHubs(deps(), { feedIds: new Set([feedId]), callback })).toEqual([]);
    expect(await leaveHubs(deps(), { feedIds: new Set(['other']), callback })).toEqual([feedId]);
    expect(modes()).toEqual([
      ['subscribe', topic],
      ['unsubscribe', topic],
    ]);
    expect(await unsubscribed()).toEqual({ status: 200, body: 'c1' });
    expect((await handle('POST', {}, { body: '<rss/>' })).status).toBe(410);
    expect((await handle('GET', intent())).status).toBe(404);
    expect([await store.feedIds(), pushed]).toEqual([[], []]);
    expect(await leaveHubs(deps(), { feedIds: new Set(), callback })).toEqual([]);
  });

  it('follows its feed to another topic or hub, and the earlier one is ended', async () => {
    await ask();
    await handle('GET', intent());
    const moved = `${topic}/new`;
    expect((await askFor({ offer: { hub: hub.url, topic: moved }, isWhole: true, callback })).asked).toBe(true);
    expect(modes().slice(1)).toEqual([
      ['unsubscribe', topic],
      ['subscribe', moved],
    ]);
    expect((await unsubscribed()).status).toBe(200);
    expect((await unsubscribed(moved)).status).toBe(404);
    await askFor({ offer: { hub: `${hub.url}/other`, topic: moved }, isWhole: true, callback });
    expect((await unsubscribed(moved)).status).toBe(200);
    now += 3_600_000;
    expect((await unsubscribed(moved)).status).toBe(404);
  });

  it('ends when a full answer offers no hub any more, but not after a 304, whose headers say nothing', async () => {
    await ask();
    await handle('GET', intent());
    expect((await askFor({ offer: null, isWhole: false, callback })).asked).toBe(false);
    now += 8 * DAY;
    expect(await askFor({ offer: null, isWhole: false, callback })).toEqual({
      asked: true,
      reason: 'the lease ends soon',
    });
    expect((await askFor({ offer: null, isWhole: true, callback })).reason).toBe('the feed offers its hub no more');
    expect(modes().map(([mode]) => mode)).toEqual(['subscribe', 'subscribe', 'unsubscribe']);
    expect(await store.feedIds()).toEqual([]);
  });

  it('is asked for anew when the public address changes', async () => {
    await ask();
    await handle('GET', intent());
    const offer = { hub: hub.url, topic };
    const { asked, reason } = await askFor({ offer, isWhole: true, callback: 'https://elsewhere.example.org/websub' });
    expect([asked, reason]).toEqual([true, 'the public address changed']);
    expect(forms.at(-1)?.get('hub.callback')).toMatch(/^https:\/\/elsewhere/);
  });
});

describe('the callback', () => {
  it('confirms nothing that was not asked for', async () => {
    expect((await handle('GET', intent())).status).toBe(404);
    await ask();
    expect((await handle('GET', intent({ 'hub.topic': 'https://evil.test/' }))).status).toBe(404);
    expect((await handle('GET', intent({ 'hub.mode': 'unsubscribe' }))).status).toBe(404);
    for (const path of ['mod', 'mod/x', 'other/' + callbackToken(key, feedId), `mod/${callbackToken(key, feedId)}/x`])
      expect((await handle('GET', intent(), { path })).status).toBe(404);
    expect((await handle('DELETE')).status).toBe(405);
  });

  it('takes a push as a wish to poll now, every half minute at most', async () => {
    await ask();
    for (const _ of [1, 2, 3]) expect(await handle('POST', {}, { body: '<rss/>' })).toEqual({ status: 202, body: '' });
    expect(pushed.map((at) => at - now)).toEqual([0, 30_000, 30_000]);
  });

  it('ignores a push that the hub has not signed, where it has a secret', async () => {
    const subscription: HubSubscription = {
      hub: 'https://hub.test/',
      topic,
      status: 'active',
      askedAt: now,
      attempts: 1,
      leaseUntil: now + DAY,
      lastPushAt: null,
      reason: null,
    };
    await store.write(feedId, subscription);
    const body = '<rss/>';
    const sign = (algorithm: string, secret: string) =>
      `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;
    for (const signature of [undefined, '', 'sha256=00', 'md5=00', sign('sha256', 'other')])
      expect((await handle('POST', {}, { body, ...(signature === undefined ? {} : { signature }) })).status).toBe(202);
    expect(pushed).toEqual([]);
    await handle('POST', {}, { body, signature: sign('sha256', hubSecret(key, feedId)) });
    expect(pushed).toHaveLength(1);
    expect(isHubSignature(hubSecret(key, feedId), Buffer.from(body), sign('sha1', hubSecret(key, feedId)))).toBe(true);
  });

  it('makes the feed due through the queue, though its publisher asked to wait', async () => {
    const due = createDueFeeds({ redis: redis.client(), prefix: 'attache:{feeds}:v1', hostGapMs: 0, clock: () => now });
    await due.sync([{ id: feedId, url: topic }]);
    const [claim] = await due.claim(1, 60_000);
    await due.release(feedId, claim!.owner, now + DAY);
    expect(await due.push(feedId, now + 30_000)).toBe(true);
    now += 29_999;
    expect(await due.claim(1, 60_000)).toEqual([]);
    now += 1;
    expect(await due.claim(1, 60_000)).toMatchObject([{ feedId, cause: 'push' }]);
  });

  it('has one key for all processes of an installation', async () => {
    expect(await store.key('first')).toBe('first');
    expect(await createWebsubStore(redis.client(), 'attache:{feeds}:v1').key('second')).toBe('first');
  });
});
