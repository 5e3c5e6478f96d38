/** Times of day in which a subscriber is not to be woken. `from` and `to` are wall-clock times (`22:00`); a night goes over midnight. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
  /** IANA, such as `Europe/Warsaw`. */
  readonly timeZone: string;
}

const MINUTE_MS = 60_000;
const DAY_MIN = 1_440;

/**
 * The end of the quiet hours that `nowMs` lies in (ms since the epoch), or null outside of them. Wall-clock times are the zone's, so that seven
 * o'clock stays seven o'clock when summer time begins or ends. Throws RangeError for a time or zone that there is not.
 */
export function quietUntil(quiet: QuietHours, nowMs: number): number | null {
  const from = minuteOfDay(quiet.from);
  const to = minuteOfDay(quiet.to);
  const now = wallMinute(quiet.timeZone, nowMs);
  const within = from <= to ? now >= from && now < to : now >= from || now < to;
  if (!within) return null;
  const end = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS + mod(to - now, DAY_MIN) * MINUTE_MS;
  // Where the clock was put forward or back in between, the wall shows another time by then.
  const shift = mod(to - wallMinute(quiet.timeZone, end) + DAY_MIN / 2, DAY_MIN) - DAY_MIN / 2;
  return end + shift * MINUTE_MS;
}

/** Minutes since midnight of `07:30`. Throws RangeError. */
function minuteOfDay(time: string): number {
  const [, hours, minutes] = time.match(/^([01]?\d|2[0-3]):([0-5]\d)$/) ?? [];
  if (hours === undefined || minutes === undefined)
    throw new RangeError(`quiet hours: "${time}" is not a time such as 22:00`);
  return Number(hours) * 60 + Number(minutes);
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

function wallMinute(timeZone: string, ms: number): number {
  let format = FORMATS.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    FORMATS.set(timeZone, format);
  }
  return minuteOfDay(format.format(ms));
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
