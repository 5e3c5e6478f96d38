/** A news agency and how texts credit it. Home pages and credit lines of 2020 to 2024; add names as papers write them. */
interface Agency {
  readonly id: string;
  /** Names in any script. Capitals matter for those written with capitals alone (`AP`, `AFP`), not for others. */
  readonly names: readonly string[];
  /** Hosts that are the agency's own. */
  readonly hosts: readonly string[];
}

const AGENCIES: readonly Agency[] = [
  {
    id: 'reuters',
    names: ['Reuters', 'Reuter', 'Рейтер', 'Рейтерс', 'Ройтерс', '路透社', '路透', 'رويترز'],
    hosts: ['reuters.com'],
  },
  {
    id: 'afp',
    names: [
      'AFP',
      'Agence France-Presse',
      'Agence France Presse',
      'АФП',
      'Франс Пресс',
      '法新社',
      'فرانس برس',
      'أ ف ب',
    ],
    hosts: ['afp.com'],
  },
  {
    id: 'ap',
    names: ['AP', 'Associated Press', 'Ассошиэйтед Пресс', '美联社', 'أسوشيتد برس', 'أ ب'],
    hosts: ['apnews.com', 'ap.org'],
  },
  { id: 'upi', names: ['UPI'], hosts: ['upi.com'] },
  { id: 'bloomberg', names: ['Bloomberg', 'Блумберг', '彭博社'], hosts: ['bloomberg.com'] },
  { id: 'xinhua', names: ['Xinhua', 'Синьхуа', '新华社', '新华网', 'شينخوا'], hosts: ['xinhuanet.com', 'news.cn'] },
  { id: 'tass', names: ['TASS', 'ТАСС', 'ITAR-TASS', 'ИТАР-ТАСС', '塔斯社', 'تاس'], hosts: ['tass.com', 'tass.ru'] },
  { id: 'ria', names: ['RIA Novosti', 'РИА Новости', 'РИА'], hosts: ['ria.ru'] },
  { id: 'sputnik', names: ['Sputnik', '卫星通讯社', 'سبوتنيك'], hosts: ['sputniknews.com', 'sputnikglobe.com'] },
  { id: 'interfax', names: ['Interfax', 'Интерфакс'], hosts: ['interfax.ru', 'interfax.com'] },
  {
    id: 'interfax-ukraine',
    names: ['Interfax-Ukraine', 'Інтерфакс-Україна', 'Интерфакс-Украина'],
    hosts: ['interfax.com.ua'],
  },
  { id: 'ukrinform', names: ['Ukrinform', 'Укрінформ', 'Укринформ'], hosts: ['ukrinform.net', 'ukrinform.ua'] },
  { id: 'unian', names: ['UNIAN', 'УНІАН', 'УНИАН'], hosts: ['unian.net', 'unian.ua'] },
  { id: 'belta', names: ['BelTA', 'BELTA', 'БелТА', 'БЕЛТА'], hosts: ['belta.by'] },
  { id: 'pap', names: ['PAP', 'Polska Agencja Prasowa'], hosts: ['pap.pl'] },
  { id: 'dpa', names: ['dpa', 'DPA', 'Deutsche Presse-Agentur'], hosts: ['dpa.com'] },
  { id: 'apa', names: ['APA'], hosts: ['apa.at'] },
  { id: 'ansa', names: ['ANSA', 'Ansa'], hosts: ['ansa.it'] },
  { id: 'efe', names: ['EFE', 'Agencia EFE'], hosts: ['efe.com'] },
  { id: 'europa-press', names: ['Europa Press', 'EUROPA PRESS'], hosts: ['europapress.es'] },
  { id: 'lusa', names: ['Lusa', 'Agência Lusa'], hosts: ['lusa.pt'] },
  { id: 'bns', names: ['BNS'], hosts: ['bns.lt', 'bns.ee', 'bns.lv'] },
  { id: 'leta', names: ['LETA'], hosts: ['leta.lv'] },
  { id: 'elta', names: ['ELTA'], hosts: ['elta.lt'] },
  { id: 'ctk', names: ['ČTK', 'CTK'], hosts: ['ctk.cz'] },
  { id: 'anadolu', names: ['Anadolu Agency', 'Anadolu', 'Anadolu Ajansı', 'الأناضول'], hosts: ['aa.com.tr'] },
  { id: 'irna', names: ['IRNA', 'ИРНА', 'إرنا'], hosts: ['irna.ir'] },
  { id: 'tasnim', names: ['Tasnim', 'Тасним'], hosts: ['tasnimnews.com'] },
  { id: 'sana', names: ['SANA', 'سانا'], hosts: ['sana.sy'] },
  { id: 'wafa', names: ['WAFA', 'وفا'], hosts: ['wafa.ps'] },
  { id: 'kcna', names: ['KCNA', '朝中社', 'ЦТАК'], hosts: ['kcna.kp'] },
  { id: 'yonhap', names: ['Yonhap', '연합뉴스', '韩联社'], hosts: ['yna.co.kr'] },
  { id: 'kyodo', names: ['Kyodo', 'Kyodo News', '共同社', '共同通信'], hosts: ['kyodonews.net'] },
  { id: 'jiji', names: ['Jiji Press', '时事社', '時事通信'], hosts: ['jiji.com'] },
  { id: 'cna', names: ['CNA', '中央社'], hosts: ['focustaiwan.tw', 'cna.com.tw'] },
  { id: 'pti', names: ['PTI', 'Press Trust of India'], hosts: ['ptinews.com'] },
  { id: 'ani', names: ['ANI'], hosts: ['aninews.in'] },
  { id: 'pa', names: ['PA Media', 'PA news agency', 'Press Association'], hosts: ['pa.media'] },
  { id: 'aap', names: ['AAP', 'Australian Associated Press'], hosts: ['aap.com.au'] },
];

