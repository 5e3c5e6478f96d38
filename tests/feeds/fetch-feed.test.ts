import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FeedSpec, type FeedState, newFeedState } from '../../src/feeds/feed-state.ts';
import { type FetchDeps, fetchFeed, type HopGate } from '../../src/feeds/fetch-feed.ts';
import { planNextPoll } from '../../src/feeds/next-poll.ts';
import { DEFAULT_POLL_POLICY } from '../../src/feeds/poll-policy.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http-client.ts';
import { HttpError } from '../../src/net/http-error.ts';
import { startHttp, type TestServer } from '../net/misbehaving-server.ts';

const NOW = Date.parse('2023-08-16T10:30:00Z');
let server: TestServer;
let elsewhere: TestServer;
let client: HttpClient;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: IncomingMessage[];

beforeAll(async () => {
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    asked.push(request);
    answer(request, response);
  };
  server = await startHttp(handler);
  elsewhere = await startHttp(handler, '127.0.0.2');
  client = createHttpClient({
    policy: { allow: ['127.0.0.0/8'], ports: [server.port, elsewhere.port] },
    userAgent: 'test',
  });
});
afterAll(async () => {
  await client.close();
  await Promise.all([server.close(), elsewhere.close()]);
});
beforeEach(() => {
  asked = [];
});

const feed = (path = '/t0ken/rss'): FeedSpec => ({ id: 'mod', url: server.url + path });
const fetch = (state: Partial<FeedState> = {}, deps: Partial<FetchDeps> = {}, spec = feed()) =>
  fetchFeed({ client, clock: () => NOW, ...deps }, { feed: spec, state: { ...newFeedState(spec), ...state } });
const known: Partial<FeedState> = {
  validators: { etag: '"1"', lastModified: null, date: null },
  lastBodyAt: NOW - 1_000,
  lastUnconditionalAt: NOW - 1_000,
};

