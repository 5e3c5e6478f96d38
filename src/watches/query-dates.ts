import { QuerySyntaxError } from './query-error.ts';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The instants a written date covers, in milliseconds since 1970: a day is 24 hours, both ends inclusive. */
export interface DateCover {
  readonly first: number;
  readonly last: number;
}

const DATE =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/**
 * Reads a date as ISO 8601 writes it (RFC 3339 with parts left out): `2023`, `2023-08`, `2023-08-16`, `2023-08-16T12:00Z`.
 * Without a zone it is UTC.
 *
 * @throws QuerySyntaxError `bad-date`
 */
export function readDate(written: string, at: Span): DateCover {
  const parts = DATE.exec(written.toUpperCase());
  if (!parts) throw badDate(written, at, relativeHint(written));
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const y = Number(year);
  const m = Number(month ?? 1);
  const d = Number(day ?? 1);
  if (m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) throw badDate(written, at, 'there is no such day');
  if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 59)
    throw badDate(written, at, 'there is no such time');
  const offset = zoneOffset(zone);
  const ms = Number((fraction ?? '0').padEnd(3, '0'));
  const first = Date.UTC(y, m - 1, d, Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0), ms) - offset;
  return { first, last: endOf({ y, m, d, month, day, hour, second, fraction }, first) };
}

function endOf(
  date: Record<'y' | 'm' | 'd', number> & Record<'month' | 'day' | 'hour' | 'second' | 'fraction', string | undefined>,
  first: number,
): number {
  const { y, m, d } = date;
  if (date.month === undefined) return Date.UTC(y + 1, 0, 1) - 1;
  if (date.day === undefined) return Date.UTC(y, m, 1) - 1;
  if (date.hour === undefined) return Date.UTC(y, m - 1, d + 1) - 1;
  if (date.second === undefined) return first + 59_999;
  return date.fraction === undefined ? first + 999 : first;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

function relativeHint(written: string): string {
  return /now|today|yesterday|^-?\d+[dhm]$/i.test(written)
    ? 'a watch looks at each article as it comes, so dates are fixed ones, such as 2023-08-16'
    : 'write it as 2023-08-16, 2023-08 or 2023-08-16T12:00Z';
}

function badDate(written: string, at: Span, why: string): QuerySyntaxError {
  return new QuerySyntaxError('bad-date', `"${written}" is not a date: ${why}`, at);
}
