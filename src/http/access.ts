import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a route asks of its caller, but for `open` and `own`. `page` is for browsers, which cannot send a bearer token: the token is also taken as the password of Basic. */
export type GuardedAccess = 'token' | 'page';

export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Whether a caller may see a guarded route: null, or why not. With a token set, it is needed. Without one, loopback alone is answered, and only under a name of loopback:
 * a page of the world whose name leads to 127.0.0.1 (DNS rebinding) would otherwise read on behalf of its visitor. Where there is a public address, something forwards the
 * world to loopback, under whatever name: nobody is answered without a token.
 */
export function refuse(question: {
  readonly access: GuardedAccess;
  /** The address listened on. */
  readonly host: string;
  /** Where the world reaches this server; empty where it does not. */
  readonly publicUrl?: string;
  readonly token: string;
  readonly headers: IncomingHttpHeaders;
}): Refusal | null {
  const { access, host, publicUrl = '', token, headers } = question;
  if (token !== '') {
    if (hasToken(headers.authorization, token)) return null;
    const challenge = access === 'page' ? 'Basic realm="Attache", charset="UTF-8"' : 'Bearer';
    const message = access === 'page' ? 'the password is http.token; any user name' : 'a bearer token is needed';
    return { status: 401, message: `${message}\n`, headers: { 'www-authenticate': challenge } };
  }
  if (!isLoopback(host)) return { status: 403, message: 'set http.token to open this page beyond loopback\n' };
  if (publicUrl !== '') return { status: 403, message: 'set http.token to open this page beside http.publicUrl\n' };
  if (isLoopback(nameOf(headers.host ?? ''))) return null;
  return { status: 403, message: 'without http.token this page opens under a name of loopback alone (localhost)\n' };
}

/** `127.0.0.1:8080`, `[::1]:8080` → the name. */
const nameOf = (host: string): string => host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

function hasToken(authorization: string | undefined, token: string): boolean {
  const [, scheme = '', given = ''] = /^(Bearer|Basic)\s+(\S.*)$/i.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() !== 'basic') return same(given, token);
  const decoded = Buffer.from(given, 'base64').toString('utf8');
  return same(decoded.slice(decoded.indexOf(':') + 1), token);
}

/** Compares in constant time. */
function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
