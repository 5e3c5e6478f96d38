import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../../src/net/http-client.ts';
import type { HttpRequest } from '../../src/net/http-request.ts';
import { listen, startHttp, startTcp, type TestServer, until } from './misbehaving-server.ts';

const MiB = 1024 * 1024;
const limits = {
  method: 'GET',
  maxBytes: 5 * MiB,
  maxRedirects: 5,
  headersTimeoutMs: 2_000,
  totalTimeoutMs: 4_000,
} as const;

const servers: TestServer[] = [];
const clients: HttpClient[] = [];
const keep = <T extends TestServer>(server: T): T => {
  servers.push(server);
  return server;
};
function client(ports: number[], more: Partial<HttpClientOptions> = {}): HttpClient {
  const made = createHttpClient({
    policy: { allow: ['127.0.0.0/8'], ports },
    userAgent: 'Attache/test (+https://example.org; bot@example.org)',
    ...more,
  });
  clients.push(made);
  return made;
}
const failure = (made: HttpClient, request: Partial<HttpRequest> & { url: string }): Promise<string> =>
  made.request({ ...limits, ...request }).then(
    (response) => `status ${response.status}`,
    (error) => error.code,
  );

afterEach(async () => {
  await Promise.all(clients.splice(0).map((made) => made.close(100)));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe('the HTTP client', () => {
  it('says who it is, offers four encodings, keeps no cookies and sends no referrer', async () => {
    const requests: Record<string, unknown>[] = [];
    const server = keep(
      await startHttp((request, response) => {
        requests.push({ ...request.headers });
        if (request.url === '/a') response.writeHead(302, { location: '/b#part', 'set-cookie': 'id=1' }).end();
        else response.setHeader('set-cookie', ['a=1', 'b=2']).end('done');
      }),
    );
    const made = client([server.port]);
    const response = await made.request({ ...limits, url: `${server.url}/a` });
    await made.request({ ...limits, url: `${server.url}/b` });
    expect(response).toMatchObject({ status: 200, url: `${server.url}/b` });
    expect(response.redirects).toEqual([{ status: 302, location: `${server.url}/b` }]);
    expect(Buffer.from(response.body).toString()).toBe('done');
    expect(requests).toHaveLength(3);
    for (const headers of requests) {
      expect(headers['user-agent']).toBe('Attache/test (+https://example.org; bot@example.org)');
      expect(headers['accept-encoding']).toBe('gzip, deflate, br, zstd');
      expect(headers).not.toHaveProperty('cookie');
      expect(headers).not.toHaveProperty('referer');
    }
  });

  it('reads gzip, deflate in both forms, br, zstd, layers, and gzip that was not announced or not applied', async () => {
    const text = 'Übung in Grafenwöhr. '.repeat(500);
    const bytes = Buffer.from(text);
    const bodies: Record<string, [string | undefined, Buffer]> = {
      gzip: ['gzip', gzipSync(bytes)],
      'x-gzip': ['x-gzip', gzipSync(bytes)],
      zlib: ['deflate', deflateSync(bytes)],
      raw: ['deflate', deflateRawSync(bytes)],
      br: ['br', brotliCompressSync(bytes)],
      zstd: ['zstd', zstdCompressSync(bytes)],
      layers: ['gzip, br', brotliCompressSync(gzipSync(bytes))],
      silent: [undefined, gzipSync(bytes)],
      'a packed file packed again': ['gzip', gzipSync(gzipSync(bytes))],
      'a packed file in br': ['br', brotliCompressSync(gzipSync(bytes))],
      lie: ['gzip', bytes],
      identity: ['identity', bytes],
      truncated: ['gzip', gzipSync(bytes).subarray(0, -8)],
    };
    const server = keep(
      await startHttp((request, response) => {
        const [encoding, body] = bodies[decodeURIComponent(request.url!.slice(1))]!;
        if (encoding) response.setHeader('content-encoding', encoding);
        response.end(body);
      }),
    );
    const made = client([server.port]);
    for (const name of Object.keys(bodies)) {
      const response = await made.request({ ...limits, url: `${server.url}/${name}` });
      expect([name, Buffer.from(response.body).toString()]).toEqual([name, text]);
    }
  });

  it('stops every bomb at the size limit, whatever it is packed in, with little memory', async () => {
    const zeros = Buffer.alloc(100 * MiB);
    const gzip = gzipSync(zeros, { level: 9 });
    const bombs: Record<string, [string, Buffer]> = {
      gzip: ['gzip', gzip],
      deflate: ['deflate', deflateSync(zeros)],
      br: ['br', brotliCompressSync(zeros, { params: { 1: 5 } })],
      zstd: ['zstd', zstdCompressSync(zeros)],
      nested: ['gzip, gzip', gzipSync(gzip)],
      mixed: ['gzip, br', brotliCompressSync(gzip, { params: { 1: 5 } })],
    };
    const server = keep(
      await startHttp((request, response) => {
        const [encoding, body] = bombs[request.url!.slice(1)]!;
        response.writeHead(200, { 'content-encoding': encoding }).end(body);
      }),
    );
    const made = client([server.port]);
    const before = process.memoryUsage().rss;
    for (const name of Object.keys(bombs))
      expect([name, await failure(made, { url: `${server.url}/${name}` })]).toEqual([name, 'too-large']);
    expect((process.memoryUsage().rss - before) / MiB).toBeLessThan(64);
  });

  it('refuses encodings it did not ask for, broken ones and piles of them', async () => {
    const server = keep(
      await startHttp((request, response) => {
        response.setHeader('content-encoding', decodeURIComponent(request.url!.slice(1))).end('no compressed data');
      }),
    );
    const made = client([server.port]);
    for (const encoding of ['compress', 'br', 'zstd', 'gzip, gzip, gzip, gzip'])
      expect([encoding, await failure(made, { url: `${server.url}/${encodeURIComponent(encoding)}` })]).toEqual([
        encoding,
        'bad-encoding',
      ]);
  });

  describe('with all places for large bodies taken', () => {
    /** Four servers that send 300 kB and no more, and requests to them that give up after `timeMs`. */
    async function takePlaces(timeMs: number, others: readonly TestServer[], more: Partial<HttpClientOptions> = {}) {
      const hogs = await Promise.all(
        [1, 2, 3, 4].map(async () =>
          keep(await startHttp((_request, response) => void response.write(Buffer.alloc(300 * 1024)))),
        ),
      );
      const small = keep(await startHttp((_request, response) => response.end('small')));
      const made = client(
        [...hogs, ...others, small].map(({ port }) => port),
        more,
      );
      const cut = Promise.all(hogs.map((hog) => failure(made, { url: hog.url, totalTimeoutMs: timeMs })));
      await until(() => hogs.every((hog) => hog.seen.open > 0));
      const askSmall = () => failure(made, { url: small.url });
      for (let turn = 0; turn < 10; turn += 1) await askSmall();
      return { made, cut, askSmall };
    }

    it('one more waits until a place is free, which is not counted as its time, while small ones pass', async () => {
      const large = keep(await startHttp((_request, response) => response.end(Buffer.alloc(3 * MiB, 'x'))));
      const { made, cut, askSmall } = await takePlaces(2_000, [large]);
      let isRead = false;
      const waiting = made.request({ ...limits, url: large.url, totalTimeoutMs: 1_000 }).then((response) => {
        isRead = true;
        return response;
      });
      expect([await askSmall(), isRead]).toEqual(['status 200', false]);
      expect(await cut).toEqual(Array.from({ length: 4 }, () => 'total-timeout'));
      const { body, timings } = await waiting;
      expect([body.length, timings.totalMs > 1_000]).toEqual([3 * MiB, true]);
    });

    it('who finds none in time, or is hung up on meanwhile, hears that we were crowded, with the head of the answer', async () => {
      const patient = keep(
        await startHttp((_request, response) =>
          response.writeHead(200, { 'retry-after': '7' }).end(Buffer.alloc(3 * MiB)),
        ),
      );
      const hasty = keep(
        await startHttp((_request, response) => {
          response.writeHead(200, { 'content-length': 3 * MiB }).write(Buffer.alloc(300 * 1024));
          setTimeout(() => response.socket?.destroy(), 200);
        }),
      );
      const { made, cut } = await takePlaces(2_000, [patient, hasty], { placeWaitMs: 600 });
      const errors = await Promise.all(
        [patient, hasty].map(({ url }) => made.request({ ...limits, url }).catch((error) => error)),
      );
      expect(errors.map(({ code, response }) => [code, response?.status])).toEqual([
        ['crowded', 200],
        ['crowded', 200],
      ]);
      expect(errors[0].response.headers['retry-after']).toBe('7');
      expect(errors[0].message).toBe(`http: no place to read the body within 600 ms (${patient.url})`);
      expect(await cut).toEqual(Array.from({ length: 4 }, () => 'total-timeout'));
      expect(await failure(made, { url: patient.url })).toBe('status 200');
    });
  });

  it('stops a body that is announced or streamed over the limit', async () => {
    let sent = 0;
    const server = keep(
      await startHttp((request, response) => {
        if (request.url === '/announced') {
          response.writeHead(200, { 'content-length': String(100 * MiB) });
          response.write('x');
          return;
        }
        const more = (): void => {
          sent += 64 * 1024;
          if (!response.destroyed) response.write(Buffer.alloc(64 * 1024), () => more());
        };
        more();
      }),
    );
    const made = client([server.port]);
    expect(await failure(made, { url: `${server.url}/announced` })).toBe('too-large');
    expect(await failure(made, { url: `${server.url}/endless` })).toBe('too-large');
    expect(sent).toBeLessThan(20 * MiB);
    await until(() => server.seen.open === 0);
  });

  it('ends drips, silence, endless headers and endless interim answers within the time given', async () => {
    const drip = (text: string) => (socket: import('node:net').Socket) => {
      const timer = setInterval(() => socket.write(text), 10);
      socket.on('close', () => clearInterval(timer));
      socket.on('error', () => {});
      socket.resume();
    };
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n';
    const cases: [string, Parameters<typeof startTcp>[0], string[]][] = [
      ['silence', (socket) => socket.resume(), ['headers-timeout']],
      ['a drip of headers', drip('x'), ['headers-timeout', 'bad-response']],
      [
        'a drip of header lines',
        (socket) => {
          socket.write('HTTP/1.1 200 OK\r\n');
          drip('x-y: z\r\n')(socket);
        },
        ['headers-timeout', 'headers-too-large'],
      ],
      [
        'endless headers',
        (socket) => {
          socket.write('HTTP/1.1 200 OK\r\n');
          drip(`x-y: ${'z'.repeat(10_000)}\r\n`)(socket);
        },
        ['headers-too-large'],
      ],
      ['endless interim answers', drip('HTTP/1.1 103 Early Hints\r\n\r\n'), ['headers-timeout', 'bad-response']],
      [
        'a drip of the body',
        (socket) => {
          socket.write(head);
          drip('x')(socket);
        },
        ['total-timeout'],
      ],
      [
        'a body that stops',
        (socket) => {
          socket.write(`${head}xx`);
          socket.resume();
        },
        ['total-timeout'],
      ],
      ['a body cut short', (socket) => socket.end(`${head}xx`), ['reset', 'bad-response']],
      ['no HTTP at all', (socket) => socket.write('SSH-2.0-OpenSSH_9.2 and more\r\n\r\n'), ['bad-response']],
      ['a slammed door', (socket) => socket.destroy(), ['reset']],
    ];
    await Promise.all(
      cases.map(async ([name, onSocket, expected]) => {
        const server = keep(await startTcp(onSocket));
        const startedAt = performance.now();
        const code = await failure(client([server.port]), {
          url: `${server.url}/`,
          headersTimeoutMs: 400,
          totalTimeoutMs: 700,
        });
        expect([name, expected.includes(code) ? 'as expected' : code]).toEqual([name, 'as expected']);
        expect(performance.now() - startedAt).toBeLessThan(1_500);
        await until(() => server.seen.open === 0);
      }),
    );
  });

  it('follows a redirect whose own body is endless, or never ends', async () => {
    const server = keep(
      await startHttp((request, response) => {
        if (request.url === '/end') return response.end('ok');
        response.writeHead(302, { location: '/end' });
        if (request.url === '/drip') return response.write('x');
        const more = (): void => {
          if (!response.destroyed) response.write(Buffer.alloc(64 * 1024), () => more());
        };
        return more();
      }),
    );
    const made = client([server.port]);
    expect(await failure(made, { url: `${server.url}/flood` })).toBe('status 200');
    expect(await failure(made, { url: `${server.url}/drip` })).toBe('status 200');
  });

  it('stops a body that comes in crumbs, and takes one in small pieces', async () => {
    const server = keep(
      await startHttp((request, response) => {
        const size = request.url === '/crumbs' ? 1 : 32;
        const pieces = Buffer.from(`${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`.repeat(30_000));
        request.socket.end(
          Buffer.concat([
            Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'),
            pieces,
            Buffer.from('0\r\n\r\n'),
          ]),
        );
        response.detachSocket(request.socket);
      }),
    );
    const made = client([server.port]);
    expect(await failure(made, { url: `${server.url}/crumbs` })).toBe('bad-response');
    const response = await made.request({ ...limits, url: `${server.url}/pieces` });
    expect(response.body.length).toBe(960_000);
    expect(response.body.buffer.byteLength).toBe(960_000);
  });

  it('counts redirects, keeps secrets at their origin and turns 303 into GET', async () => {
    const seen: [string, string, string | undefined, string | undefined][] = [];
    let other = '';
    const answer = keep(
      await startHttp((request, response) => {
        seen.push([request.method!, request.url!, request.headers.authorization, request.headers['x-token'] as string]);
        if (request.url === '/loop') response.writeHead(301, { location: '/loop' }).end();
        else if (request.url === '/away') response.writeHead(307, { location: `${other}/there` }).end();
        else if (request.url === '/see') response.writeHead(303, { location: '/here' }).end();
        else response.end('ok');
      }),
    );
    const second = keep(
      await startHttp((request, response) => {
        seen.push([request.method!, request.url!, request.headers.authorization, request.headers['x-token'] as string]);
        response.end('ok');
      }, '127.0.0.2'),
    );
    other = second.url;
    const made = client([answer.port, second.port]);
    expect(await failure(made, { url: `${answer.url}/loop` })).toBe('too-many-redirects');
    expect(seen.splice(0)).toHaveLength(6);
    const headers = { Authorization: 'Bearer s', 'X-Token': 't' };
    await made.request({ ...limits, url: `${answer.url}/away`, headers, privateHeaders: ['x-token'] });
    expect(seen.splice(0)).toEqual([
      ['GET', '/away', 'Bearer s', 't'],
      ['GET', '/there', undefined, undefined],
    ]);
    await made.request({ ...limits, url: `${answer.url}/see`, method: 'POST', body: 'x', headers });
    expect(seen.splice(0)).toEqual([
      ['POST', '/see', 'Bearer s', 't'],
      ['GET', '/here', 'Bearer s', 't'],
    ]);
    const unfollowed = await made.request({ ...limits, url: `${answer.url}/see`, maxRedirects: 0 });
    expect([unfollowed.status, unfollowed.headers.location]).toEqual([303, '/here']);
  });

  it('opens one connection to an origin, keeps it, and survives its being closed in the meantime', async () => {
    const server = keep(await startHttp((_request, response) => response.end('ok')));
    const made = client([server.port], { keepAliveMs: 10_000 });
    await Promise.all(Array.from({ length: 20 }, () => made.request({ ...limits, url: server.url })));
    expect(server.seen.connections).toBe(1);
    let answered = 0;
    const oneShot = keep(
      await startTcp((socket) =>
        socket.on('data', () => {
          // Promises keep-alive, and closes as soon as the second request comes.
          answered += 1;
          if (answered === 2) socket.destroy();
          else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
        }),
      ),
    );
    const other = client([oneShot.port], { keepAliveMs: 10_000 });
    expect(await failure(other, { url: oneShot.url })).toBe('status 200');
    expect(await failure(other, { url: oneShot.url })).toBe('status 200');
    expect(oneShot.seen.connections).toBe(2);
  });

  it('keeps no connections to two ports of one host side by side', async () => {
    const first = keep(await startHttp((_request, response) => response.end('ok')));
    const second = keep(await startHttp((_request, response) => response.end('ok')));
    const made = client([first.port, second.port], { keepAliveMs: 10_000 });
    await made.request({ ...limits, url: first.url });
    await made.request({ ...limits, url: second.url });
    await until(() => first.seen.open === 0);
    expect(second.seen.open).toBe(1);
  });

  it('keeps connections to no more origins than it is told to', async () => {
    const server = keep(await startHttp((_request, response) => response.end('ok'), '0.0.0.0'));
    const made = client([server.port], { keepAliveMs: 10_000, maxOrigins: 2 });
    for (const last of [1, 2, 3, 4, 5])
      await made.request({ ...limits, url: `http://127.0.0.${last}:${server.port}/` });
    expect(server.seen.connections).toBe(5);
    await until(() => server.seen.open === 2);
  });

  it('checks certificates, resumes TLS sessions and names a failure as one of TLS', async () => {
    const pem = (part: string) =>
      readFileSync(new URL(`../fixtures/net/loopback.${part}.pem`, import.meta.url), 'utf8');
    const reused: boolean[] = [];
    const server = keep(
      await listen(
        createHttpsServer({ key: pem('key'), cert: pem('cert') }, (request, response) => {
          reused.push((request.socket as TLSSocket).isSessionReused());
          response.setHeader('connection', 'close').end('ok');
        }),
        '127.0.0.1',
      ),
    );
    const lookup: HttpClientOptions['lookup'] = (_name, _options, done) =>
      setImmediate(done, null, [{ address: '127.0.0.1', family: 4 }]);
    const trusting = client([server.port], { ca: pem('cert'), lookup });
    for (let turn = 0; turn < 3; turn += 1)
      expect(await failure(trusting, { url: `https://a.feeds.test:${server.port}/` })).toBe('status 200');
    expect(reused).toEqual([false, true, true]);
    expect(await failure(trusting, { url: `https://127.0.0.1:${server.port}/` })).toBe('status 200');
    expect(await failure(trusting, { url: `https://other.test:${server.port}/` })).toBe('tls');
    expect(await failure(client([server.port], { lookup }), { url: `https://a.feeds.test:${server.port}/` })).toBe(
      'tls',
    );
  });

  it('tells DNS, refusal, an abort and a closed client apart', async () => {
    const server = keep(await startTcp((socket) => socket.resume()));
    const gone = await startTcp(() => {});
    await gone.close();
    const made = client([server.port, gone.port], {
      lookup: (_name, _options, done) =>
        setImmediate(done, Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []),
    });
    expect(await failure(made, { url: `http://nowhere.test:${server.port}/` })).toBe('dns');
    expect(await failure(made, { url: gone.url })).toBe('connect');
    const aborter = new AbortController();
    const aborted = failure(made, { url: server.url, signal: aborter.signal });
    aborter.abort();
    expect(await aborted).toBe('aborted');
    const hanging = failure(made, { url: server.url });
    await until(() => server.seen.open > 0);
    await made.close(50);
    expect(await hanging).toBe('closed');
  });

  it('says that the resolver was too slow, not the host, asks it once for each name, and can be closed meanwhile', async () => {
    let lookups = 0;
    const made = client([80], {
      lookup: () => {
        lookups += 1;
      },
    });
    const slow = { url: 'http://slow.test/', headersTimeoutMs: 60 };
    expect(await failure(made, slow)).toBe('dns-timeout');
    expect(await failure(made, { ...slow, totalTimeoutMs: 40 })).toBe('dns-timeout');
    expect(lookups).toBe(1);
    let isClosed = false;
    const closing = made.close(50).then(() => {
      isClosed = true;
    });
    // Long before the time that a connection may take.
    await until(() => isClosed, 5_000);
    await closing;
  });

  it('never shows a path or a query in a message, for they may be secrets', async () => {
    const server = keep(await startHttp((_request, response) => response.socket?.destroy()));
    const made = client([server.port]);
    for (const url of [`${server.url}/T0KEN?key=S3CRET`, 'http://10.0.0.1/T0KEN?key=S3CRET', 'ftp://h/T0KEN']) {
      const error: Error = await made.request({ ...limits, url }).then(
        () => new Error('no error'),
        (thrown) => thrown,
      );
      expect(error.message).toMatch(/^(http|egress): /);
      expect(error.message).not.toMatch(/T0KEN|S3CRET/);
    }
  });

  it('goes through the proxy when there is one, and still refuses what the guard denies', async () => {
    const asked: string[] = [];
    const proxy = keep(
      await startHttp((request, response) => {
        asked.push(request.url!);
        response.end('by proxy');
      }, '127.0.0.3'),
    );
    const made = client([80], { policy: { allow: [], ports: [80], proxy: proxy.url } });
    const response = await made.request({ ...limits, url: 'http://feeds.example.org/world' });
    expect(Buffer.from(response.body).toString()).toBe('by proxy');
    expect(asked).toEqual(['http://feeds.example.org/world']);
    expect(await failure(made, { url: 'http://169.254.169.254/latest/meta-data' })).toBe('denied-address');
    expect(asked).toHaveLength(1);
    for (const host of ['localhost', 'printer.local', 'metadata.google.internal.', 'intranet', 'wiki.corp', '[::1]'])
      expect(await failure(made, { url: `http://${host}/` })).toBe('denied-address');
    expect(asked).toHaveLength(1);
  });

  it('follows no redirect into a private place that only the proxy could see', async () => {
    const asked: string[] = [];
    const proxy = keep(
      await startHttp((request, response) => {
        asked.push(request.url!);
        const location = new URL(request.url!).searchParams.get('to') ?? '';
        response.writeHead(302, { location }).end();
      }, '127.0.0.3'),
    );
    const made = client([80], { policy: { allow: [], ports: [80], proxy: proxy.url } });
    for (const to of ['http://10.0.0.1/', 'http://router.home.arpa/', 'http://localhost/', 'file:///etc/passwd'])
      expect(await failure(made, { url: `http://feeds.example.org/?to=${to}` })).toMatch(/^denied-/);
    expect(asked).toHaveLength(4);
  });

  it('names a proxy that refuses as the culprit', async () => {
    const proxy = keep(
      await listen(
        createServer((_request, response) => response.writeHead(407).end()).on('connect', (_request, socket) =>
          socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'),
        ),
        '127.0.0.3',
      ),
    );
    const made = client([80, 443], { policy: { allow: [], ports: [80, 443], proxy: proxy.url } });
    expect(await failure(made, { url: 'https://feeds.example.org/' })).toBe('proxy');
    expect(await failure(made, { url: 'http://feeds.example.org/' })).toBe('proxy');
  });
});
