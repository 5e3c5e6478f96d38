import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GuardedAccess, refuse } from './access.ts';
import { boundConnections, DEFAULT_LIMITS, type HttpLimits } from './bound-connections.ts';
import { clientOf, createRateLimiter, type RateLimit, type RateLimiter } from './rate-limit.ts';

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
  /** Requests of one client to this route; `none` for what an orchestrator must always be able to ask. DEFAULT_RATE where it is missing. */
  readonly rate?: RateLimit | 'none';
  handle(request: Request): Promise<Answer> | Answer;
}

export interface HttpServer {
  /** `http://127.0.0.1:8080`, with the port really taken. */
  readonly address: string;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** Of one client and one route: a receiver that catches up, a hub that pushes many feeds, a scrape every second stay far below. */
const DEFAULT_RATE: RateLimit = { burst: 60, perSec: 20 };
/** What is no route at all: nobody has business there. */
const STRAY_RATE: RateLimit = { burst: 20, perSec: 1 };

/** A body that is not read because the answer is known before it: up to so much Node discards, else the connection is closed. */
const DISCARDED_BYTES = 64 * 1024;
/** Node looks every 30 s by default, which would stretch the limits to as much. */
const CHECK_EVERY_MS = 1_000;

export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  /** Where the world reaches this server, if it does. */
  readonly publicUrl?: string;
  readonly onError: (error: unknown) => void;
  readonly limits?: Partial<HttpLimits>;
  /** ms; the limits of rate go by it. */
  readonly now?: () => number;
}

/**
 * Serves the routes. Rejects with an error of the system's code (EADDRINUSE …) when the address cannot be taken.
 * Beyond loopback, `token` and `page` routes answer only where a token is set. Each client has its own measure for each route (429 and Retry-After over it), and a bounded
 * number of connections; headers, bodies and times are bounded.
 */
export async function startHttpServer(options: HttpServerOptions, routes: readonly Route[]): Promise<HttpServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const deps = { ...options, now: options.now ?? Date.now, rates: createRateLimiter() };
  const server = createServer(
    {
      requestTimeout: limits.requestTimeoutMs,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, limits.headersTimeoutMs),
      maxHeaderSize: 16 * 1024,
    },
    (req, res) => {
      void answer(deps, routes, req)
        .catch((error: unknown) => {
          options.onError(error);
          return text(500, 'internal error\n');
        })
        .then((reply) => send(res, req, reply));
    },
  );
  server.maxConnections = limits.maxConnections;
  server.setTimeout(limits.idleTimeoutMs);
  boundConnections(server, limits.maxConnectionsOfAClient);
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

interface AnswerDeps {
  readonly host: string;
  readonly token: string;
  readonly now: () => number;
  readonly rates: RateLimiter;
}

async function answer(options: AnswerDeps, routes: readonly Route[], req: IncomingMessage): Promise<Answer> {
  if (!URL.canParse(req.url ?? '/', 'http://localhost'))
    return tooMany(options, req, null) ?? text(400, 'bad request\n');
  const url = new URL(req.url ?? '/', 'http://localhost');
  const method = req.method === 'HEAD' ? 'GET' : (req.method ?? 'GET');
  const here = routes
    .map((route) => ({ route, params: matchPath(route.path, url.pathname) }))
    .filter((one) => one.params !== null);
  const over = tooMany(options, req, here[0]?.route ?? null);
  if (over !== null) return over;
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
  const body = await readBody(req).catch((error: unknown) => {
    // A client that went away in the midst of its body is no fault of ours, and nobody is left to answer.
    if (req.destroyed && !req.complete) return 'gone' as const;
    throw error;
  });
  if (body === 'gone') return text(400, 'the body ended early\n');
  if (body === null) return text(413, `a body may have ${MAX_BODY_BYTES} bytes\n`);
  return found.route.handle({ method, url, params: found.params ?? {}, headers: req.headers, body });
}

/** The answer to a client that asks for a route (null: for none of them) more often than it may; null where it may. Before any body is read. */
function tooMany({ rates, now }: AnswerDeps, req: IncomingMessage, route: Route | null): Answer | null {
  const rate = route === null ? STRAY_RATE : (route.rate ?? DEFAULT_RATE);
  if (rate === 'none') return null;
  const over = rates.take(`${clientOf(req.socket.remoteAddress)} ${route?.path ?? ''}`, rate, now());
  if (over === null) return null;
  const headers = { 'retry-after': String(over.retryAfterSec) };
  return { ...text(429, `too many requests; wait ${over.retryAfterSec} s\n`), headers };
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
    ...(reply.status === 413 || leavesMuch(req) ? { connection: 'close' } : {}),
    ...reply.headers,
  });
  res.end(req.method === 'HEAD' ? undefined : reply.body);
}

/** Whether a body is still to come that is not worth waiting for. */
function leavesMuch(req: IncomingMessage): boolean {
  if (req.complete) return false;
  const declared = req.headers['content-length'];
  return declared === undefined ? req.headers['transfer-encoding'] !== undefined : Number(declared) > DISCARDED_BYTES;
}
