import type { FeedHints } from './parsed-feed.ts';
import { resolveLink } from './read-context.ts';
import { attributeOf, childrenOf, firstOf, rawText, textAmong, type XmlNode } from './xml-node.ts';

/** RSS 1.0 syndication module: the length of each `updatePeriod`, seconds. */
const PERIOD_SEC: ReadonlyMap<string, number> = new Map([
  ['hourly', 3_600],
  ['daily', 86_400],
  ['weekly', 604_800],
  ['monthly', 2_592_000],
  ['yearly', 31_536_000],
]);
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/**
 * What the publisher says about polling: `ttl`, `skipHours` and `skipDays` (RSS 2.0), the syndication module, and links with rel `hub` and `self`
 * (WebSub, RFC 4287). Values that make no sense are left out.
 *
 * @param channel the `<channel>` or Atom's `<feed>`
 */
export function readFeedHints(channel: XmlNode | undefined, base: string | undefined): FeedHints {
  const ttlMin = Number(textAmong(channel, ['ttl']) || Number.NaN);
  const skipHours = numbersIn(firstOf(channel, 'skiphours'), 'hour');
  const skipDays = namesIn(firstOf(channel, 'skipdays'), 'day');
  const period = PERIOD_SEC.get(textAmong(channel, ['sy:updateperiod']).toLowerCase());
  const frequency = Number(textAmong(channel, ['sy:updatefrequency']) || 1);
  const hub = linkOfRel(channel, 'hub', base);
  const self = linkOfRel(channel, 'self', base);
  return {
    ...(ttlMin > 0 && ttlMin < 1e6 ? { ttlMin } : {}),
    ...(skipHours.length ? { skipHours } : {}),
    ...(skipDays.length ? { skipDays } : {}),
    ...(period && frequency > 0 ? { updatePeriodSec: Math.round(period / frequency) } : {}),
    ...(hub ? { hub } : {}),
    ...(self ? { self } : {}),
  };
}

function linkOfRel(channel: XmlNode | undefined, rel: string, base: string | undefined): string | null {
  const links = [...childrenOf(channel, 'atom:link'), ...childrenOf(channel, 'link')];
  const link = links.find((l) => attributeOf(l, 'rel')?.toLowerCase().split(/\s+/).includes(rel));
  return resolveLink(attributeOf(link, 'href') ?? '', base);
}

/** RSS 0.91 counts hours from 1 to 24, RSS 2.0 from 0 to 23: 24 is midnight in both. */
function numbersIn(node: XmlNode | undefined, name: string): number[] {
  const hours = childrenOf(node, name).map((hour) => Number(rawText(hour).trim() || Number.NaN));
  return [
    ...new Set(hours.filter((hour) => Number.isInteger(hour) && hour >= 0 && hour <= 24).map((hour) => hour % 24)),
  ];
}

function namesIn(node: XmlNode | undefined, name: string): string[] {
  const days = childrenOf(node, name).map((day) => rawText(day).trim().toLowerCase());
  return DAYS.filter((day) => days.includes(day.toLowerCase()));
}
