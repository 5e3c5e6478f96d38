import { z } from 'zod';

const UNIT_SEC = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
const DURATION = /^(\d+(?:\.\d+)?)(s|m|h|d|w)$/;

/** Reads `90s`, `15m`, `24h`, `7d`, `2w` as seconds; null where it is none of these. */
function parseDuration(text: string): number | null {
  const match = DURATION.exec(text.trim());
  if (!match) return null;
  return Number(match[1]) * UNIT_SEC[match[2] as keyof typeof UNIT_SEC];
}

/** A duration in a config file (`15m`), as seconds, between two bounds given in the same notation. */
export function duration(min: string, max: string) {
  const minSec = parseDuration(min) ?? 0;
  const maxSec = parseDuration(max) ?? Number.POSITIVE_INFINITY;
  const error = `expected a duration such as "15m" (s, m, h, d or w), from ${min} to ${max}`;
  return z
    .string({ error })
    .refine((text) => inRange(parseDuration(text), minSec, maxSec), { error })
    .transform((text) => parseDuration(text) ?? 0);
}

const inRange = (value: number | null, min: number, max: number): boolean =>
  value !== null && value >= min && value <= max;

/** A whole number between two bounds, also as text, since a variable's value is text. */
export function wholeNumber(min: number, max: number) {
  const error = `expected a whole number from ${min} to ${max}`;
  return z
    .union([z.number(), z.string().regex(/^(\d+|\$\{.+\})$/)], { error })
    .transform(Number)
    .refine((n) => Number.isInteger(n) && n >= min && n <= max, { error });
}

/** An id in a config file: what stands in logs, metrics and queries. */
export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, {
  error: 'expected an id of lower-case letters, digits and hyphens, at most 64',
});

/** An http or https URL without credentials. */
export const webUrl = z
  .string()
  .refine(isWebUrl, { error: 'expected an http or https URL without user name and password' });

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
}

/** ISO 3166-1 alpha-2, upper case. */
export const countryCode = z.string().regex(/^[A-Z]{2}$/, { error: 'expected a two-letter country code such as "DE"' });
