/**
 * Reads the alerts that a receiver missed while it was down, and prints each as a JSON line:
 * `WEBHOOK_SECRET=whsec_… node examples/catch-up.ts http://127.0.0.1:8080 desk [CURSOR]`. The last line on standard error is the cursor to
 * go on from the next time.
 */
import { createHmac } from 'node:crypto';

interface Page {
  readonly alerts: readonly { readonly id: string; readonly body: unknown }[];
  readonly next: string;
  readonly more: boolean;
  /** Alerts after the cursor are no longer kept. */
  readonly gap: boolean;
}

const [server = 'http://127.0.0.1:8080', subscriber = '', cursor = ''] = process.argv.slice(2);
const key = Buffer.from((process.env.WEBHOOK_SECRET ?? '').replace(/^whsec_/, ''), 'base64');
const token = createHmac('sha256', key).update(`past-alerts:${subscriber}`).digest('base64url');

let after = cursor;
for (let more = true; more; ) {
  const url = new URL(`/api/subscribers/${encodeURIComponent(subscriber)}/alerts`, server);
  if (after !== '') url.searchParams.set('after', after);
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  const page = (await response.json()) as Page;
  if (page.gap && after !== '') console.error('some alerts after the cursor are no longer kept');
  for (const { body } of page.alerts) console.log(JSON.stringify(body));
  ({ next: after, more } = page);
}
console.error(after);
