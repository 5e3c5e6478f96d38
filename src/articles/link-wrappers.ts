/** A service that wraps other sites' links, and where in its own URL the target stands. */
interface Wrapper {
  readonly host: RegExp;
  readonly path?: RegExp;
  /** Query parameters that may hold the target. */
  readonly parameters: readonly string[];
}

/** Redirectors whose target can be read from the URL; seen in feeds and in the links that feeds quote. Source: the links of each service. */
const WRAPPERS: readonly Wrapper[] = [
  {
    host: /^(?:www\.|news\.)?google\.[a-z.]{2,6}$/,
    path: /^\/(?:url|news\/url|amp\/redirect)$/,
    parameters: ['url', 'q'],
  },
  { host: /^(?:www\.)?google\.[a-z.]{2,6}$/, path: /^\/alerts\/share$/, parameters: ['ru'] },
  { host: /^(?:www\.)?bing\.com$/, path: /^\/news\/apiclick\.aspx$/, parameters: ['url'] },
  { host: /^(?:l|lm)\.(?:facebook|instagram)\.com$/, parameters: ['u'] },
  { host: /^(?:www\.)?facebook\.com$/, path: /^\/(?:l|flx\/warn\/)/, parameters: ['u'] },
  { host: /^t\.umblr\.com$/, path: /^\/redirect$/, parameters: ['z'] },
  { host: /^(?:www\.)?youtube\.com$/, path: /^\/redirect$/, parameters: ['q'] },
  { host: /^(?:m\.)?vk\.com$/, path: /^\/away\.php$/, parameters: ['to'] },
  { host: /^(?:www\.)?duckduckgo\.com$/, path: /^\/l\/?$/, parameters: ['uddg'] },
  { host: /^(?:www\.)?linkedin\.com$/, path: /^\/redir\/redirect$/, parameters: ['url'] },
  { host: /^out\.reddit\.com$/, parameters: ['url'] },
  { host: /^steamcommunity\.com$/, path: /^\/linkfilter/, parameters: ['url', 'u'] },
  { host: /^(?:go\.redirectingat|go\.skimresources)\.com$/, parameters: ['url'] },
  { host: /^(?:www\.)?newsnow\.co\.uk$/, parameters: ['u', 'url'] },
  { host: /safelinks\.protection\.outlook\.com$/, parameters: ['url'] },
  { host: /^urldefense\.proofpoint\.com$/, path: /^\/v1\//, parameters: ['u'] },
];

/** The URL that another one wraps, when it can be read from it without asking anyone; else null. */
export function unwrapLink(url: URL): string | null {
  return fromParameter(url) ?? fromAmpCache(url) ?? fromGoogleNews(url) ?? fromYahoo(url);
}

function fromParameter(url: URL): string | null {
  const wrapper = WRAPPERS.find((w) => w.host.test(url.hostname) && (w.path?.test(url.pathname) ?? true));
  for (const name of wrapper?.parameters ?? []) {
    const target = url.searchParams.get(name);
    if (target && /^https?:\/\//i.test(target)) return target;
  }
  return null;
}

/** Google's AMP viewer and cache: /amp/s/host/path and host.cdn.ampproject.org/c/s/host/path, `s` for https (developers.google.com/amp/cache/overview). */
function fromAmpCache(url: URL): string | null {
  const path = /^(?:www\.)?google\.[a-z.]{2,6}$/.test(url.hostname)
    ? /^\/amp\/(s\/)?(.+)$/.exec(url.pathname)
    : url.hostname.endsWith('.cdn.ampproject.org')
      ? /^\/[a-z]\/(s\/)?(.+)$/.exec(url.pathname)
      : null;
  const target = path?.[2];
  return target && /^[\w-]+(?:\.[\w-]+)+(?:[/:]|$)/.test(target)
    ? `http${path[1] ? 's' : ''}://${target}${url.search}`
    : null;
}

/** Older Google News links carry the target in base64 (a small protocol buffer); newer ones are sealed and stay as they are. */
function fromGoogleNews(url: URL): string | null {
  if (url.hostname !== 'news.google.com') return null;
  const token = /^\/(?:rss\/|__i\/rss\/rd\/)?articles\/([\w-]{20,2000})/.exec(url.pathname)?.[1];
  if (!token) return null;
  const bytes = Buffer.from(token, 'base64url').toString('latin1');
  return /https?:\/\/[\x21-\x7e]{6,1500}/.exec(bytes)?.[0] ?? null;
}

/** Yahoo puts the target after a star (rd.yahoo.com/…/*http://…) or in a path segment RU=. */
function fromYahoo(url: URL): string | null {
  if (!/(?:^|\.)yahoo\.com$/.test(url.hostname)) return null;
  const starred = /\*(https?:\/\/.+)$/.exec(url.href)?.[1];
  const segment = /\/RU=(https?[^/]+)\//i.exec(url.pathname)?.[1];
  return starred ?? (segment ? decodeSafely(segment) : null);
}

function decodeSafely(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