describe('fetching a feed', () => {
  it('gives the body with what the response says of the next time', async () => {
    answer = (_request, response) =>
      response
        .writeHead(200, {
          etag: '"2"',
          'cache-control': 'max-age=600',
          'content-type': 'text/xml',
          'retry-after': '60',
        })
        .end('<rss/>');
    const outcome = await fetch();
    expect(outcome).toMatchObject({
      kind: 'body',
      status: 200,
      isConditional: false,
      contentType: 'text/xml',
      validators: { etag: '"2"' },
      freshForSec: 600,
      retryAfterSec: 60,
    });
    if (outcome.kind !== 'body') return;
    const again = await fetch({ ...known, bodyHash: outcome.bodyHash });
    expect(again).toMatchObject({ kind: 'unchanged-body', isConditional: true, validators: { etag: '"2"' } });
    expect(asked[1]!.headers['if-none-match']).toBe('"1"');
  });

  it('tells a 304 that was asked for from one that was not', async () => {
    answer = (_request, response) => response.writeHead(304, { etag: '"1"' }).end();
    expect(await fetch(known)).toMatchObject({ kind: 'not-modified' });
    expect(await fetch()).toMatchObject({ kind: 'error', code: 'unexpected-not-modified' });
  });

  it('names each failure by a code, the feed and the origin, never by a path', async () => {
    const codes: [number, string][] = [
      [400, 'client-error'],
      [401, 'forbidden'],
      [403, 'forbidden'],
      [404, 'not-found'],
      [429, 'too-many-requests'],
      [451, 'forbidden'],
      [500, 'server-error'],
      [503, 'server-error'],
      [300, 'bad-redirect'],
      [302, 'bad-redirect'],
    ];
    for (const [status, code] of codes) {
      answer = (_request, response) => response.writeHead(status, { 'retry-after': '7' }).end('sorry');
      const outcome = await fetch(known);
      expect(outcome).toMatchObject({ kind: 'error', code, status, retryAfterSec: 7 });
      expect(outcome).toMatchObject({ message: `feed mod: ${code}: status ${status} (${server.url})` });
    }
    answer = (_request, response) => response.writeHead(410).end();
    expect(await fetch()).toMatchObject({ kind: 'gone' });
    answer = (_request, response) => response.socket?.destroy();
    const reset = await fetch();
    expect(reset).toMatchObject({ kind: 'error', code: 'reset', status: null });
    expect(JSON.stringify({ ...reset, url: '' })).not.toContain('t0ken');
    expect(await fetch({}, {}, { id: 'mod', url: 'http://10.1.2.3/' })).toMatchObject({ code: 'denied-port' });
  });

  it('keeps the validators of a body that is too large or cannot be unpacked, so that it is not fetched over and over', async () => {
    const big = gzipSync(Buffer.alloc(10_000_000));
    answer = (_request, response) => response.writeHead(200, { etag: '"big"', 'content-encoding': 'gzip' }).end(big);
    expect(await fetch()).toMatchObject({
      kind: 'error',
      code: 'too-large',
      status: 200,
      validators: { etag: '"big"' },
    });
    answer = (_request, response) => response.writeHead(200, { etag: '"odd"', 'content-encoding': 'br' }).end('plain');
    expect(await fetch()).toMatchObject({ kind: 'error', code: 'bad-encoding', validators: { etag: '"odd"' } });
  });

  it('looks again soon, and holds nothing against the feed, where there was no room for its body', async () => {
    const crowded = (headers: Record<string, string>): HttpClient => ({
      ...client,
      request: () => Promise.reject(new HttpError('crowded', 'no place', { response: { status: 200, headers } })),
    });
    const outcome = await fetch(known, { client: crowded({}) });
    expect(outcome).toEqual({ kind: 'deferred', at: NOW + 120_000, reason: 'crowded: http: no place' });
    const failing = { ...newFeedState(feed()), ...known, errorStreak: 2 };
    const plan = { hints: null, policy: DEFAULT_POLL_POLICY, now: NOW, random: 0.5 };
    expect(planNextPoll({ ...plan, feed: feed(), state: failing, outcome })).toMatchObject({
      at: NOW + 120_000,
      state: { errorStreak: 2, error: null },
    });
    expect(await fetch(known, { client: crowded({ 'retry-after': '900' }) })).toMatchObject({ at: NOW + 900_000 });
  });

  it('asks nobody before the time, and says when', async () => {
    const outcome = await fetch({ notBeforeAt: NOW + 5_000 });
    expect(outcome).toMatchObject({ kind: 'deferred', at: NOW + 5_000 });
    expect(asked).toHaveLength(0);
  });

  it('reports where a feed has moved for good, and nothing after a mere 302', async () => {
    answer = (request, response) => {
      if (request.url === '/end') response.end('<rss/>');
      else response.writeHead(request.url === '/301' ? 301 : 302, { location: `${elsewhere.url}/end` }).end();
    };
    expect(await fetch({}, {}, feed('/301'))).toMatchObject({
      permanentUrl: `${elsewhere.url}/end`,
      url: `${elsewhere.url}/end`,
    });
    expect(await fetch({}, {}, feed('/302'))).toMatchObject({ permanentUrl: null, url: `${elsewhere.url}/end` });
  });

  it('enters another host only when its gate opens, and leaves it afterwards', async () => {
    answer = (request, response) => {
      if (request.url === '/end') response.end('<rss/>');
      else response.writeHead(302, { location: `${elsewhere.url}/end` }).end();
    };
    const steps: string[] = [];
    const gate = (free: boolean): HopGate => ({
      enter: async (host) => {
        steps.push(`enter ${host}`);
        return free;
      },
      leave: async (host) => {
        steps.push(`leave ${host}`);
      },
    });
    expect(await fetch({}, { gate: gate(true) })).toMatchObject({ kind: 'body' });
    expect(steps.splice(0)).toEqual(['enter 127.0.0.2', 'leave 127.0.0.2']);
    expect(await fetch({}, { gate: gate(false), gateWaitMs: 250 })).toMatchObject({
      kind: 'deferred',
      at: NOW + 300_000,
    });
    expect(steps).toEqual(['enter 127.0.0.2', 'enter 127.0.0.2']);
  });

  it('throws when it was told to stop, for then nothing is known of the feed', async () => {
    answer = () => {};
    const aborter = new AbortController();
    const spec = feed();
    const stopped = fetchFeed(
      { client, clock: () => NOW },
      { feed: spec, state: newFeedState(spec), signal: aborter.signal },
    );
    aborter.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  });
});
