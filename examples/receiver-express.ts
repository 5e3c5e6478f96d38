/**
 * Receives alerts with Express: `WEBHOOK_SECRET=whsec_… PORT=9000 node examples/receiver-express.ts`, and in subscribers.yaml
 * `url: http://127.0.0.1:9000/alerts` (with 127.0.0.0/8 in `egress.allow` and 9000 in `egress.ports`).
 */
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Webhook } from 'standardwebhooks';
import { createInbox } from './inbox.ts';

const { WEBHOOK_SECRET = '', PORT = '9000' } = process.env;
const webhook = new Webhook(WEBHOOK_SECRET);
const inbox = createInbox();
const app = express();

// The signature is over the bytes as they came: express.json() would have thrown them away.
app.post('/alerts', express.raw({ type: 'application/json', limit: '64kb' }), (request, response) => {
  let alert: unknown;
  try {
    alert = webhook.verify(request.body as Buffer, request.headers as Record<string, string>);
  } catch {
    response.status(401).send('the signature is wrong or too old\n');
    return;
  }
  inbox.take(request.header('webhook-id') ?? '', alert);
  // Answer at once and work later: after 15 s without an answer the alert is sent again.
  response.status(204).end();
});

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.error(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`);
});
