import type { FeedHints } from './parsed-feed.ts';

const HOUR_MS = 3_600_000;
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const WEEK_HOURS = 7 * 24;

type SkipHints = Pick<FeedHints, 'skipHours' | 'skipDays'>;

/**
 * The first moment at or after `at` that the feed's skipHours and skipDays leave open (RSS 2.0 and its skipHours and
 * skipDays page: hours and days in GMT; hour 24 of some writers is 0). A feed that skips all of the week skips nothing.
 *
 * @param at ms since 1970.
 * @returns ms since 1970: `at` itself, or the beginning of an hour.
 */
export function afterSkippedTimes(at: number, hints: SkipHints | null): number {
  const hours = new Set((hints?.skipHours ?? []).filter((hour) => hour >= 0 && hour <= 24).map((hour) => hour % 24));
  const days = new Set((hints?.skipDays ?? []).map(dayNumber).filter((day) => day >= 0));
  if (hours.size === 0 && days.size === 0) return at;
  const isSkipped = (ms: number) => {
    const date = new Date(ms);
    return hours.has(date.getUTCHours()) || days.has(date.getUTCDay());
  };
  if (!isSkipped(at)) return at;
  const nextHour = Math.floor(at / HOUR_MS) + 1;
  for (let hour = nextHour; hour < nextHour + WEEK_HOURS; hour += 1)
    if (!isSkipped(hour * HOUR_MS)) return hour * HOUR_MS;
  return at;
}

function dayNumber(day: string): number {
  const name = day.trim().toLowerCase();
  return name.length < 3 ? -1 : DAYS.findIndex((full) => full.startsWith(name));
}
