import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { type EntityConfig, entityFileSchema, mergeEntityFiles } from '../entities/entity-schema.ts';
import { mergeTopicFiles, type TaxonomyConfig, topicFileSchema } from '../topics/topic-schema.ts';
import { nearest } from '../watches/suggest.ts';
import { type AttacheSettings, attacheSchema } from './attache-schema.ts';
import { ConfigError, type ConfigProblem } from './config-problem.ts';
import { crossCheck, namedEntries } from './cross-checks.ts';
import { type FeedSettings, feedsSchema } from './feeds-schema.ts';
import { type SubscriberSettings, subscribersSchema } from './subscribers-schema.ts';
import { validate } from './validate.ts';
import { type WatchSettings, watchesSchema } from './watches-schema.ts';
import { type Environment, readYaml } from './yaml-file.ts';

/** A configuration that has passed its schemas. Durations are seconds. */
export interface Config {
  readonly dir: string;
  readonly settings: AttacheSettings;
  readonly feeds: readonly FeedSettings[];
  readonly topics: TaxonomyConfig;
  readonly entities: EntityConfig;
  readonly watches: readonly WatchSettings[];
  /** Groups of terms, for `$NAME` in queries. */
  readonly terms: Readonly<Record<string, readonly string[]>>;
  readonly subscribers: readonly SubscriberSettings[];
  /** Twelve hex digits over everything that judges an article: an alert names the configuration it was made with. */
  readonly hash: string;
  /** Points at places in the files, for checks that come after loading (a query's syntax, a failing test). */
  readonly places: ConfigPlaces;
}

export interface ConfigPlaces {
  watch(index: number, path: readonly PropertyKey[], message: string, offset?: number): ConfigProblem;
  /** A group of terms, or one of its members. */
  group(name: string, member: number | null, message: string): ConfigProblem;
}

/** All that a config directory says, and all that is wrong with it. */
export interface ConfigReading {
  /** What is usable: entries with a mistake are left out. Fit for running where there is no problem. */
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
  /** Ids and tags of the feeds, also of those with a mistake: what a query may name. */
  readonly feedNames: readonly { readonly id: string; readonly tags: readonly string[] }[];
  /** Topics, entities and feeds are all readable: a name that a query uses and that is not among them is a mistake of the query. */
  readonly knowsAllNames: boolean;
}

/** Loads a config directory. Throws a ConfigError with every problem of every file at once. */
export async function loadConfig(dir: string, env: Environment): Promise<Config> {
  const { config, problems } = await readConfig(dir, env);
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Reads a config directory as far as it can be. Missing files count as empty; a missing directory is a problem. */
export async function readConfig(dir: string, env: Environment): Promise<ConfigReading> {
  const problems: ConfigProblem[] = [];
  await listYaml(dir, problems);
  const load = async <S extends z.ZodType>(name: string, schema: S) => {
    const yaml = readYaml(join(dir, name), await readOrEmpty(join(dir, name), problems), env);
    const checked = validate(yaml, schema);
    problems.push(...checked.problems);
    return { yaml, ...checked };
  };
  const settings = await load('attache.yaml', attacheSchema);
  const feeds = await load('feeds.yaml', feedsSchema);
  const watches = await load('watches.yaml', watchesSchema);
  const subscribers = await load('subscribers.yaml', subscribersSchema);
  const loadAll = async <S extends z.ZodType>(folder: string, schema: S) =>
    Promise.all((await yamlIn(dir, folder, problems)).map((name) => load(name, schema)));
  const topics = await loadAll('topics', topicFileSchema);
  const entities = await loadAll('entities', entityFileSchema);
  problems.push(...crossCheck({ feeds: feeds.yaml, watches: watches.yaml, subscribers: subscribers.yaml }));

  const feedList = feeds.value?.feeds ?? [];
  const watchList = watches.value ?? watchesSchema.parse({});
  return {
    problems,
    feedNames: namedEntries(feeds.yaml, 'feeds').map(({ id, value }) => ({ id, tags: textsOf(value.tags) })),
    knowsAllNames: feeds.yaml.isReadable && [...topics, ...entities].every((file) => file.problems.length === 0),
    config: {
      dir,
      settings: settings.value ?? attacheSchema.parse({}),
      feeds: feedList,
      topics: mergeTopicFiles(topics.flatMap((file) => file.value ?? [])),
      entities: mergeEntityFiles(entities.flatMap((file) => file.value ?? [])),
      watches: watchList.watches,
      terms: watchList.terms,
      subscribers: subscribers.value?.subscribers ?? [],
      hash: hashOf([watchList, entities.map((file) => file.value), feedList.map(({ headers: _, ...feed }) => feed)]),
      places: {
        watch(index, path, message, offset) {
          const place = ['watches', watches.placeOf('watches', index), ...path];
          return offset === undefined
            ? watches.yaml.problemAt(place, message)
            : watches.yaml.problemInside(place, message, offset);
        },
        group: (name, member, message) =>
          member === null
            ? watches.yaml.problemAt(['terms'], message, name)
            : watches.yaml.problemAt(['terms', name, member], message),
      },
    },
  };
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

const YAML_NAME = /\.ya?ml$/;
const KNOWN_FILES = ['attache.yaml', 'feeds.yaml', 'watches.yaml', 'subscribers.yaml'];

/** A file whose name nobody reads is a mistake (`watch.yaml`, `feeds.yml`), not a silence. */
async function listYaml(dir: string, problems: ConfigProblem[]): Promise<void> {
  try {
    for (const name of await readdir(dir)) {
      if (!YAML_NAME.test(name) || KNOWN_FILES.includes(name)) continue;
      const near = nearest(name, KNOWN_FILES);
      problems.push(
        wholeFile(
          join(dir, name),
          `this file is not read${near ? ` — did you mean ${near}?` : `; known: ${KNOWN_FILES.join(', ')}`}`,
        ),
      );
    }
  } catch (error) {
    problems.push(
      wholeFile(
        dir,
        `cannot read the config directory (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); name another with --config DIR`,
      ),
    );
  }
}

/** The YAML files of a folder, by name, so that the same files always make the same configuration. */
async function yamlIn(dir: string, folder: string, problems: ConfigProblem[]): Promise<string[]> {
  try {
    const names = await readdir(join(dir, folder));
    return names
      .filter((name) => YAML_NAME.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') problems.push(wholeFile(join(dir, folder), `cannot be read (${code})`));
    return [];
  }
}

async function readOrEmpty(file: string, problems: ConfigProblem[]): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.push(wholeFile(file, `cannot be read (${code})`));
    return '';
  }
}

const wholeFile = (file: string, message: string): ConfigProblem => ({ file, line: 1, column: 1, path: '', message });

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