/** How far from either end of a text a credit stands: a dateline opens it, a credit line closes it. */
const HEAD = 160;
const TAIL = 120;

interface NamedAgency {
  readonly id: string;
  readonly names: readonly string[];
  readonly dateline: RegExp;
  readonly credit: RegExp;
}

const PATTERNS: readonly NamedAgency[] = AGENCIES.map(({ id, names }) => {
  const any = names.map(escaped).join('|');
  // A dateline: "MINSK, Aug 17 (Reuters) -", "(AP) —", "Reuters:", "新华社北京8月17日电", "МИНСК, 17 августа. /ТАСС/."
  const inBrackets = `[(/\\[（【]\\s*(?:${any})(?:\\s*[/,|;+]\\s*[\\p{L} ]{2,20})?\\s*[)/\\]）】]`;
  const opening = `^\\s*(?:${any})\\s*(?:[:|—–]|[ -]\\s*-\\s)|^\\s*(?:${names.filter(isIdeographic).map(escaped).join('|') || '(?!)'})`;
  const afterPlace = `^[\\p{Lu}][\\p{L} .,'’\\d]{1,50}[.,]\\s*(?:${any})\\s*[.:—–-]`;
  // A credit line: "(Reuters)", "© AFP", "Source: TASS", "Źródło: PAP", "with Reuters", at the end.
  const credit = `(?:©|source|źródło|quelle|fuente|fonte|источник|джерело|来源|المصدر|agencies|(?:reporting|additional reporting) by|with)\\s*[:：]?\\s*(?:the )?(?:${any})(?!\\p{L})`;
  const bare = `[\\s(/\\[|—–-](?:${any})\\s*[)/\\]]?[\\s.]*$`;
  return {
    id,
    names,
    dateline: new RegExp(`${inBrackets}|${opening}|${afterPlace}`, 'u'),
    credit: new RegExp(`${inBrackets}[\\s.]*|${credit}|${bare}`, 'u'),
  };
});

/** Any agency's name at all: most texts have none, and need not be tried for each. */
const ANY_NAME = new RegExp(AGENCIES.flatMap(({ names }) => names.map(escaped)).join('|'), 'u');

/**
 * The agency whose text this is: its own host, a dateline at the beginning, or a credit at the end. A text that only quotes an agency ("…, Reuters
 * reported") is its author's own. Null where no agency is named.
 */
export function nameOrigin(article: { readonly text: string; readonly host: string | null }): string | null {
  const own = AGENCIES.find(({ hosts }) =>
    hosts.some((host) => article.host === host || article.host?.endsWith(`.${host}`)),
  );
  if (own !== undefined) return own.id;
  const head = article.text.slice(0, HEAD);
  const tail = article.text.slice(Math.max(0, article.text.length - TAIL));
  return (
    agencyIn(head, ({ dateline }) => dateline.test(head)) ?? agencyIn(tail, ({ credit }) => credit.test(tail)) ?? null
  );
}

/** The first agency that is named in the part and credited there. Looking for a name costs next to nothing, trying a pattern does not. */
function agencyIn(part: string, isCredited: (agency: NamedAgency) => boolean): string | undefined {
  if (!ANY_NAME.test(part)) return undefined;
  return PATTERNS.find((agency) => agency.names.some((name) => part.includes(name)) && isCredited(agency))?.id;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
}
function isIdeographic(name: string): boolean {
  return /^\p{Script=Han}/u.test(name);
}
