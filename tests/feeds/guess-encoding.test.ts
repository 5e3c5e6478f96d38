import { describe, expect, it } from 'vitest';
import { decodeBytes } from '../../src/feeds/decode-bytes.ts';
import { guessEncoding } from '../../src/feeds/guess-encoding.ts';

/** Bytes of `text` in an encoding that only a decoder knows: each character is looked for among all sequences of one and two bytes. */
function encode(text: string, label: string): Uint8Array {
  const decoder = new TextDecoder(label);
  const bytesOf = new Map<string, number[]>();
  const learn = (...bytes: number[]): void => {
    const character = decoder.decode(Uint8Array.from(bytes));
    if ([...character].length === 1 && character !== '\ufffd' && !bytesOf.has(character)) bytesOf.set(character, bytes);
  };
  for (let first = 0; first < 256; first++) learn(first);
  for (let first = 0x81; first < 256; first++) for (let second = 0x40; second < 256; second++) learn(first, second);
  return Uint8Array.from([...text].flatMap((character) => bytesOf.get(character) ?? [0x3f]));
}

const feed = (title: string, prolog = ''): string =>
  `${prolog}<rss version="2.0"><channel><title>News</title><item><title>${title}</title><description><![CDATA[<p class="lead">${title}</p>]]></description></item></channel></rss>`;

const FOREIGN: readonly [encoding: string, text: string][] = [
  ['windows-1251', 'Министр обороны Китая прибыл в Минск с трёхдневным визитом'],
  ['koi8-r', 'Министр обороны Китая прибыл в Минск с трёхдневным визитом'],
  ['shift_jis', '中国の国防相がミンスクを訪問した'],
  ['euc-jp', '中国の国防相がミンスクを訪問した'],
  ['gb18030', '国防部长抵达明斯克进行为期三天的访问，会见白俄罗斯国防部长'],
  ['big5', '國防部長抵達明斯克進行為期三天的訪問，會見白俄羅斯國防部長'],
  ['euc-kr', '중국 국방장관이 사흘간의 방문을 위해 민스크에 도착했다'],
  ['windows-1256', 'وصل وزير الدفاع الصيني إلى مينسك في زيارة تستغرق ثلاثة أيام'],
];

describe('a feed in another script is read', () => {
  it.each(FOREIGN)('without any label: %s', (encoding, text) => {
    expect(decodeBytes(encode(feed(text), encoding)).text).toContain(text);
  });

  it.each(FOREIGN)('under the label that software writes unasked: %s', (encoding, text) => {
    const prolog = '<?xml version="1.0" encoding="ISO-8859-1"?>';
    expect(decodeBytes(encode(feed(text, prolog), encoding), 'text/xml; charset=utf-8').text).toContain(text);
  });

  it('under a label that cannot read its bytes', () => {
    const [encoding, text] = FOREIGN[2]!;
    const prolog = '<?xml version="1.0" encoding="EUC-KR"?>';
    expect(decodeBytes(encode(feed(text, prolog), encoding))).toMatchObject({ decidedBy: 'guess' });
  });
});

describe('no guess is made', () => {
  it.each([
    ['a western language', 'Präsident à Genève: « où êtes-vous ? » – Øresund, señor, cœur…', 'windows-1252'],
    ['a label that reads the bytes well', 'Łódź żąda głosu, zażółć gęślą jaźń', 'iso-8859-2'],
  ])('against %s', (_, text, encoding) => {
    const prolog = `<?xml version="1.0" encoding="${encoding}"?>`;
    expect(decodeBytes(encode(feed(text, prolog), encoding))).toMatchObject({ encoding, decidedBy: 'prolog' });
  });

  it('from a few odd bytes', () => {
    expect(guessEncoding(Uint8Array.from([0x61, 0xe9, 0xe8, 0x62]))).toBeNull();
  });
});

describe('UTF-32 is read', () => {
  it.each([
    ['by its mark', [0xff, 0xfe, 0, 0], true],
    ['by its zero bytes', [], true],
    ['by its mark, big end first', [0, 0, 0xfe, 0xff], false],
    ['by its zero bytes, big end first', [], false],
  ])('%s', (_, mark, littleEndian) => {
    const text = '<rss>Минск 😀</rss>';
    const view = new DataView(new ArrayBuffer([...text].length * 4));
    for (const [index, character] of [...text].entries())
      view.setUint32(index * 4, character.codePointAt(0)!, littleEndian);
    expect(decodeBytes(Uint8Array.from([...mark, ...new Uint8Array(view.buffer)])).text).toBe(text);
  });
});
