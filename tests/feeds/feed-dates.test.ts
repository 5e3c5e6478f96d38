import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFeedDate } from '../../src/feeds/feed-dates.ts';

const READ: readonly [written: string, iso: string, lang?: string][] = [
  ['Mon, 14 Aug 2023 09:30:00 +0200', '2023-08-14T07:30:00.000Z'],
  ['Mon, 14 Aug 23 09:30 GMT', '2023-08-14T09:30:00.000Z'],
  ['14 Aug 2023 09:30:00 EDT', '2023-08-14T13:30:00.000Z'],
  ['Monday, 14-Aug-23 09:30:00 UTC', '2023-08-14T09:30:00.000Z'],
  ['Mon Aug 14 09:30:00 2023', '2023-08-14T09:30:00.000Z'],
  ['Mon Aug 14 2023 09:30:00 GMT+0300 (Moscow Standard Time)', '2023-08-14T06:30:00.000Z'],
  ['Mon, 14 Aug 2023 09:30:00 +02:00', '2023-08-14T07:30:00.000Z'],
  ['Mon, 14 Aug 2023 24:00:00 GMT', '2023-08-15T00:00:00.000Z'],
  ['14 Aug 23 0930 GMT', '2023-08-14T09:30:00.000Z'],
  ['August 14th, 2023 9:30 p.m. EST', '2023-08-15T02:30:00.000Z'],
  ['2023-08-14T09:30:00.123456789+05:30', '2023-08-14T04:00:00.123Z'],
  ['2023-08-14 09:30:00', '2023-08-14T09:30:00.000Z'],
  ['2023-08-14T09:30Z', '2023-08-14T09:30:00.000Z'],
  ['20230814T093000Z', '2023-08-14T09:30:00.000Z'],
  ['2023/08/14 09:30:00 CEST', '2023-08-14T07:30:00.000Z'],
  ['2023-08', '2023-08-01T00:00:00.000Z'],
  ['1692005400', '2023-08-14T09:30:00.000Z'],
  ['1692005400000', '2023-08-14T09:30:00.000Z'],
  ['18/01/30', '2018-01-30T00:00:00.000Z'],
  ['31/01/2018 10:11', '2018-01-31T10:11:00.000Z'],
  ['1/31/2018 10:11 am', '2018-01-31T10:11:00.000Z'],
  ['5/6/2018', '2018-05-06T00:00:00.000Z'],
  ['5/6/2018', '2018-06-05T00:00:00.000Z', 'fr'],
  ['5.6.2018', '2018-06-05T00:00:00.000Z'],
  ['Sat, 19 Mar 2022 10:00:00 MET', '2022-03-19T09:00:00.000Z'],
  ['Tue, 07 Jul 2009 00:00:00 ET', '2009-07-07T04:00:00.000Z'],
  ['Tue, 06 Jan 2009 00:00:00 ET', '2009-01-06T05:00:00.000Z'],
  ['mer, 14 sep 2005 20:21:47 +0000', '2005-09-14T20:21:47.000Z'],
  ['15 août 2023 à 10:00', '2023-08-15T10:00:00.000Z'],
  ['Вт, 05 мар 2024 12:30:00 +0300', '2024-03-05T09:30:00.000Z'],
  ['5 марта 2024, 12:30', '2024-03-05T12:30:00.000Z'],
  ['16 sierpnia 2023 14:00', '2023-08-16T14:00:00.000Z'],
  ['16 listopada 2023', '2023-11-16T00:00:00.000Z', 'pl'],
  ['16 listopada 2023', '2023-10-16T00:00:00.000Z', 'hr'],
  ['12 Mrz 2023 10:00', '2023-03-12T10:00:00.000Z', 'de'],
  ['Κυρ, 11 Ιούλ 2004 12:00:00 EST', '2004-07-11T17:00:00.000Z'],
  ['2004-július-13T9:15-05:00', '2004-07-13T14:15:00.000Z'],
  ['2023年8月15日 下午3:30', '2023-08-15T15:30:00.000Z'],
  ['2004년 05월 28일 01:31:15', '2004-05-28T01:31:15.000Z'],
  ['2004-05-25 오후 11:23:17', '2004-05-25T23:23:17.000Z'],
  ['Mon Aug 14 09:30:00 +0200 2023', '2023-08-14T07:30:00.000Z'],
  ['Mon, 14 Aug 2023 09.30.00 GMT', '2023-08-14T09:30:00.000Z'],
  ['14 Agu 2023 09.30 WIB', '2023-08-14T02:30:00.000Z', 'id'],
  ['Mon, 14 Aug 2023 09:30:00 Europe/Berlin', '2023-08-14T07:30:00.000Z'],
  ['Mon, 14 Aug 2023 00:00:00 +3000', '2023-08-12T18:00:00.000Z'],
  ['2023-226', '2023-08-14T00:00:00.000Z'],
  ['2023-226T09:30:00Z', '2023-08-14T09:30:00.000Z'],
  ['20230814093000', '2023-08-14T09:30:00.000Z'],
  ['14.08.23', '2023-08-14T00:00:00.000Z'],
  ['١٤ أغسطس ٢٠٢٣', '2023-08-14T00:00:00.000Z', 'ar'],
  ['14 สิงหาคม 2566', '2023-08-14T00:00:00.000Z', 'th'],
];

const NOT_READ = [
  '',
  'soon',
  'yesterday at 5',
  '0001-01-01T00:00:00Z',
  '0071-01-01T00:00:00Z',
  'Mon, 01 Jan 0001 00:00:00 +0000',
  '0000-00-00 00:00:00',
  '1970-01-01T00:00:00Z',
  '2023-999',
  '2023-13-45',
  '１',
  '((((',
];

describe('parseFeedDate', () => {
  it.each(READ)('reads %j as %s', (written, iso, lang) => {
    expect(parseFeedDate(written, lang)).toBe(iso);
  });

  it.each(NOT_READ)('finds no date in %j', (written) => {
    expect(parseFeedDate(written)).toBeNull();
  });

  it('does not depend on where the machine stands', () => {
    const zone = process.env.TZ;
    try {
      process.env.TZ = 'Asia/Tokyo';
      expect(parseFeedDate('2023-08-14 09:30')).toBe('2023-08-14T09:30:00.000Z');
      expect(parseFeedDate('14 Aug 2023 09:30')).toBe('2023-08-14T09:30:00.000Z');
    } finally {
      process.env.TZ = zone;
    }
  });

  it('reads back every instant since the second day of 1970 in the two standard forms', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(86_400_000), max: new Date('9999-01-01'), noInvalidDate: true }), (date) => {
        date.setUTCMilliseconds(0);
        expect(parseFeedDate(date.toISOString())).toBe(date.toISOString());
        expect(parseFeedDate(date.toUTCString())).toBe(date.toISOString());
      }),
    );
  });

  it('answers a date in UTC or null for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, lang) =>
        /^$|Z$/.test(parseFeedDate(text, lang) ?? ''),
      ),
    );
  });
});
