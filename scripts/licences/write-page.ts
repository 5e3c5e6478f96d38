// `npm run licences`: writes THIRD-PARTY.md anew, after a dependency has changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { thirdParties, thirdPartyPage } from './third-party.ts';

const root = new URL('../../', import.meta.url);
const lock = readFileSync(new URL('package-lock.json', root), 'utf8');
writeFileSync(new URL('THIRD-PARTY.md', root), thirdPartyPage(thirdParties(lock)));
