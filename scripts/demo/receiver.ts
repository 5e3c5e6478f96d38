import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Alert } from '../../src/alerts/alert-schema.ts';

/** One webhook as the sample subscriber got it. */
export interface Received {
  readonly webhookId: string;
  readonly alert: Alert;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly port: number;
  /** Every request with a valid signature, repeats included. */
  readonly received: readonly Received[];
  readonly badSignatures: number;
  close(): Promise<void>;
}

/** A sample subscriber: verifies each signature with the public `standardwebhooks` package, then calls `onAlert`. */
export async function startReceiver(secret: string, onAlert: (received: Received) => void): Promise<Receiver> {
  const webhook = new Webhook(secret);
  const received: Received[] = [];
  let badSignatures = 0;
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    try {
      const alert = webhook.verify(body, req.headers as Record<string, string>) as Alert;
      const one = { webhookId: String(req.headers['webhook-id']), alert, body };
      received.push(one);
      onAlert(one);
      res.writeHead(204).end();
    } catch {
      badSignatures++;
      res.writeHead(401).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks/attache`,
    port,
    received,
    get badSignatures() {
      return badSignatures;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
