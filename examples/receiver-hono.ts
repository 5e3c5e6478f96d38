/**
 * Receives alerts with Hono: `WEBHOOK_SECRET=whsec_… PORT=9000 node examples/receiver-hono.ts`, and in subscribers.yaml
 * `url: http://127.0.0.1:9000/alerts` (with 127.0.0.0/8 in `egress.allow` and 9000 in `egress.ports`).
 */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { Webhook } from 'standardwebhooks';
import { createInbox } from './inbox.ts';

const { WEBHOOK_SECRET = '', PORT = '9000' } = process.env;
const webhook = new Webhook(WEBHOOK_SECRET);
const inbox = createInbox();
const app = new Hono();

app.post('/alerts', async (context) => {
  // The signature is over the bytes as they came: read the text, not the parsed JSON.
  const body = await context.req.text();
  let alert: unknown;
  try {
    alert = webhook.verify(body, context.req.header());
  } catch {
    return context.text('the signature is wrong or too old\n', 401);
  }
  inbox.take(context.req.header('webhook-id') ?? '', alert);
  // Answer at once and work later: after 15 s without an answer the alert is sent again.
  return context.body(null, 204);
});

serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' }, ({ port }) => {
  console.error(`listening on http://127.0.0.1:${port}/alerts`);
});
