import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { etagOf, type Snapshots } from './snapshots.ts';

export interface SnapshotServer {
  readonly base: string;
  readonly port: number;
  readonly answered: Readonly<Record<'ok' | 'notModified', number>>;
  /** Resolves once every feed was asked for its last snapshot and once more: then the last was dealt with. */
  readonly done: Promise<void>;
  close(): Promise<void>;
}

/** Serves each feed's snapshots one for each poll, with ETags, on a free port of 127.0.0.1; after the last one nothing changes any more. */
export async function startSnapshotServer(feeds: readonly Snapshots[]): Promise<SnapshotServer> {
  const polls = new Map<string, number>();
  const answered = { ok: 0, notModified: 0 };
  let finish = (): void => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const server = createServer((req, res) => {
    const feed = feeds.find((one) => req.url === `/${one.feedId}.xml`);
    if (!feed) return void res.writeHead(404).end();
    const poll = polls.get(feed.feedId) ?? 0;
    polls.set(feed.feedId, poll + 1);
    if (feeds.every((one) => (polls.get(one.feedId) ?? 0) > one.bodies.length)) finish();
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
    done,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
