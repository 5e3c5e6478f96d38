import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { sendWebhook } from '../../src/delivery/send-webhook.ts';
import { createWebhookClient } from '../../src/delivery/webhook-client.ts';
import { createHttpClient } from '../../src/net/http-client.ts';
import { HttpError } from '../../src/net/http-error.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const policy = (allow: string[]) => ({ allow, ports: [80, 443] });
const open = createHttpClient({
  policy: { allow: ['127.0.0.0/8'], ports: [], portsInAllowed: 'any' },
  userAgent: 'test',
});
const guarded = createHttpClient({ policy: policy([]), userAgent: 'test' });
const receivers: WebhookReceiver[] = [];

afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
});
afterAll(() => Promise.all([open.close(0), guarded.close(0)]));

async function receiver(answer?: (response: ServerResponse) => void): Promise<WebhookReceiver> {
  const started = await startReceiver(answer);
  receivers.push(started);
  return started;
}

const send = (url: string, http = open, timeoutMs = 5000) =>
  sendWebhook(
    { client: createWebhookClient(http), now: Date.now },
    { url, id: 'alert_1', body: '{"a":1}', signer: null, timeoutMs },
  );

describe('webhooks through the guarded client', () => {
  it('arrive as they were sent', async () => {
    const { url, received } = await receiver();
    expect(await send(url)).toMatchObject({ kind: 'response', status: 200 });
    expect(received).toMatchObject([
      { body: '{"a":1}', headers: { 'content-type': 'application/json; charset=utf-8' } },
    ]);
  });

  it('do not follow a redirect', async () => {
    const target = await receiver();
    const { url } = await receiver((response) => response.writeHead(307, { location: target.url }).end());
    expect(await send(url)).toMatchObject({ kind: 'response', status: 307 });
    expect(target.received).toEqual([]);
  });

  it('count as taken whatever the page that a 2xx brings along', async () => {
    const { url } = await receiver((response) => response.end('x'.repeat(500_000)));
    expect(await send(url)).toMatchObject({ kind: 'response', status: 200 });
  });

  it('count as taken by an answer whose page this worker has no room for', async () => {
    const response = { status: 202, headers: { 'retry-after': '7' } };
    const full = { request: () => Promise.reject(new HttpError('crowded', 'no place', { response })) };
    expect(await createWebhookClient(full).post({ url: '', headers: {}, body: '', timeoutMs: 1 })).toEqual(response);
  });

  it('tell a hanging, a resetting and an unreachable endpoint apart', async () => {
    const hanging = await receiver(() => {});
    expect(await send(hanging.url, open, 200)).toMatchObject({ kind: 'error', code: 'timeout' });
    const resetting = await receiver((response) => response.socket?.resetAndDestroy());
    expect(await send(resetting.url)).toMatchObject({ kind: 'error', code: 'reset' });
    const gone = await receiver();
    await receivers.pop()!.stop();
    expect(await send(gone.url)).toMatchObject({ kind: 'error', code: 'connect' });
  });

  it.each([
    'http://127.0.0.1/hook',
    'http://127.1/hook',
    'http://2130706433/hook',
    'http://0x7f.0.0.1/hook',
    'http://0.0.0.0/hook',
    'http://10.0.0.1/hook',
    'http://169.254.169.254/latest/meta-data/',
    'http://168.63.129.16/',
    'http://100.64.0.1/',
    'http://[::1]/hook',
    'http://[::ffff:127.0.0.1]/hook',
    'http://[::7f00:1]/hook',
    'http://[fd00::1]/hook',
    'http://[fe80::1]/hook',
    'http://localhost/hook',
  ])('never leave for %s unless the operator allows it', async (url) => {
    const outcome = await send(url, guarded, 2000);
    expect(outcome).toMatchObject({ kind: 'error' });
    expect(['denied', 'dns']).toContain(outcome.kind === 'error' && outcome.code);
  });

  it.each(['ftp://example.org/', 'file:///etc/passwd', 'http://user:pass@example.org/', 'http://example.org:22/'])(
    'refuse %s',
    async (url) => {
      expect(await send(url, guarded, 2000)).toMatchObject({ kind: 'error', code: 'bad-url' });
    },
  );

  it('do not blame an endpoint when the client is closed under them', async () => {
    const http = createHttpClient({
      policy: { allow: ['127.0.0.0/8'], ports: [], portsInAllowed: 'any' },
      userAgent: 'test',
    });
    const { url, received } = await receiver(() => {});
    const sending = send(url, http);
    await expect.poll(() => received.length).toBe(1);
    await http.close(0);
    expect(await sending).toMatchObject({ kind: 'error', code: 'shutdown' });
  });
});
