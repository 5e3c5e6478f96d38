import { nearest } from '../watches/suggest.ts';
import type { ConfigProblem } from './config-problem.ts';
import type { YamlFile } from './yaml-file.ts';

/** An entry of a list as it stands in the file, whatever else is wrong with it. */
interface RawEntry {
  readonly index: number;
  readonly id: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The entries of a list at the top of a file that have an id, also those with mistakes: their names are known. */
export function namedEntries(yaml: YamlFile, list: string): RawEntry[] {
  const { value } = yaml;
  const entries: unknown = typeof value === 'object' && value !== null && list in value ? Reflect.get(value, list) : [];
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown, index) => {
    if (typeof entry !== 'object' || entry === null || !('id' in entry) || typeof entry.id !== 'string') return [];
    return [{ index, id: entry.id, value: entry as Readonly<Record<string, unknown>> }];
  });
}

/** What is wrong between entries and between files. A file that is no YAML names nothing, and nothing is said of what refers to it. */
export function crossCheck(files: {
  readonly feeds: YamlFile;
  readonly watches: YamlFile;
  readonly subscribers: YamlFile;
}): ConfigProblem[] {
  const { feeds, watches, subscribers } = files;
  return [
    ...repeatedIds(feeds, 'feeds'),
    ...repeatedIds(watches, 'watches'),
    ...repeatedIds(subscribers, 'subscribers'),
    ...unknownSubscribers(watches, subscribers),
    ...unknownFallbacks(subscribers),
  ];
}

function repeatedIds(yaml: YamlFile, list: string): ConfigProblem[] {
  const first = new Map<string, number>();
  const problems: ConfigProblem[] = [];
  for (const { id, index } of namedEntries(yaml, list)) {
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, index);
    else problems.push(yaml.problemAt([list, index, 'id'], `the id "${id}" is taken by ${list}[${earlier}]`));
  }
  return problems;
}

function unknownSubscribers(watches: YamlFile, subscribers: YamlFile): ConfigProblem[] {
  if (!subscribers.isReadable) return [];
  const known = namedEntries(subscribers, 'subscribers').map((one) => one.id);
  return namedEntries(watches, 'watches').flatMap(({ index, value: { notify } }) =>
    (Array.isArray(notify) ? notify : []).flatMap((id: unknown, place) => {
      if (typeof id !== 'string' || known.includes(id)) return [];
      const near = nearest(id, known);
      const hint = near ? ` — did you mean "${near}"?` : ' in subscribers.yaml';
      return [watches.problemAt(['watches', index, 'notify', place], `no subscriber "${id}"${hint}`)];
    }),
  );
}

function unknownFallbacks(subscribers: YamlFile): ConfigProblem[] {
  const entries = namedEntries(subscribers, 'subscribers');
  return entries.flatMap(({ index, id, value: { fallback } }) => {
    if (typeof fallback !== 'string' || entries.some((one) => one.id === fallback && one.id !== id)) return [];
    return [subscribers.problemAt(['subscribers', index, 'fallback'], `no other subscriber "${fallback}"`)];
  });
}
