import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';

export interface TestServer {
  readonly port: number;
  readonly url: string;
  /** Connections accepted and bytes received since the start. */
  readonly seen: { connections: number; bytes: number; open: number };
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTP server on one loopback address and a free port. */
export async function startHttp(handler: Handler, host = '127.0.0.1'): Promise<TestServer> {
  const server = createServer(handler);
  return listen(server, host);
}

/** A TCP server that answers as it likes. */
export async function startTcp(onSocket: (socket: Socket) => void, host = '127.0.0.1'): Promise<TestServer> {
  const server = createTcpServer((socket) => {
    onSocket(socket);
    // Unread bytes would hide that the other side has gone.
    socket.resume();
  });
  return listen(server, host);
}

/** Puts any server on a free port of an address and counts what reaches it. */
export async function listen(server: Server, host: string): Promise<TestServer> {
  const sockets = new Set<Socket>();
  const seen = { connections: 0, bytes: 0, open: 0 };
  server.on('connection', (socket: Socket) => {
    seen.connections += 1;
    seen.open += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      seen.bytes += socket.bytesRead;
      seen.open -= 1;
      sockets.delete(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    seen,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Waits until a condition holds, looking every few milliseconds. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
