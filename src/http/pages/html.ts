/** Markup that is safe to send: made by `html` alone, which escapes whatever is put into it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes what stands between; `Html` goes in as it is, lists are joined, nothing comes of null, undefined and false. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(literals.map((literal, i) => literal + textOf(parts[i])).join(''));
}

function textOf(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(textOf).join('');
  return escapeText(String(part));
}

/** Controls, and marks that turn the direction of what follows: a headline must not rearrange the page around it. */
const CONTROLS = /[\p{Cc}\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/gu;

function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(CONTROLS, (one) => (/\s/.test(one) ? ' ' : ''))
    .replace(/[&<>"']/g, (one) => ENTITIES[one] ?? '');
}

/** A stranger's words, in their own direction. `lang`: BCP 47; anything else is left out. */
export function words(text: string, lang?: string): Html {
  const known = lang !== undefined && /^[a-z]{2,3}$/.test(lang) && lang !== 'und';
  return known ? html`<bdi lang="${lang}">${text}</bdi>` : html`<bdi>${text}</bdi>`;
}

/** A link out of this program, to http and https alone; for any other address the text. The place it leads to learns nothing of this page. */
export function linkOut(url: string | null, text: Part): Html {
  const parsed = url === null ? null : URL.parse(url);
  if (parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) return html`${text}`;
  return html`<a class="out" href="${parsed.href}" rel="noopener noreferrer nofollow">${text}</a>`;
}

/** A moment: how long ago, and exactly on pointing at it. */
export function moment(at: number | string | null, nowMs: number, otherwise = 'never'): Html {
  const ms = typeof at === 'string' ? Date.parse(at) : at;
  if (ms === null || Number.isNaN(ms)) return html`<span class="none">${otherwise}</span>`;
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}" title="${iso}">${distance(ms - nowMs)}</time>`;
}

function distance(ms: number): string {
  const sec = Math.abs(ms) / 1000;
  const text =
    sec < 60
      ? `${Math.round(sec)} s`
      : sec < 5400
        ? `${Math.round(sec / 60)} min`
        : sec < 172_800
          ? `${Math.round(sec / 3600)} h`
          : `${Math.round(sec / 86_400)} d`;
  return ms > 0 ? `in ${text}` : `${text} ago`;
}

/** `1 outlet`, `14 outlets`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
