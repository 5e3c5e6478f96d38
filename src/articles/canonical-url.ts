import { unwrapLink } from './link-wrappers.ts';
import { isTracking } from './tracking-parameters.ts';

/** Wrappers are opened one inside another at most this often. */
const MAX_UNWRAPS = 3;
/** Longer ones are data, not addresses (browsers and caches stop near here). */
const MAX_CHARS = 8_192;

/**
 * A link to the one form in which it is stored and shown. It still opens in a browser: scheme and host in lower case, default ports, credentials, fragments
 * (except `#!` routes), tracking parameters, session ids and AMP marks dropped, percent-encoding normalised (RFC 3986, section 6.2.2), redirect links whose
 * target can be read opened. The order of the remaining parameters is kept: some servers sign it.
 *
 * @param base for relative links
 * @returns null for what is no http(s) URL
 */
export function canonicalUrl(raw: string, base?: string): string | null {
  let url = parse(raw.trim(), base);
  for (let i = 0; url && i < MAX_UNWRAPS; i++) {
    const target = unwrapLink(url);
    const opened = target ? parse(target, undefined) : null;
    if (!opened) break;
    url = opened;
  }
  return url ? clean(url) : null;
}

function parse(raw: string, base: string | undefined): URL | null {
  if (!raw || raw.length > MAX_CHARS) return null;
  const url = URL.parse(raw, base);
  return url && /^https?:$/.test(url.protocol) && url.hostname ? url : null;
}

/** Parts are written only where they change: each time the whole URL is parsed again. */
function clean(url: URL): string {
  if (url.username !== '') url.username = '';
  if (url.password !== '') url.password = '';
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  if (url.href.includes('#') && !url.hash.startsWith('#!')) url.hash = '';
  const path = normaliseEscapes(url.pathname.replace(/;jsessionid=[^/;]*/i, '')).replace(/(.)\/amp\/?$/i, '$1/');
  if (path !== url.pathname) url.pathname = path;
  if (url.href.includes('?')) url.search = cleanQuery(url.search);
  return url.href;
}

function cleanQuery(search: string): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((pair) => pair && !isDropped(pair))
    .map(normaliseEscapes);
  return kept.join('&');
}

function isDropped(pair: string): boolean {
  const at = pair.indexOf('=');
  const name = at < 0 ? pair : pair.slice(0, at);
  const value = at < 0 ? '' : pair.slice(at + 1);
  const isAmp =
    (/^amp$/i.test(name) && /^(?:1|true)?$/i.test(value)) || (/^outputtype$/i.test(name) && /^amp$/i.test(value));
  return isAmp || /^(?:phpsessid|jsessionid)$/i.test(name) || isTracking(name, value);
}

/** Escapes in upper case, and none for letters, digits and `-._~`, which never need them. */
function normaliseEscapes(text: string): string {
  return text.replace(/%[\da-f]{2}/gi, (triplet) => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : triplet.toUpperCase();
  });
}

/**
 * What two addresses of one article have in common: the canonical URL without its scheme, `www`, mobile and AMP hosts, a trailing slash, and with its
 * parameters sorted. Good for comparing, not for opening: only its hash is stored.
 *
 * @param canonical from `canonicalUrl`
 */
export function urlKey(canonical: string): string {
  const [, written = '', way = '', search = '', hash = ''] = PARTS.exec(canonical) ?? [];
  const host = written
    .replace(/^([a-z]{2,3})\.m\.(?=[^.]+\.)/, '$1.') // en.m.wikipedia.org
    .replace(/^(?:www\d?|m|mobile|mobil|amp|touch)\.(?=[^.]+\.)/, '');
  const path = way
    .replace(/^\/amp(?=\/.)/i, '')
    .replace(/(?:\/|\.)amp(?=\.html?$)/i, '')
    .replace(/\/(?:index\.(?:html?|php))?$/i, '');
  const query = search.split('&').filter(Boolean).sort().join('&');
  return `${host}${path}${query ? `?${query}` : ''}${hash}`;
}

/** Host, path, query and fragment of a canonical URL: it has no credentials, and a host in lower case. */
const PARTS = /^https?:\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/;

/** The host of a canonical URL, with its port where it has one. */
export const hostOf = (canonical: string): string => PARTS.exec(canonical)?.[1] ?? '';

/** True for the key (`urlKey`) of a site's front page: a link that names no article. */
export function isFrontPageKey(key: string): boolean {
  return !key.includes('/') && !key.includes('?') && !key.includes('#');
}
