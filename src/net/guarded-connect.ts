import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP, connect as netConnect, type Socket } from 'node:net';
import { type SecureContext, connect as tlsConnect } from 'node:tls';
import type { buildConnector } from 'undici';
import type { EgressGuard } from './egress-guard.ts';
import { EgressError, HttpError } from './http-error.ts';
import type { NameLookups } from './name-lookups.ts';

export interface ConnectDeps {
  readonly guard: EgressGuard;
  readonly connectTimeoutMs: number;
  /** One context for all hosts: building one for each costs more than a handshake. */
  readonly secureContext: SecureContext;
  /** How many TLS sessions are kept for resumption. */
  readonly maxSessions: number;
  readonly lookups: NameLookups;
  /** Ends connections that are still being made: a resolver that hangs must not hold up a stop. */
  readonly closing: AbortSignal;
}

/**
 * Makes the connector that every socket of a client comes from. Denied addresses are turned away three times: as a
 * literal before anything happens, in the resolver's answer, and on the connected socket before a byte is written
 * (TLS starts only after that, so not even a ClientHello leaves).
 *
 * Name resolution happens once for each connection and the checked answer is what is connected to, so a name that
 * changes its answer between check and use (DNS rebinding) gains nothing.
 */
export function createGuardedConnect(deps: ConnectDeps): buildConnector.connector {
  const sessions = new SessionCache(deps.maxSessions);
  return ({ hostname, protocol, port: portText, servername }, callback) => {
    const isTls = protocol === 'https:';
    const port = Number(portText) || (isTls ? 443 : 80);
    const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
    let settled = false;
    const finish = (error: Error | null, socket?: Socket) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      deps.closing.removeEventListener('abort', onClose);
      if (error || !socket) callback(error ?? new HttpError('connect', 'no socket'), null);
      else callback(null, socket);
    };

    if (isIP(host) !== 0) {
      const error = denial(deps.guard, host, port);
      if (error) {
        callback(error, null);
        return;
      }
    }
    const tcp = netConnect({ host, port, lookup: guardedLookup(deps, port), keepAlive: true, noDelay: true });
    const onClose = () => {
      tcp.destroy();
      finish(deps.closing.reason as Error);
    };
    const timer = setTimeout(() => {
      const error = deps.lookups.isPending(host)
        ? new HttpError('dns-timeout', `no address for the name within ${deps.connectTimeoutMs} ms`)
        : new HttpError('connect-timeout', `no connection within ${deps.connectTimeoutMs} ms`);
      tcp.destroy();
      finish(error);
    }, deps.connectTimeoutMs);
    deps.closing.addEventListener('abort', onClose, { once: true });
    if (deps.closing.aborted) queueMicrotask(onClose);
    tcp.once('error', finish);
    tcp.once('connect', () => {
      const error = denial(deps.guard, tcp.remoteAddress ?? '', port);
      if (error) {
        tcp.destroy();
        finish(error);
      } else if (isTls) {
        startTls(
          { tcp, host, port, servername: servername ?? '', secureContext: deps.secureContext, sessions },
          finish,
        );
      } else {
        tcp.off('error', finish);
        finish(null, tcp);
      }
    });
  };
}

interface TlsStart {
  readonly tcp: Socket;
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  readonly secureContext: SecureContext;
  readonly sessions: SessionCache;
}

function startTls(start: TlsStart, finish: (error: Error | null, socket?: Socket) => void): void {
  const name = start.servername || (isIP(start.host) === 0 ? start.host : '');
  const key = `${start.host}:${start.port}`;
  const session = start.sessions.get(key);
  const socket = tlsConnect({
    socket: start.tcp,
    // Certificates of IP addresses are checked against `host`; a server name is for names only (RFC 6066, 3).
    host: start.host,
    ...(name ? { servername: name } : {}),
    ...(session ? { session } : {}),
    secureContext: start.secureContext,
    ALPNProtocols: ['http/1.1'],
  });
  socket.on('session', (ticket) => start.sessions.set(key, ticket));
  socket.once('error', finish);
  socket.once('secureConnect', () => {
    socket.off('error', finish);
    start.tcp.off('error', finish);
    finish(null, socket);
  });
}

function denial(guard: EgressGuard, address: string, port: number): EgressError | null {
  const verdict = guard.checkAddress(address, port);
  return verdict.allowed ? null : new EgressError(verdict.code, verdict.reason);
}

type NetLookup = (
  hostname: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
) => void;

/** Resolves, keeps what the guard lets through, and fails with the guard's reason when nothing is left. */
function guardedLookup(deps: ConnectDeps, port: number): NetLookup {
  return (hostname, options, callback) => {
    deps.lookups.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      let refusal: EgressError | null = null;
      const open = addresses.filter(({ address }) => {
        const no = denial(deps.guard, address, port);
        refusal ??= no;
        return !no;
      });
      const first = open[0];
      if (!first) return callback(refusal ?? new HttpError('dns', 'the name has no address'), []);
      if (options.all) callback(null, open);
      else callback(null, first.address, first.family);
    });
  };
}

/** The latest TLS session of each host, the least recently used forgotten first. */
class SessionCache {
  readonly #sessions = new Map<string, Buffer>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get(key: string): Buffer | undefined {
    const session = this.#sessions.get(key);
    if (session) this.set(key, session);
    return session;
  }

  set(key: string, session: Buffer): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    if (this.#sessions.size > this.#max) {
      const oldest = this.#sessions.keys().next();
      if (!oldest.done) this.#sessions.delete(oldest.value);
    }
  }
}
