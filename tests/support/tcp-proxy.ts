import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * - `pass`: as if it were not there
 * - `cut`: closes what is open and refuses what comes
 * - `hang`: keeps connections open and carries nothing, as a peer that is gone without a word; new ones hang too
 * - `deaf`: carries requests, and drops the replies
 * - `slow`: each piece waits `delayMs` on its way
 */
export type ProxyMode = 'pass' | 'cut' | 'hang' | 'deaf' | 'slow';

/** A bad line between a client and a server on a unix socket. */
export interface TcpProxy {
  readonly port: number;
  /** From now on. Connections that hung or lost replies stay lost when the line is good again: only new ones work. */
  become(mode: ProxyMode, delayMs?: number): void;
  close(): Promise<void>;
}

export async function startTcpProxy(targetPath: string): Promise<TcpProxy> {
  let mode: ProxyMode = 'pass';
  let delayMs = 0;
  const pairs = new Set<{ readonly client: Socket; readonly server: Socket; dead: boolean }>();
  const proxy = createServer((client) => {
    if (mode === 'cut') return void client.destroy();
    const server = connect(targetPath);
    const pair = { client, server, dead: mode === 'hang' || mode === 'deaf' };
    pairs.add(pair);
    const carry = (from: Socket, to: Socket, isReply: boolean): void => {
      from.on('data', (piece) => {
        if (mode === 'hang' || (pair.dead && mode === 'pass')) pair.dead = true;
        else if (isReply && (mode === 'deaf' || pair.dead)) pair.dead = true;
        else if (mode === 'slow') setTimeout(() => to.writable && to.write(piece), delayMs);
        else to.write(piece);
      });
      from.on('error', () => {});
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    };
    carry(client, server, false);
    carry(server, client, true);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cutAll = (): void => {
    for (const { client, server } of pairs) {
      client.destroy();
      server.destroy();
    }
  };
  return {
    port: (proxy.address() as AddressInfo).port,
    become(next, ms = 0) {
      mode = next;
      delayMs = ms;
      if (next === 'hang' || next === 'deaf') for (const pair of pairs) pair.dead = true;
      if (next === 'cut') cutAll();
    },
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        cutAll();
      }),
  };
}
