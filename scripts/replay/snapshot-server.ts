import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { etagOf, type Snapshots } from './snapshots.ts';

export interface SnapshotServer {
  readonly base: string;
  readonly port: number;
  readonly answered: Readonly<Record<'ok' | 'notModified', number>>;
  /** How often a feed was asked. */
  asked(feedId: string): number;
  close(): Promise<void>;
}

/** Serves each feed's snapshots one for each poll, with ETags, on a free port of 127.0.0.1; after the last one nothing changes any more. */
export async function startSnapshotServer(feeds: readonly Snapshots[]): Promise<SnapshotServer> {
  const polls = new Map<string, number>();
  const answered = { ok: 0, notModified: 0 };
  const server = createServer((req, res) => {
    const feed = feeds.find((one) => req.url === `/${one.feedId}.xml`);
    if (!feed) return void res.writeHead(404).end();
    const poll = polls.get(feed.feedId) ?? 0;
    polls.set(feed.feedId, poll + 1);
    const body = feed.bodies[Math.min(poll, feed.bodies.length - 1)]!;
    const etag = etagOf(body);
    if (req.headers['if-none-match'] === etag) {
      answered.notModified++;
      return void res.writeHead(304, { etag }).end();
    }
    answered.ok++;
    return void res.writeHead(200, { etag, 'content-type': 'application/rss+xml' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    port,
    answered,
    asked: (feedId) => polls.get(feedId) ?? 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
