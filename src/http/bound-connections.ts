import type { Server } from 'node:http';
import { clientOf } from './rate-limit.ts';

/** What one client may hold on to. */
export interface HttpLimits {
  /** From the connection to the end of the head: a client that drips its headers (slow loris) is cut off. */
  readonly headersTimeoutMs: number;
  /** To the end of the body. */
  readonly requestTimeoutMs: number;
  /** Without a byte in either direction: a client that does not read its answer. */
  readonly idleTimeoutMs: number;
  readonly maxConnections: number;
  /** So that one client cannot take them all. */
  readonly maxConnectionsOfAClient: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  idleTimeoutMs: 30_000,
  maxConnections: 256,
  maxConnectionsOfAClient: 64,
};

/** Refuses a client's connections over `most`. */
export function boundConnections(server: Server, most: number): void {
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const client = clientOf(socket.remoteAddress);
    const count = open.get(client) ?? 0;
    if (count >= most) return void socket.destroy();
    open.set(client, count + 1);
    socket.once('close', () => {
      const left = (open.get(client) ?? 1) - 1;
      if (left > 0) open.set(client, left);
      else open.delete(client);
    });
  });
}
