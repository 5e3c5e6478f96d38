import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import type { WebhookClient } from '../../src/delivery/send-webhook.ts';

export interface ReceivedWebhook {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly received: ReceivedWebhook[];
  stop(): Promise<void>;
}

/** A real HTTP server; `answer` is given each request with its number, from 1, and answers as it likes, or not at all. */
export async function startReceiver(
  answer: (response: ServerResponse, number: number, webhook: ReceivedWebhook) => void = (response) => response.end(),
): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const webhook = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
    received.push(webhook);
    answer(response, received.length, webhook);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A client of the tests' own, for what does not concern the guard in front of the real one. */
export function testWebhookClient(): WebhookClient & { close(): Promise<void> } {
  const agent = new Agent({ pipelining: 1 });
  return {
    async post({ url, headers, body, timeoutMs }) {
      const response = await agent.request({
        origin: new URL(url).origin,
        path: new URL(url).pathname,
        method: 'POST',
        headers: { ...headers },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body.dump();
      return { status: response.statusCode, headers: response.headers };
    },
    close: () => agent.destroy(),
  };
}
