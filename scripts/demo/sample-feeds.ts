/**
 * Sample feeds for the demo, written for this project: seven imagined outlets report the visit of a defence minister, what follows from it, and other
 * things of the day. Each step adds to what the feeds show, as real ones do.
 */
export interface SampleItem {
  readonly guid: string;
  readonly path: string;
  readonly title: string;
  readonly text: string;
  /** Minutes before the demo's start. */
  readonly minutesAgo: number;
  readonly step: number;
  /** A later title: the outlet edits its headline at that step. */
  readonly retitled?: { readonly step: number; readonly title: string };
}

export interface SampleFeed {
  readonly id: string;
  readonly name: string;
  readonly format: 'rss' | 'atom';
  readonly lang: string;
  readonly country: string;
  readonly kind: string;
  readonly items: readonly SampleItem[];
}

const WIRE_VISIT = `MINSK (Meridian) - China's Defence Minister Li Shangfu arrived in Minsk on Wednesday for a three-day official visit, flying in from Moscow where he had attended a security conference. He was received at the airport with military honours by his Belarusian counterpart, Viktor Khrenin. The two ministers are to discuss joint exercises and military training, the Belarusian defence ministry said. Poland and the Baltic states, all members of NATO, have moved troops towards the Belarusian border this month, citing the arrival of Russian mercenaries and a rise in attempts by migrants to cross.`;

export const SAMPLE_FEEDS: readonly SampleFeed[] = [
  {
    id: 'meridian-wire',
    name: 'Meridian Wire',
    format: 'rss',
    lang: 'en',
    country: 'GB',
    kind: 'wire',
    items: [
      {
        guid: 'meridian-1001',
        path: '/world/2001-li-minsk',
        title: "China's defence minister lands in Minsk for three-day visit",
        text: WIRE_VISIT,
        minutesAgo: 50,
        step: 0,
        retitled: {
          step: 3,
          title: "China's defence minister Li meets Khrenin in Minsk, agrees joint exercises",
        },
      },
      {
        guid: 'meridian-1002',
        path: '/world/2002-grain',
        title: 'Wheat prices ease as harvest beats forecasts',
        text: 'Wheat futures slipped for a third session after growers on two continents raised their estimates of this summer’s harvest. Millers said stocks would last well into the spring.',
        minutesAgo: 65,
        step: 0,
      },
    ],
  },
  {
    id: 'harbour-times',
    name: 'Harbour Times',
    format: 'rss',
    lang: 'en',
    country: 'IE',
    kind: 'newspaper',
    items: [
      {
        guid: 'https://harbour-times.example/?p=771',
        path: '/news/china-minister-minsk',
        title: 'Chinese defence chief in Belarus',
        text: `Shipping firms in the harbour will read it with interest. ${WIRE_VISIT}`,
        minutesAgo: 40,
        step: 2,
      },
      {
        guid: 'https://harbour-times.example/?p=772',
        path: '/news/ferry-timetable',
        title: 'Ferry to the islands runs late into the evening from June',
        text: 'The island ferry adds two late crossings on Fridays and Saturdays. Tickets stay at last year’s price, the company said.',
        minutesAgo: 90,
        step: 0,
      },
    ],
  },
  {
    id: 'vistula-daily',
    name: 'Vistula Daily',
    format: 'atom',
    lang: 'en',
    country: 'PL',
    kind: 'newspaper',
    items: [
      {
        guid: 'tag:vistula-daily.example,2001:art-310',
        path: '/swiat/310',
        title: 'Warsaw watches as Chinese defence minister Li Shangfu is received in Minsk',
        text: 'The visit of Chinese Defence Minister Li Shangfu to Belarus is being followed closely in Warsaw. Li, who came from Russia, was welcomed in Minsk by Defence Minister Viktor Khrenin at the start of three days of talks on military cooperation. A Polish deputy minister said that training of Belarusian units with foreign mercenaries near the frontier was the greater worry, and that NATO allies had been informed.',
        minutesAgo: 30,
        step: 1,
      },
      {
        guid: 'tag:vistula-daily.example,2001:art-311',
        path: '/swiat/311',
        title: 'Poland sends more soldiers to Belarus border over Wagner mercenaries',
        text: 'Poland will move another two thousand soldiers to its border with Belarus, the interior ministry said, after Wagner Group mercenaries were seen training close to the Suwalki gap. Guards counted sixty attempts to cross the frontier in one night. Lithuania is to close two of its crossing points.',
        minutesAgo: 25,
        step: 1,
      },
    ],
  },
  {
    id: 'minsk-bulletin',
    name: 'Минский бюллетень',
    format: 'rss',
    lang: 'ru',
    country: 'BY',
    kind: 'state-media',
    items: [
      {
        guid: 'mb-55',
        path: '/news/55',
        title: 'Министр обороны Китая Ли Шанфу прибыл с визитом в Минск',
        text: 'Министр обороны Китая Ли Шанфу прибыл в Минск с трёхдневным официальным визитом. В аэропорту его встретил министр обороны Беларуси Виктор Хренин. Стороны обсудят военное сотрудничество и совместные учения.',
        minutesAgo: 20,
        step: 4,
      },
    ],
  },
  {
    id: 'daily-scoreboard',
    name: 'Daily Scoreboard',
    format: 'rss',
    lang: 'en',
    country: 'GB',
    kind: 'newspaper',
    items: [
      {
        guid: 'sb-1',
        path: '/volleyball/1',
        title: 'Belarus beat China 3-0 in volleyball',
        text: 'A fierce attack from the left and a solid defence gave Belarus a straight-sets win over China in Minsk. The captain said her team had fought for every ball.',
        minutesAgo: 35,
        step: 2,
      },
      {
        guid: 'sb-2',
        path: '/football/2',
        title: 'Striker fires late winner as City defence holds',
        text: 'Two shots on target, one goal: City’s striker needed little to decide the derby. The visitors’ attack missed a penalty.',
        minutesAgo: 70,
        step: 0,
      },
    ],
  },
  {
    id: 'ledger',
    name: 'The Ledger',
    format: 'rss',
    lang: 'en',
    country: 'US',
    kind: 'trade',
    items: [
      {
        guid: 'ledger-9',
        path: '/markets/9',
        title: 'China’s exports of solar panels to Europe rise again',
        text: 'Shipments of solar panels from China to Europe rose by a tenth in a year, customs figures show. Analysts expect prices to fall further.',
        minutesAgo: 45,
        step: 0,
      },
    ],
  },
  {
    id: 'stage-and-screen',
    name: 'Stage & Screen',
    format: 'atom',
    lang: 'en',
    country: 'GB',
    kind: 'blog',
    items: [
      {
        guid: 'ss-4',
        path: '/music/4',
        title: 'Band signs peace deal with its old drummer',
        text: 'After nine years of silence the quartet will tour again. “The war is over,” said the singer, and laughed.',
        minutesAgo: 55,
        step: 0,
      },
    ],
  },
];

