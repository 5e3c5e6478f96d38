import { expect, it } from 'vitest';
import { nameOrigin } from '../../src/stories/name-origin.ts';

const body =
  'The minister met his counterpart in the capital and both signed a plan of exercises for the coming year, officials said.';
const origin = (text: string, host: string | null = null) => nameOrigin({ text, host });

it.each([
  ['reuters', `MINSK, Aug 17 (Reuters) - ${body}`],
  ['ap', `MINSK, Belarus (AP) — ${body}`],
  ['afp', `${body} © AFP`],
  ['afp', `${body} (AFP)`],
  ['xinhua', `MINSK, Aug. 17 (Xinhua) -- ${body}`],
  ['xinhua', '新华社明斯克8月17日电 国防部长访问白俄罗斯。'],
  ['tass', 'МИНСК, 17 августа. /ТАСС/. Министр обороны прибыл с визитом.'],
  [
    'ria',
    'МИНСК, 17 авг – РИА Новости. Министр обороны прибыл с визитом в Белоруссию, где его встретил коллега. (РИА Новости)',
  ],
  ['belta', `17 August, Minsk /Corr. BelTA/ ${body} (BelTA)`],
  ['pap', `${body} (PAP)`],
  ['pap', `${body} Źródło: PAP`],
  ['dpa', `Minsk (dpa) - ${body}`],
  ['anadolu', `${body} Source: Anadolu Agency`],
])('credits %s for a text that opens or closes with it', (agency, text) => {
  expect(origin(text)).toBe(agency);
});

it('credits an agency for what stands on its own site', () => {
  expect(origin(body, 'www.reuters.com')).toBe('reuters');
  expect(origin(body, 'notreuters.com')).toBeNull();
});

it.each([
  [
    'quotes an agency',
    `${body} The two had spoken before, Reuters reported on Monday, and will meet again in the autumn of next year, in a third country.`,
  ],
  ['tells of an agency’s people', `A photographer of the Associated Press was hurt in the blast. ${body}`],
  ['has the letters in other words', `PAPAL VISIT (APPEALS) ${body}`],
])('credits nobody for a text that %s', (_, text) => {
  expect(origin(text)).toBeNull();
});
