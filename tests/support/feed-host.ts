import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TestItem {
  readonly guid: string;
  readonly title: string;
  readonly text?: string;
  /** ISO 8601; now where it is missing. */
  readonly publishedAt?: string;
  readonly link?: string;
}

/** A host on loopback that serves feeds, or misbehaves. */
export interface FeedHost {
  readonly port: number;
  url(feed: string): string;
  /** What a feed shows from now on: items as RSS with an ETag, or anything else by hand. */
  show(feed: string, answer: readonly TestItem[] | ((req: IncomingMessage, res: ServerResponse) => void)): void;
  /** How often a feed was asked. */
  asked(feed: string): number;
  close(): Promise<void>;
}

export async function startFeedHost(): Promise<FeedHost> {
  const answers = new Map<string, Parameters<FeedHost['show']>[1]>();
  const asked = new Map<string, number>();
  const server = createServer((req, res) => {
    const feed = (req.url ?? '').slice(1);
    asked.set(feed, (asked.get(feed) ?? 0) + 1);
    const answer = answers.get(feed);
    if (answer === undefined) return void res.writeHead(404).end();
    if (typeof answer === 'function') return answer(req, res);
    const body = rss(answer);
    const etag = `"${createHash('sha256').update(JSON.stringify(answer)).digest('hex').slice(0, 12)}"`;
    if (req.headers['if-none-match'] === etag) return void res.writeHead(304, { etag }).end();
    res.writeHead(200, { etag, 'content-type': 'application/rss+xml' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (feed) => `http://127.0.0.1:${port}/${feed}`,
    show: (feed, answer) => void answers.set(feed, answer),
    asked: (feed) => asked.get(feed) ?? 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function rss(items: readonly TestItem[]): string {
  const entries = items.map((item) => {
    const link = item.link ?? `https://outlet.example/${item.guid}`;
    const date = new Date(item.publishedAt ?? Date.now()).toUTCString();
    return (
      `<item><guid isPermaLink="false">${item.guid}</guid><title>${escapeXml(item.title)}</title>` +
      `<link>${escapeXml(link)}</link><description>${escapeXml(item.text ?? '')}</description><pubDate>${date}</pubDate></item>`
    );
  });
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>Test</title><link>https://outlet.example/</link>${entries.join('')}</channel></rss>`;
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