/** A feed as its server would write it at a step. `base` is the outlet's address, `nowMs` the demo's start. */
export function renderFeed(feed: SampleFeed, step: number, base: string, nowMs: number): string {
  const items = feed.items.filter((item) => item.step <= step);
  const titleOf = (item: SampleItem): string =>
    item.retitled !== undefined && item.retitled.step <= step ? item.retitled.title : item.title;
  const dateOf = (item: SampleItem): Date => new Date(nowMs - item.minutesAgo * 60_000);
  if (feed.format === 'rss') {
    const entries = items.map(
      (item) =>
        `<item><title>${escapeXml(titleOf(item))}</title><link>${base}${item.path}?utm_source=rss</link><guid isPermaLink="false">${escapeXml(item.guid)}</guid>` +
        `<pubDate>${dateOf(item).toUTCString()}</pubDate><description>${escapeXml(`<p>${escapeXml(item.text)}</p>`)}</description></item>`,
    );
    return `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>${escapeXml(feed.name)}</title><link>${base}/</link><language>${feed.lang}</language>${entries.join('\n')}</channel></rss>\n`;
  }
  const entries = items.map(
    (item) =>
      `<entry><id>${escapeXml(item.guid)}</id><title>${escapeXml(titleOf(item))}</title><link href="${item.path}"/><updated>${dateOf(item).toISOString()}</updated>` +
      `<content type="html">${escapeXml(`<p>${escapeXml(item.text)}</p>`)}</content></entry>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${feed.lang}" xml:base="${base}/"><id>${base}/</id><title>${escapeXml(feed.name)}</title><updated>${new Date(nowMs).toISOString()}</updated>${entries.join('\n')}</feed>\n`;
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
/** The last step at which a feed shows something new. */
export const LAST_STEP = 4;
