import { monthOf, WALL_CLOCKS, ZONE_OFFSETS_MIN } from './date-names.ts';

/** A date's numbers as written, before its zone is applied. */
interface Clock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
}

/**
 * A date as feeds write it to ISO 8601 in UTC, or null where there is none in it. Read are RFC 3339 and W3C-DTF (also cut after year, month or
 * day, without dashes, or with a space for the T), RFC 822 and 5322 in all the forms people give them, asctime, `1/31/2018`, `31.01.2018`, dates with CJK
 * marks, Unix seconds and milliseconds, and month names in other languages. A date without a zone is taken as UTC, never as this machine's.
 * Years before 1970 are nobody's news: Hugo's year 1 and empty database fields give null.
 *
 * @param lang the feed's language: decides whose month names come first, and whether `5/6/2018` is May or June
 */
export function parseFeedDate(raw: string, lang?: string | null): string | null {
  const text = latinDigits(raw.slice(0, 200).normalize('NFKC').replace(/\s+/g, ' ').trim());
  if (!/\d/.test(text)) return null;
  return readEpoch(text) ?? readIso(text) ?? readWords(text, lang ?? null);
}

/** Arabic, Persian, Devanagari and other decimal digits as Latin ones: each row of ten in Unicode begins with its zero. */
function latinDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    let value = 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(digit.codePointAt(0)! - value - 1))) value += 1;
    return String(value);
  });
}

function readEpoch(text: string): string | null {
  if (!/^\d{10}(?:\d{3})?(?:\.\d+)?$/.test(text)) return null;
  return toIso(text.split('.')[0]?.length === 10 ? Number(text) * 1000 : Number(text));
}

const ISO =
  /^(\d{4})(?:[-/.]?(\d{1,2})(?:[-/.]?(\d{1,2}))?)?(?:(?:T|\s|,|-){1,3}(\d{1,2})[:.]?(\d{2})(?:[:.]?(\d{2})(?:[.,](\d{1,9}))?)?)?\s?(.*)$/i;

