import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { type AddressClass, DENIED_NETWORKS, GLOBAL_UNICAST_V6, PRIVATE_NAMES } from './denied-networks.ts';
import { EgressError } from './http-error.ts';

/** Where feeds and webhooks may be fetched from and sent to. */
export interface EgressPolicy {
  /** CIDR ranges that are reachable although they are private, e.g. `10.1.0.0/16`. */
  readonly allow: readonly string[];
  /** TCP ports that may be spoken to. */
  readonly ports: readonly number[];
  /** `any`: inside `allow` each port will do; `listed` (the default): only `ports`, there too. */
  readonly portsInAllowed?: 'any' | 'listed';
  /**
   * An http: or https: proxy that all requests take. It resolves names itself and so becomes part of the guard: here literal addresses are judged, and names that
   * are private by definition. Names are not looked up first: the proxy would look again, and a name may answer differently each time (DNS rebinding), so the
   * look would promise what it cannot hold; many networks that need a proxy cannot resolve the world's names at all.
   */
  readonly proxy?: string;
}

export type EgressCode = 'denied-address' | 'denied-scheme' | 'denied-port' | 'credentials' | 'bad-url';
export type EgressVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly code: EgressCode; readonly reason: string };

export interface EgressGuard {
  readonly policy: EgressPolicy;
  /** What can be said of a URL before any name is resolved: scheme, credentials, port, a literal address. */
  checkUrl(url: string | URL): EgressVerdict;
  /** An address a name resolved to, or a socket is connected to. `port` is the target's. */
  checkAddress(address: string, port: number): EgressVerdict;
}

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];
const ALLOWED: EgressVerdict = { allowed: true };
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };
const denied = DENIED_NETWORKS.map((network) => ({ ...network, range: ipaddr.parseCIDR(network.cidr) as Range }));
const globalUnicastV6 = ipaddr.parseCIDR(GLOBAL_UNICAST_V6) as Range;

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Range): boolean {
  return address.kind() === network.kind() && address.match(network as ipaddr.IPv4 & ipaddr.IPv6, bits);
}

function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  // ipaddr.js also reads 0x7f.1 and 017.0.0.1; what is not plain notation is no address here.
  return isIP(bare) === 0 ? null : ipaddr.parse(bare);
}

/**
 * What kind of address this is.
 *
 * @param text an IPv4 or IPv6 address in plain notation, IPv6 with or without brackets, with or without a zone.
 * @returns `public` for what may be connected to, else the class of DENIED_NETWORKS that holds it.
 */
export function classifyAddress(text: string): AddressClass {
  const address = parseAddress(text);
  if (!address) return 'not-an-address';
  for (const network of denied) if (isIn(address, network.range)) return network.class;
  if (address.kind() === 'ipv6' && !isIn(address, globalUnicastV6)) return 'outside-global-unicast';
  return 'public';
}

/**
 * Makes the guard of one policy. It decides and touches nothing: the client asks it for each hop, each resolved
 * address and each connected socket.
 *
 * @throws EgressError `bad-policy` when a range of `allow` is not a CIDR.
 */
export function createEgressGuard(policy: EgressPolicy): EgressGuard {
  const open = policy.allow.map(parseRange);
  const ports = new Set(policy.ports);
  const anyPortInAllowed = policy.portsInAllowed === 'any';
  const deniedPort = (port: number): EgressVerdict => ({
    allowed: false,
    code: 'denied-port',
    reason: `port ${port} is not listed in egress.ports`,
  });

  const checkAddress = (text: string, port: number): EgressVerdict => {
    const address = parseAddress(text);
    const isOpened = address !== null && open.some((range) => isIn(address, range));
    if (!ports.has(port) && !(isOpened && anyPortInAllowed)) return deniedPort(port);
    if (isOpened) return ALLOWED;
    const kind = classifyAddress(text);
    if (kind === 'public') return ALLOWED;
    return { allowed: false, code: 'denied-address', reason: `${text} is ${kind}; egress.allow does not list it` };
  };

  const checkUrl = (input: string | URL): EgressVerdict => {
    const url = typeof input === 'string' ? URL.parse(input) : input;
    if (!url) return { allowed: false, code: 'bad-url', reason: 'not a URL' };
    const defaultPort = DEFAULT_PORTS[url.protocol];
    if (defaultPort === undefined)
      return { allowed: false, code: 'denied-scheme', reason: `${url.protocol} is neither http: nor https:` };
    if (url.username || url.password)
      return { allowed: false, code: 'credentials', reason: 'credentials in a URL; send an authorization header' };
    const port = url.port ? Number(url.port) : defaultPort;
    if (parseAddress(url.hostname)) return checkAddress(url.hostname, port);
    if (policy.proxy && isPrivateName(url.hostname))
      return {
        allowed: false,
        code: 'denied-address',
        reason: `${url.hostname} is a private name, and the proxy alone would resolve it`,
      };
    // A name may lie in an opened range: then its port is judged with its address.
    if (!ports.has(port) && !anyPortInAllowed) return deniedPort(port);
    return ALLOWED;
  };

  return { policy, checkUrl, checkAddress };
}

/** True for a name that means a private place wherever it is resolved. */
function isPrivateName(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '').toLowerCase();
  return !name.includes('.') || PRIVATE_NAMES.some((known) => name === known.name || name.endsWith(`.${known.name}`));
}

function parseRange(cidr: string): Range {
  try {
    return ipaddr.parseCIDR(cidr) as Range;
  } catch (cause) {
    throw new EgressError('bad-policy', `egress.allow: ${cidr} is not a CIDR range such as 10.1.0.0/16`, { cause });
  }
}
