import { beforeAll, describe, expect, it } from 'vitest';
import { loadTrial, type Trial } from '../../cli/load-trial.ts';
import { judgeArticle } from '../../src/triage/judge-article.ts';
import { createTriage, judgedTextOf, type TriageLine } from '../../src/triage/offline-triage.ts';
import { tryWatches } from '../../src/triage/try-watches.ts';

/** News of 14 to 18 August 2023 as it could have come in: day of August, language, title, text. Written for this test. */
type News = readonly [day: number, lang: string, title: string, text?: string];

const VISIT: readonly News[] = [
  [
    14,
    'en',
    'Chinese defence minister leaves for Russia and Belarus',
    'Li Shangfu will speak at a security conference in Moscow before going on to Minsk.',
  ],
  [14, 'en', 'China’s Li Shangfu to visit Belarus after Moscow security conference'],
  [14, 'ru', 'Министр обороны КНР Ли Шанфу посетит Россию и Белоруссию'],
  [15, 'zh', '中国国防部长李尚福将访问俄罗斯和白俄罗斯'],
  [15, 'de', 'Chinas Verteidigungsminister reist nach Russland und Belarus'],
  [16, 'en', "China's defence minister arrives in Minsk for three-day visit"],
  [
    16,
    'en',
    'Khrenin receives Chinese counterpart in Minsk',
    'The Belarusian and Chinese defence ministers inspected an honour guard before their talks.',
  ],
  [16, 'ru', 'Министр обороны Китая прибыл с официальным визитом в Минск'],
  [16, 'ru', 'Хренин и Ли Шанфу провели переговоры в Минске'],
  [16, 'uk', 'Міністр оборони Китаю прибув до Білорусі з візитом'],
  [16, 'pl', 'Minister obrony Chin przyleciał do Mińska. Spotka się z Łukaszenką'],
  [
    17,
    'en',
    'Belarus and China agree to widen military cooperation',
    'Joint exercises and officer training were among the subjects.',
  ],
  [17, 'en', 'Lukashenko tells Chinese general that Minsk wants closer army ties'],
  [17, 'fr', 'Le ministre chinois de la Défense reçu par Loukachenko à Minsk'],
  [17, 'es', 'El ministro de Defensa de China visita Bielorrusia y se reúne con Lukashenko'],
  [17, 'ar', 'وزير الدفاع الصيني يصل إلى مينسك في زيارة لبيلاروسيا'],
  [17, 'en', 'Warsaw watches as China and Belarus plan joint drills near Polish border'],
  [18, 'zh', '李尚福会见白俄罗斯总统卢卡申科 两军将加强合作'],
  [18, 'en', 'Beijing, Minsk to hold joint military exercises next year'],
];

const DECOYS: readonly News[] = [
  [
    14,
    'en',
    'China’s defence minister addresses security conference in Moscow',
    'Li Shangfu warned against playing with fire over Taiwan.',
  ],
  [14, 'en', 'Belarus beat China 3-0 in volleyball friendly in Minsk'],
  [15, 'en', 'Belarus exports more potash to China as rail terminal opens'],
  [15, 'ru', 'Белоруссия увеличит экспорт говядины в Китай'],
  [15, 'en', 'Poland moves 10,000 soldiers to Belarus border'],
  [16, 'pl', 'Litwa zamyka dwa przejścia graniczne z Białorusią'],
  [16, 'en', 'Defence ministers of Russia and Belarus talk of Wagner fighters'],
  [17, 'en', 'Chinese tourists return to Minsk as flights resume'],
  [17, 'de', 'Peking und Minsk vereinbaren Austausch von Studenten'],
  [17, 'zh', '中国与白俄罗斯签署农产品贸易协议'],
  [18, 'en', 'China holds military drills around Taiwan after vice president’s US stop'],
  [18, 'en', 'Minsk opera brings Turandot to the stage, with a Chinese conductor'],
];

const lineOf = ([day, , title, text]: News, index: number): TriageLine => ({
  id: `n${index}`,
  title,
  ...(text === undefined ? {} : { text }),
  source: `outlet-${index % 5}`,
  publishedAt: `2023-08-${day}T${String(6 + (index % 12)).padStart(2, '0')}:00:00Z`,
});
const WATCH = 'china-belarus-defence';

describe('the shipped watch for a Chinese defence minister in Minsk', () => {
  let trial: Trial;
  let matched: Map<string, readonly string[]>;

  beforeAll(async () => {
    trial = await loadTrial({ config: 'config' }, {}, new Date('2023-08-14T00:00:00Z'));
    const { knowledge, sources } = trial;
    const triage = createTriage({ knowledge, sources, storyWindowSec: 604_800, allTopics: false, startMs: 0 });
    const stream = [...VISIT, ...DECOYS].map(lineOf).sort((a, b) => (a.publishedAt! < b.publishedAt! ? -1 : 1));
    matched = new Map();
    for (const line of stream) {
      const { matches } = await triage(line);
      matched.set(
        line.title!,
        matches.map(({ watch }) => watch),
      );
    }
  }, 60_000);

  it.each(VISIT.map((news) => [news[1], news[2]]))('finds it in %s: %s', (_, title) => {
    expect(matched.get(title)).toContain(WATCH);
  });

  it.each(DECOYS.map((news) => [news[1], news[2]]))('leaves what is about something else (%s): %s', (_, title) => {
    expect(matched.get(title)).not.toContain(WATCH);
  });

  it('judges an archived article the same, or rules it out where nothing matches', () => {
    for (const [index, news] of [...VISIT, ...DECOYS].entries()) {
      const article = judgedTextOf(lineOf(news, index), trial.sources, Date.parse('2023-08-18T12:00:00Z'));
      const judged = judgeArticle(trial.knowledge, article);
      const tried = tryWatches(trial.knowledge, trial.possible, article);
      expect(tried?.matches ?? []).toEqual(judged.matches);
    }
  });

  it('spares most other news the whole judging', () => {
    const others = [
      'Shares fall in Tokyo',
      'New metro line opens in Oslo',
      'Heat wave closes museums',
      'Band announces tour',
    ];
    for (const title of others) {
      const article = judgedTextOf({ id: 'o', title }, trial.sources, 0);
      expect(tryWatches(trial.knowledge, trial.possible, article)).toBeNull();
    }
  });
});
