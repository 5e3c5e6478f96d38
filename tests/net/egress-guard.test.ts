import { createServer } from 'node:http';
import { connect as tcpConnect } from 'node:net';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendWebhook } from '../../src/delivery/send-webhook.ts';
import { createWebhookClient } from '../../src/delivery/webhook-client.ts';
import { classifyAddress, createEgressGuard, type EgressPolicy } from '../../src/net/egress-guard.ts';
import { createGuardedConnect } from '../../src/net/guarded-connect.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http-client.ts';
import { createNameLookups, type LookupAll } from '../../src/net/name-lookups.ts';
import { listen, type TestServer, until } from './misbehaving-server.ts';

/** Addresses as they are written in URLs and in DNS answers; each must be turned away. */
const DENIED = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.100.100.200',
  '100.127.255.254',
  '127.0.0.1',
  '127.0.0.53',
  '127.1.2.3',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.0.1',
  '169.254.169.254',
  '169.254.170.2',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.0.170',
  '192.0.0.192',
  '192.0.2.1',
  '192.31.196.1',
  '192.52.193.1',
  '192.88.99.1',
  '192.168.0.1',
  '192.168.255.255',
  '192.175.48.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.9',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::a9fe:a9fe',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::ffff:a9fe:a9fe',
  '::ffff:0:7f00:1',
  '64:ff9b::7f00:1',
  '64:ff9b::8.8.8.8',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  '2002:a9fe:a9fe::',
  '2620:4f:8000::1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fdff::1',
  'fe80::1',
  'febf::1',
  'fec0::1',
  'ff02::1',
  'ff0e::1',
];
const PUBLIC = ['1.1.1.1', '8.8.8.8', '93.184.216.34', '100.63.255.255', '172.32.0.1', '192.0.1.1', '223.255.255.255'];
const PUBLIC_V6 = ['2606:4700:4700::1111', '2a00:1450:4001::1', '2400:cb00::1', '2001:4860:4860::8888'];
const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);

const limits = {
  method: 'GET',
  maxBytes: 1_000,
  maxRedirects: 5,
  headersTimeoutMs: 3_000,
  totalTimeoutMs: 5_000,
} as const;

