import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GuardedAccess, refuse } from './access.ts';

/** What a route answers. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Request {
  readonly method: string;
  readonly url: URL;
  /** The parts of the path that the route's pattern names. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Never longer than MAX_BODY_BYTES. */
  readonly body: Buffer;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** `/api/subscribers/:id/alerts` */
  readonly path: string;
  /**
   * `open`: never needs a token. `token`: the server's token, where one is set; without one, answered on loopback alone. `page`: the same for browsers. `own`: the route
   * checks for itself.
   */
  readonly access: 'open' | 'own' | GuardedAccess;
  handle(request: Request): Promise<Answer> | Answer;
}

export interface HttpServer {
  /** `http://127.0.0.1:8080`, with the port really taken. */
  readonly address: string;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Serves the routes. Rejects with an error of the system's code (EADDRINUSE …) when the address cannot be taken.
 * Beyond loopback, `token` and `page` routes answer only where a token is set.
 */
export async function startHttpServer(
  options: {
    readonly host: string;
    readonly port: number;
    readonly token: string;
    readonly onError: (error: unknown) => void;
  },
  routes: readonly Route[],
): Promise<HttpServer> {
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 16 * 1024 },
    (req, res) => {
      void answer(options, routes, req)
        .catch((error: unknown) => {
          options.onError(error);
          return text(500, 'internal error\n');
        })
        .then((reply) => send(res, req, reply));
    },
  );
  server.maxConnections = 256;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(options, error)));
    server.listen(options.port, options.host, resolve);
  });
  server.on('error', options.onError); // such as no file descriptor left for one more client: a second one would end the process
  const { address, port, family } = server.address() as AddressInfo;
  return {
    address: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        // A kept-alive or hanging client must not hold up the stop.
        setTimeout(() => server.closeAllConnections(), 1000).unref();
      }),
  };
}

function cannotListen(
  { host, port }: { readonly host: string; readonly port: number },
  cause: NodeJS.ErrnoException,
): Error {
  const way =
    cause.code === 'EADDRINUSE' ? 'another program has it: end that one, or set another http.port' : cause.message;
  const error = new Error(`http: cannot listen on ${host}:${port}: ${way}`, { cause });
  return Object.assign(error, { code: cause.code });
}

export const text = (status: number, body: string): Answer => ({
  status,
  body,
  contentType: 'text/plain; charset=utf-8',
});
export const json = (status: number, value: unknown): Answer => ({
  status,
  body: `${JSON.stringify(value)}\n`,
  contentType: 'application/json',
});

async function answer(
  options: { readonly host: string; readonly token: string },
  routes: readonly Route[],
  req: IncomingMessage,
): Promise<Answer> {
  if (!URL.canParse(req.url ?? '/', 'http://localhost')) return text(400, 'bad request\n');
  const url = new URL(req.url ?? '/', 'http://localhost');
  const method = req.method === 'HEAD' ? 'GET' : (req.method ?? 'GET');
  const here = routes
    .map((route) => ({ route, params: matchPath(route.path, url.pathname) }))
    .filter((one) => one.params !== null);
  if (here.length === 0) return text(404, 'not found\n');
  const found = here.find((one) => one.route.method === method);
  if (!found)
    return { ...text(405, 'method not allowed\n'), headers: { allow: here.map((one) => one.route.method).join(', ') } };
  const { access } = found.route;
  if (access === 'token' || access === 'page') {
    const refusal = refuse({ access, ...options, headers: req.headers });
    if (refusal)
      return { ...text(refusal.status, refusal.message), ...(refusal.headers && { headers: refusal.headers }) };
  }
  const body = await readBody(req);
  if (body === null) return text(413, `a body may have ${MAX_BODY_BYTES} bytes\n`);
  return found.route.handle({ method, url, params: found.params ?? {}, headers: req.headers, body });
}

/** `/a/:id` against `/a/b` → `{id: 'b'}`; null where the path is another. */
function matchPath(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/');
  const have = path.split('/');
  if (want.length !== have.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const given = have[i] ?? '';
    if (!part.startsWith(':')) {
      if (part !== given) return null;
      continue;
    }
    try {
      params[part.slice(1)] = decodeURIComponent(given);
    } catch {
      return null;
    }
  }
  return params;
}

async function readBody(req: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(res: ServerResponse, req: IncomingMessage, reply: Answer): void {
  if (res.destroyed) return;
  res.writeHead(reply.status, {
    'content-type': reply.contentType ?? 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(reply.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(reply.status === 413 ? { connection: 'close' } : {}),
    ...reply.headers,
  });
  res.end(req.method === 'HEAD' ? undefined : reply.body);
}
