import type { Field } from '../text/evidence.ts';
import type { SafeRegex } from './query-regex.ts';

/**
 * A query made ready to judge articles. A key is the number of something an article has or has not: a term, a tag, a group's any member.
 * Every clause keeps its place in the query, so that a verdict can point there.
 */
export type Compiled = Place &
  (
    | { readonly op: 'and' | 'or'; readonly parts: readonly Compiled[] }
    | { readonly op: 'not'; readonly part: Compiled }
    | { readonly op: 'at-least'; readonly count: number; readonly parts: readonly Compiled[] }
    | Leaf
  );

/** UTF-16 offsets into the query, end exclusive. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** A term of the phrase matcher, with how its author wrote it. */
export interface CompiledTerm {
  readonly key: number;
  /** The number the matcher's builder gave. */
  readonly term: number;
  readonly written: string;
}

export type CompiledLeaf = Place & Leaf;

type Leaf =
  /** One term, or any of a group's; `anywhere` where the fields are all of them, so that the key alone decides. */
  | {
      readonly op: 'terms';
      readonly key: number;
      readonly terms: readonly CompiledTerm[];
      readonly fields: readonly Field[];
      readonly anywhere: boolean;
    }
  | {
      readonly op: 'near';
      readonly units: readonly CompiledTerm[];
      readonly fields: readonly Field[];
      readonly distance: number;
      readonly written: string;
    }
  | {
      readonly op: 'regex';
      readonly regex: SafeRegex;
      readonly fields: readonly Field[];
      readonly written: string;
    }
  /** One tag, or any of a group's; `names` as in `tagName`, `keys` in the same order, `key` that of the whole. */
  | { readonly op: 'tags'; readonly key: number; readonly names: readonly string[]; readonly keys: readonly number[] }
  | { readonly op: 'published'; readonly from: number; readonly to: number };

/** The name under which a tag has a key: `country:CN`, `topic:defense`, `role:defence-minister@CN`. */
export function tagName(field: string, value: string, country: string | null = null): string {
  return country === null ? `${field}:${value}` : `${field}:${value}@${country}`;
}
