import { createHash } from 'node:crypto';
import type { Answer } from '../http-server.ts';
import { Html, html } from './html.ts';
import { STYLE } from './style.ts';

const NAV = [
  ['/', 'Overview'],
  ['/stories', 'Stories'],
  ['/watches', 'Watches'],
  ['/feeds', 'Feeds'],
] as const;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
/** Nothing but this page's own style sheet: whatever a feed might smuggle in could neither run, nor load, nor send anything. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export interface Page {
  readonly title: string;
  /** The address in the navigation that it belongs to. */
  readonly at: (typeof NAV)[number][0] | null;
  readonly body: Html;
  readonly status?: number;
  /** Asked for again after so many seconds, for a screen on a wall. */
  readonly refreshSec?: number;
}

/** A whole page as an answer. */
export function pageAnswer({ title, at, body, status = 200, refreshSec }: Page, nowMs: number): Answer {
  const links = NAV.map(
    ([path, name]) => html`<a href="${path}"${path === at ? html` aria-current="page"` : ''}>${name}</a>`,
  );
  const now = `${new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${refreshSec === undefined ? null : html`<meta http-equiv="refresh" content="${refreshSec}">`}<title>${title} – Attaché</title><link rel="icon" href="data:,"><style>${new Html(STYLE)}</style></head>
<body><a class="skip" href="#main">To the content</a><header class="top"><div class="bar"><a class="brand" href="/">Attaché</a><nav aria-label="Pages">${links}</nav></div></header>
<main id="main">${body}</main><footer>As of ${now}. Read-only.</footer></body></html>
`;
  return { status, body: page.text, contentType: 'text/html; charset=utf-8', headers: HEADERS };
}

/** What there is not, or no longer. */
export function missingPage(what: string, nowMs: number): Answer {
  const body = html`<h1>Not here</h1><p class="lead">${what}</p>`;
  return pageAnswer({ title: 'Not here', at: null, body, status: 404 }, nowMs);
}

/** What cannot be told now. */
export function unavailablePage(why: string, nowMs: number): Answer {
  const body = html`<h1>Not now</h1><p class="lead">${why}</p>`;
  return pageAnswer({ title: 'Not now', at: null, body, status: 503 }, nowMs);
}