describe('the egress guard', () => {
  it('knows every special address by its class and lets ordinary public ones pass', () => {
    expect(DENIED.length).toBeGreaterThanOrEqual(60);
    expect(DENIED.filter((address) => classifyAddress(address) === 'public')).toEqual([]);
    expect([...PUBLIC, ...PUBLIC_V6].filter((address) => classifyAddress(address) !== 'public')).toEqual([]);
    expect(classifyAddress('0x7f.1')).toBe('not-an-address');
  });

  it('opens exactly the ranges that egress.allow lists', () => {
    const guard = createEgressGuard({ allow: ['10.1.0.0/16', 'fd00:1::/32'], ports: [80] });
    const allowed = (address: string) => guard.checkAddress(address, 80).allowed;
    expect(['10.1.2.3', 'fd00:1::5', '10.2.0.1', 'fd00:2::5', '::ffff:10.1.2.3'].map(allowed)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(() => createEgressGuard({ allow: ['10.1.0.0'], ports: [80] })).toThrow(/not a CIDR/);
  });

  it('refuses other schemes, credentials and ports that are not listed', () => {
    const guard = createEgressGuard({ allow: ['127.0.0.0/8'], ports: [80, 443] });
    const code = (url: string) => {
      const verdict = guard.checkUrl(url);
      return verdict.allowed ? 'allowed' : verdict.code;
    };
    expect(code('https://example.org/feed')).toBe('allowed');
    expect(code('http://example.org:443/')).toBe('allowed');
    for (const url of ['file:///etc/passwd', 'ftp://example.org/', 'gopher://example.org/', 'data:text/xml,x'])
      expect(code(url)).toBe('denied-scheme');
    expect(code('http://user:secret@example.org/')).toBe('credentials');
    expect(code('http://user@example.org/')).toBe('credentials');
    expect(code('http://example.org:22/')).toBe('denied-port');
    expect(code('http://127.0.0.1:6379/')).toBe('denied-port');
    expect(code('no url')).toBe('bad-url');
    const anyPort = createEgressGuard({ allow: ['127.0.0.0/8'], ports: [80], portsInAllowed: 'any' });
    expect(anyPort.checkUrl('http://127.0.0.1:6379/').allowed).toBe(true);
    expect(anyPort.checkAddress('127.0.0.1', 6379).allowed).toBe(true);
    expect(anyPort.checkAddress('8.8.8.8', 6379).allowed).toBe(false);
  });
});

describe('a client under the default policy', () => {
  const answers = new Map<string, string[]>();
  const asked: string[] = [];
  /** Answers from a list; the last answer stays, so that a name can change what it resolves to. */
  const lookup: LookupAll = (hostname, _options, callback) => {
    asked.push(hostname);
    const list = answers.get(hostname) ?? [];
    const answer = list.length > 1 ? list.shift()! : list[0]!;
    const addresses = answer.split(' ').map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    setImmediate(callback, null, addresses);
  };
  let sink: TestServer;
  let door: TestServer;
  let client: HttpClient;
  let policy: EgressPolicy;

  beforeAll(async () => {
    // Listens on every loopback address: whatever slips through to 127/8 or 0.0.0.0 is counted here.
    sink = await listen(
      createServer((_request, response) => response.end('secret')),
      '::',
    );
    door = await listen(
      createServer((request, response) => {
        const to = decodeURIComponent(request.url!.slice(1));
        response.writeHead(302, { location: to, connection: 'close' }).end();
      }),
      '127.99.99.99',
    );
    policy = { allow: ['127.99.99.99/32'], ports: [sink.port, door.port] };
    client = createHttpClient({ policy, userAgent: 'test', lookup });
  });
  afterAll(async () => {
    await client.close();
    await Promise.all([sink.close(), door.close()]);
  });

  const codeOf = async (url: string): Promise<string> =>
    client.request({ ...limits, url }).then(
      (response) => `status ${response.status}`,
      (error) => error.code,
    );

  it('sends nothing to a denied address written as a literal', async () => {
    for (const address of DENIED)
      expect([address, await codeOf(`http://${bracketed(address)}:${sink.port}/`)]).toEqual([
        address,
        'denied-address',
      ]);
    const odd = ['2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0', '１２７.0.0.1'];
    for (const host of odd)
      expect([host, await codeOf(`http://${host}:${sink.port}/`)]).toEqual([host, 'denied-address']);
    expect(sink.seen.connections).toBe(0);
  });

  it('sends nothing to a denied address that a name resolves to, alone or in company', async () => {
    for (const [index, address] of DENIED.entries()) {
      answers.set(`n${index}.test`, [address]);
      answers.set(`m${index}.test`, [`${address} 127.0.0.1`]);
      expect([address, await codeOf(`http://n${index}.test:${sink.port}/`)]).toEqual([address, 'denied-address']);
      expect([address, await codeOf(`http://m${index}.test:${sink.port}/`)]).toEqual([address, 'denied-address']);
    }
    expect(sink.seen.connections).toBe(0);
  });

  it('sends nothing to a denied address that a redirect leads to, literally or by name', async () => {
    for (const [index, address] of DENIED.entries()) {
      answers.set(`r${index}.test`, [address]);
      for (const host of [bracketed(address), `r${index}.test`]) {
        const target = encodeURIComponent(`http://${host}:${sink.port}/`);
        expect([address, await codeOf(`${door.url}/${target}`)]).toEqual([address, 'denied-address']);
      }
    }
    expect(await codeOf(`${door.url}/${encodeURIComponent('file:///etc/passwd')}`)).toBe('denied-scheme');
    expect(await codeOf(`${door.url}/${encodeURIComponent('//u:p@127.99.99.99/')}`)).toBe('credentials');
    expect(sink.seen.connections).toBe(0);
  });

  it('sends nothing to a denied address when a name changes its answer between two looks', async () => {
    for (const [index, address] of DENIED.entries()) {
      const name = `b${index}.test`;
      answers.set(name, ['127.99.99.99', address]);
      const back = encodeURIComponent(`http://${name}:${sink.port}/`);
      // First hop: the name is honest and redirects to itself on another port; second hop: it points inside.
      expect([address, await codeOf(`http://${name}:${door.port}/${back}`)]).toEqual([address, 'denied-address']);
    }
    expect(sink.seen.connections).toBe(0);
  });

  it('sends no webhook to a denied address, literally, by name, by a redirect or when a name changes its answer', async () => {
    const deps = { client: createWebhookClient(client), now: Date.now };
    const outcomeOf = async (url: string) => {
      const outcome = await sendWebhook(deps, { url, id: 'alert_1', body: '{}', signer: null, timeoutMs: 3_000 });
      return outcome.kind === 'error' ? outcome.code : outcome.status;
    };
    for (const [index, address] of DENIED.entries()) {
      answers.set(`w${index}.test`, [address]);
      // Honest for the first webhook, which is redirected and goes no further; pointing inside for the second.
      answers.set(`v${index}.test`, ['127.99.99.99', address]);
      const target = encodeURIComponent(`http://${bracketed(address)}:${sink.port}/`);
      expect([
        address,
        await outcomeOf(`http://${bracketed(address)}:${sink.port}/`),
        await outcomeOf(`http://w${index}.test:${sink.port}/`),
        await outcomeOf(`${door.url}/${target}`),
        await outcomeOf(`http://v${index}.test:${door.port}/${target}`),
        await outcomeOf(`http://v${index}.test:${sink.port}/`),
      ]).toEqual([address, 'denied', 'denied', 302, 302, 'denied']);
    }
    expect(sink.seen.connections).toBe(0);
  });

  it('asks for a name once for each connection and connects to the answer it has judged', async () => {
    answers.set('once.test', ['127.99.99.99', '127.0.0.1']);
    asked.length = 0;
    const response = await client.request({
      ...limits,
      maxRedirects: 0,
      url: `http://once.test:${door.port}/x`,
    });
    expect(response.status).toBe(302);
    expect(asked).toEqual(['once.test']);
  });

  it('writes not a byte, TLS greeting included, when the connected socket turns out to be elsewhere', async () => {
    let looks = 0;
    const forgetful = createEgressGuard({ allow: ['127.0.0.0/8'], ports: [sink.port] });
    const guard = {
      ...forgetful,
      checkAddress: (address: string, port: number) => {
        looks += 1;
        // The first look, at the literal, is taken in; the second is at the socket.
        if (looks < 2) return forgetful.checkAddress(address, port);
        return { allowed: false, code: 'denied-address', reason: 'elsewhere' } as const;
      },
    };
    const connect = createGuardedConnect({
      guard,
      lookups: createNameLookups(),
      connectTimeoutMs: 2_000,
      secureContext: createSecureContext(),
      maxSessions: 1,
      closing: new AbortController().signal,
    });
    const before = sink.seen.connections;
    const error = await new Promise<Error | null>((resolve) =>
      connect({ hostname: '127.0.0.1', protocol: 'https:', port: String(sink.port) }, (...[failure]) =>
        resolve(failure),
      ),
    );
    expect(error).toMatchObject({ code: 'denied-address' });
    await until(() => sink.seen.connections > before && sink.seen.open === 0);
    expect(sink.seen.bytes).toBe(0);
  });

  it('has a sink that would have noticed', async () => {
    const before = sink.seen.connections;
    const socket = tcpConnect(sink.port, '127.0.0.1');
    await until(() => sink.seen.connections === before + 1);
    socket.destroy();
  });
});
