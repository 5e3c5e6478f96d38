/** A package of somebody else's, as package-lock.json has it. */
export interface ThirdParty {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly licence: string;
  /** False: it builds and tests the program, and is not part of what is shipped. */
  readonly shipped: boolean;
}

/** Licences that ask for no more than their notice (and, for data, for its source to be named). SPDX identifiers; spdx.org/licenses. */
export const ACCEPTED_LICENCES: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT OR Apache-2.0',
  'MPL-2.0',
  'ODbL-1.0',
  'Python-2.0',
  'Unlicense',
];

/** Packages whose package.json names no licence, but whose LICENSE file does. */
const STATED: Readonly<Record<string, string>> = { 'world-countries': 'ODbL-1.0' };

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version?: string; readonly license?: string; readonly dev?: boolean; readonly name?: string }
    >
  >;
}

/** The packages of a lock file (version 3), sorted by name; `json` is its text. A package without a licence has `UNKNOWN`. */
export function thirdParties(json: string): ThirdParty[] {
  const { packages } = JSON.parse(json) as Lock;
  const all = Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, one]) => {
      const name = one.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const licence = one.license ?? STATED[name] ?? 'UNKNOWN';
      return { name, version: one.version ?? '', licence, shipped: one.dev !== true };
    });
  const unique = new Map(all.map((one) => [`${one.name} ${one.version} ${one.shipped}`, one]));
  return [...unique.values()].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

const key = ({ name, version }: ThirdParty): string => `${name} ${version}`;

/** The page that lists them. */
export function thirdPartyPage(all: readonly ThirdParty[]): string {
  const rows = (shipped: boolean): string[] => [
    '| package | version | licence |',
    '|---|---|---|',
    ...all
      .filter((one) => one.shipped === shipped)
      .map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`),
  ];
  return [
    '# Third-party packages',
    '',
    'Made by `npm run licences` from package-lock.json; each package has its licence text beside it in node_modules.',
    'The country names of world-countries are data under the Open Database License: a changed copy of that database has to stay open.',
    '',
    '## Part of the program',
    '',
    ...rows(true),
    '',
    '## For building and testing alone',
    '',
    ...rows(false),
    '',
  ].join('\n');
}
