/**
 * Networks that a feed or a webhook may not lead to. Everything here is data with its source beside it.
 *
 * Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates), the RFCs named in each
 * row, and the cloud providers' documents for addresses that look public but are not.
 * In IPv6 only 2000::/3 (global unicast, RFC 4291 section 2.4) is open at all, and the rows below are taken out of it.
 */
export type AddressClass =
  | 'public'
  | 'unspecified'
  | 'private'
  | 'cgnat'
  | 'loopback'
  | 'link-local'
  | 'metadata'
  | 'protocol'
  | 'documentation'
  | 'benchmark'
  | 'multicast'
  | 'reserved'
  | 'broadcast'
  | 'ipv4-compatible'
  | 'ipv4-mapped'
  | 'nat64'
  | '6to4'
  | 'teredo'
  | 'unique-local'
  | 'site-local'
  | 'discard'
  | 'segment-routing'
  | 'outside-global-unicast'
  | 'not-an-address';

export interface DeniedNetwork {
  readonly cidr: string;
  readonly class: Exclude<AddressClass, 'public' | 'not-an-address'>;
  readonly source: string;
}

/** The first row that holds an address names its class. */
export const DENIED_NETWORKS: readonly DeniedNetwork[] = [
  { cidr: '0.0.0.0/8', class: 'unspecified', source: 'RFC 791, 3.2: this network' },
  { cidr: '10.0.0.0/8', class: 'private', source: 'RFC 1918' },
  { cidr: '100.64.0.0/10', class: 'cgnat', source: 'RFC 6598; Alibaba Cloud metadata 100.100.100.200' },
  { cidr: '127.0.0.0/8', class: 'loopback', source: 'RFC 1122, 3.2.1.3' },
  { cidr: '168.63.129.16/32', class: 'metadata', source: 'Azure WireServer: public by number, the host by route' },
  { cidr: '169.254.0.0/16', class: 'link-local', source: 'RFC 3927; cloud metadata 169.254.169.254' },
  { cidr: '172.16.0.0/12', class: 'private', source: 'RFC 1918' },
  { cidr: '192.0.0.0/24', class: 'protocol', source: 'RFC 6890; Oracle Cloud metadata 192.0.0.192' },
  { cidr: '192.0.2.0/24', class: 'documentation', source: 'RFC 5737' },
  { cidr: '192.31.196.0/24', class: 'protocol', source: 'RFC 7535: AS112' },
  { cidr: '192.52.193.0/24', class: 'protocol', source: 'RFC 7450: AMT' },
  { cidr: '192.88.99.0/24', class: '6to4', source: 'RFC 7526: 6to4 relay anycast, withdrawn' },
  { cidr: '192.168.0.0/16', class: 'private', source: 'RFC 1918' },
  { cidr: '192.175.48.0/24', class: 'protocol', source: 'RFC 7534: AS112' },
  { cidr: '198.18.0.0/15', class: 'benchmark', source: 'RFC 2544' },
  { cidr: '198.51.100.0/24', class: 'documentation', source: 'RFC 5737' },
  { cidr: '203.0.113.0/24', class: 'documentation', source: 'RFC 5737' },
  { cidr: '224.0.0.0/4', class: 'multicast', source: 'RFC 5771' },
  { cidr: '255.255.255.255/32', class: 'broadcast', source: 'RFC 919' },
  { cidr: '240.0.0.0/4', class: 'reserved', source: 'RFC 1112, 4' },
  { cidr: '::/128', class: 'unspecified', source: 'RFC 4291, 2.5.2' },
  { cidr: '::1/128', class: 'loopback', source: 'RFC 4291, 2.5.3' },
  { cidr: '::ffff:0:0/96', class: 'ipv4-mapped', source: 'RFC 4291, 2.5.5.2' },
  { cidr: '::ffff:0:0:0/96', class: 'ipv4-mapped', source: 'RFC 2765: IPv4-translated' },
  { cidr: '::/96', class: 'ipv4-compatible', source: 'RFC 4291, 2.5.5.1: deprecated' },
  { cidr: '64:ff9b::/96', class: 'nat64', source: 'RFC 6052' },
  { cidr: '64:ff9b:1::/48', class: 'nat64', source: 'RFC 8215' },
  { cidr: '100::/64', class: 'discard', source: 'RFC 6666' },
  { cidr: '100:0:0:1::/64', class: 'discard', source: 'RFC 9780' },
  { cidr: '2001::/32', class: 'teredo', source: 'RFC 4380' },
  { cidr: '2001::/23', class: 'protocol', source: 'RFC 2928: IETF protocol assignments' },
  { cidr: '2001:db8::/32', class: 'documentation', source: 'RFC 3849' },
  { cidr: '2002::/16', class: '6to4', source: 'RFC 3056' },
  { cidr: '2620:4f:8000::/48', class: 'protocol', source: 'RFC 7534: AS112' },
  { cidr: '3fff::/20', class: 'documentation', source: 'RFC 9637' },
  { cidr: '5f00::/16', class: 'segment-routing', source: 'RFC 9602' },
  { cidr: 'fc00::/7', class: 'unique-local', source: 'RFC 4193; AWS metadata fd00:ec2::254' },
  { cidr: 'fe80::/10', class: 'link-local', source: 'RFC 4291, 2.5.6' },
  { cidr: 'fec0::/10', class: 'site-local', source: 'RFC 3879: deprecated' },
  { cidr: 'ff00::/8', class: 'multicast', source: 'RFC 4291, 2.7' },
];

/**
 * Names that stand for private places wherever they are resolved. They matter where a proxy resolves names, out of the guard's sight; each also denies the names
 * under it. A name without a dot is one of the resolver's own domain and belongs to them.
 */
export const PRIVATE_NAMES: readonly { readonly name: string; readonly source: string }[] = [
  { name: 'localhost', source: 'RFC 6761, 6.3: always loopback' },
  { name: 'local', source: 'RFC 6762: multicast DNS, the local link' },
  { name: 'internal', source: 'ICANN Board resolution 2024.07.29.06: private use; Google Cloud metadata' },
  { name: 'home.arpa', source: 'RFC 8375: home networks' },
  { name: 'localdomain', source: 'RFC 6762, appendix G: private by habit' },
  { name: 'lan', source: 'RFC 6762, appendix G: private by habit' },
  { name: 'intranet', source: 'RFC 6762, appendix G: private by habit' },
  { name: 'corp', source: 'RFC 6762, appendix G: private by habit; never delegated (ICANN)' },
  { name: 'home', source: 'RFC 6762, appendix G: private by habit; never delegated (ICANN)' },
  { name: 'private', source: 'RFC 6762, appendix G: private by habit' },
];

/** The only IPv6 space that is routed to the public (RFC 4291, 2.4). */
export const GLOBAL_UNICAST_V6 = '2000::/3';