/** ISO 8601's day of the year, and its basic form without any mark. */
const ORDINAL = /^(\d{4})-([0-3]\d{2})(?=T|\s|$)(?:T|\s)?(.*)$/i;
const BASIC = /^(\d{4})(\d{2})(\d{2})([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/;

function readIso(written: string): string | null {
  const ordinal = ORDINAL.exec(written);
  const day = ordinal ? new Date(Date.UTC(Number(ordinal[1]), 0, Number(ordinal[2]))).toISOString().slice(0, 10) : '';
  const text = ordinal ? `${day} ${ordinal[3]}`.trim() : written.replace(BASIC, '$1-$2-$3T$4:$5:$6');
  const m = ISO.exec(text);
  if (!m) return null;
  const clock: Clock = {
    year: Number(m[1]),
    month: Number(m[2] ?? 1),
    day: Number(m[3] ?? 1),
    hour: Number(m[4] ?? 0),
    minute: Number(m[5] ?? 0),
    second: Number(m[6] ?? 0),
    ms: Number((m[7] ?? '0').padEnd(3, '0').slice(0, 3)),
  };
  const rest = m[8] ?? '';
  if (/[\p{L}\d]/u.test(rest) && zoneOffset(rest, clock) === null) return null;
  return atZone(clock, rest);
}

const TIME =
  /(\d{1,2})\s?[:時시点点]\s?(\d{1,2})\s?分?(?:[:분]\s?(\d{1,2})\s?[秒초]?(?:[.,](\d{1,9}))?)?\s?(a\.?m\.?|p\.?m\.?)?(?![\p{L}\d])/iu;
const CJK_PM = /오후|下午|午後/;
const CJK_AM = /오전|上午|午前/;

function readWords(text: string, lang: string | null): string | null {
  const plain = text
    .replace(/\([^()]{0,60}\)/g, ' ')
    .replace(/(\d)(?:st|nd|rd|th)\b/gi, '$1')
    // After the year dots may stand in a time: "14 Aug 2023 09.30".
    .replace(
      /(\b\d{4},?\s)(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?=\s|$)/,
      (_, year, hour, minute, second) => `${year}${hour}:${minute}:${second ?? '00'}`,
    );
  const time = TIME.exec(plain) ?? BARE_TIME.exec(plain);
  const before = time ? plain.slice(0, time.index) : plain;
  const after = time ? plain.slice(time.index + time[0].length) : '';
  // Ruby and Java put the zone before the year: "Mon Aug 14 09:30:00 +0200 2023".
  const behind = after.replace(/^\s?[+-]\d{4}(?=\s\d{4}$)/, '');
  const date = readDay(before, lang) ?? readDay(`${before} ${behind}`, lang) ?? readDay(behind, lang);
  if (!date) return null;
  // The Thai calendar is 543 years ahead.
  if (date.year > 2400 && /^th\b/i.test(lang ?? '')) date.year -= 543;
  let hour = Number(time?.[1] ?? 0);
  const half = time?.[5]?.toLowerCase();
  if ((half?.startsWith('p') || CJK_PM.test(plain)) && hour < 12) hour += 12;
  if ((half?.startsWith('a') || CJK_AM.test(plain)) && hour === 12) hour = 0;
  const clock: Clock = {
    ...date,
    hour,
    minute: Number(time?.[2] ?? 0),
    second: Number(time?.[3] ?? 0),
    ms: Number((time?.[4] ?? '0').padEnd(3, '0').slice(0, 3)),
  };
  return atZone(clock, time ? after : '');
}

/** "03 Apr 02 1500 GMT", as old software writes: four digits with a zone behind them. */
const BARE_TIME = /\b([01]\d|2[0-3])([0-5]\d)(?=\s+(?:[A-Z]{1,4}\b|[+-]\d{4}))/;

type Day = Pick<Clock, 'year' | 'month' | 'day'>;

function readDay(text: string, lang: string | null): Day | null {
  return readNumericDay(text, lang) ?? readNamedDay(text, lang);
}

function readNumericDay(text: string, lang: string | null): Day | null {
  const marked = /(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]/.exec(text);
  if (marked) return { year: Number(marked[1]), month: Number(marked[2]), day: Number(marked[3]) };
  const m = /(?<![\d+-])(\d{1,4})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?!\d)/.exec(text);
  if (!m) return null;
  const [a, b, c] = [Number(m[1]), Number(m[3]), Number(m[4])];
  const first = m[1] ?? '';
  const last = m[4] ?? '';
  // 18/01/30: two numbers that could be the year, and the first stands where ISO 8601 puts it. With dots the day is first everywhere.
  if (a > 31 || first.length === 4 || (m[2] !== '.' && last.length === 2 && a > 12 && b <= 12 && c > 12))
    return { year: fullYear(first), month: b, day: c };
  // Slashes are American unless the numbers or the feed's language say otherwise (CLDR: of the large presses only en-US and fil put the month first).
  const monthFirst = b > 12 || (a <= 12 && m[2] === '/' && (!lang || /^en(?:-us)?$/i.test(lang)));
  return monthFirst ? { year: fullYear(last), month: a, day: b } : { year: fullYear(last), month: b, day: a };
}

function readNamedDay(text: string, lang: string | null): Day | null {
  const words = text.match(/\d+|[\p{L}\p{M}]{2,}\.?/gu)?.slice(0, 16) ?? [];
  let month: number | null = null;
  const numbers: string[] = [];
  const names: string[] = [];
  for (const word of words) {
    if (/^\d/.test(word)) numbers.push(word);
    else names.push(word);
  }
  // The weekday stands before the month in every form there is, and no weekday is read as a month if a later word is one.
  for (const name of names.toReversed()) {
    month ??= ZONE_OFFSETS_MIN.has(name.toLowerCase()) && name === name.toUpperCase() ? null : monthOf(name, lang);
  }
  if (!month || numbers.length < 2) return null;
  const yearAt = numbers.findIndex((n) => n.length === 4);
  const day = Number(numbers[yearAt === 0 ? 1 : 0]);
  return { year: fullYear(numbers[yearAt >= 0 ? yearAt : 1] ?? ''), month, day };
}

/** Two and three digits as RFC 5322, section 4.3, reads them. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length > 3) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

/** Minutes east of UTC that the rest of a date names, 0 where it names nothing, null where it is something else. */
function zoneOffset(rest: string, clock: Clock): number | null {
  const text = rest.replace(/\([^()]*\)/g, ' ').trim();
  if (text === '') return 0;
  const numeric = /^(?:UTC|GMT|UT|Z)?\s?([+\-\u2212])\s?(\d{1,2}):?(\d{2})?(?!\d)/i.exec(text);
  if (numeric) {
    // Up to 99:59 is allowed (RFC 5322, section 3.3), and taken as written.
    const offset = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
    return numeric[1] === '+' ? offset : -offset;
  }
  const iana = /^[a-z]{3,12}\/[a-z_]{3,20}(?:\/[a-z_]{3,20})?/i.exec(text)?.[0];
  if (iana) return wallClockOffset(iana, clock);
  const name = /^[a-z]{1,5}\b/i.exec(text)?.[0].toLowerCase();
  if (name === undefined) return null;
  const place = WALL_CLOCKS.get(name);
  if (place) return wallClockOffset(place, clock);
  return ZONE_OFFSETS_MIN.get(name) ?? (name.length === 1 ? 0 : null);
}

function wallClockOffset(place: string, clock: Clock): number {
  const asUtc = utcOf(clock);
  const named = longOffset(place, asUtc);
  const m = /([+-])(\d{2}):(\d{2})/.exec(named);
  return m ? (m[1] === '-' ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3])) : 0;
}

function longOffset(timeZone: string, at: number): string {
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    return format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
  } catch {
    return ''; // No such place, or no such date.
  }
}

function atZone(clock: Clock, rest: string): string | null {
  if (clock.month < 1 || clock.month > 12 || clock.day < 1 || clock.day > 31) return null;
  if (clock.hour > 24 || clock.minute > 59 || clock.second > 60) return null;
  return toIso(utcOf(clock) - (zoneOffset(rest, clock) ?? 0) * 60_000);
}

function utcOf(clock: Clock): number {
  if (clock.year < 100) return Number.NaN; // Date.UTC would make it 1900-odd.
  return Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute, clock.second, clock.ms);
}

/** The first day of 1970 is where an empty database field lands. */
const DAY_MS = 86_400_000;

function toIso(epochMs: number): string | null {
  const date = new Date(epochMs);
  const year = date.getUTCFullYear();
  return Number.isNaN(year) || epochMs < DAY_MS || year > 9999 ? null : date.toISOString();
}
