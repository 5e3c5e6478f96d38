import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { renderFeed, SAMPLE_FEEDS } from './sample-feeds.ts';

export interface DemoFeedServer {
  readonly base: string;
  readonly port: number;
  /** Lets every feed show the items of this step. */
  publish(step: number): void;
  /** Resolves once every feed was asked twice since the last `publish`: the second question means that the first answer was dealt with. */
  allAskedTwice(): Promise<void>;
  close(): Promise<void>;
}

/** Serves the sample feeds on a free port of 127.0.0.1, with ETags. */
export async function startFeedServer(nowMs: number): Promise<DemoFeedServer> {
  let step = 0;
  let asked = new Map<string, number>();
  let waiting: (() => void)[] = [];
  const done = (): boolean => SAMPLE_FEEDS.every((feed) => (asked.get(feed.id) ?? 0) >= 2);
  const server: Server = createServer((req, res) => {
    const feed = SAMPLE_FEEDS.find((one) => req.url === `/${one.id}/feed.xml`);
    if (!feed) return void res.writeHead(404).end();
    const body = renderFeed(feed, step, `http://127.0.0.1:${port}/${feed.id}`, nowMs);
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
    asked.set(feed.id, (asked.get(feed.id) ?? 0) + 1);
    if (done()) for (const resolve of waiting.splice(0)) resolve();
    if (req.headers['if-none-match'] === etag) return void res.writeHead(304, { etag }).end();
    return void res.writeHead(200, { etag, 'content-type': 'application/xml; charset=utf-8' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    port,
    publish(next) {
      step = next;
      asked = new Map();
    },
    allAskedTwice: () => (done() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    close: () =>
      new Promise((resolve) => {
        waiting = [];
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
