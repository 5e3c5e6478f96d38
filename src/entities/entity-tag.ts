import type { Evidence } from '../text/evidence.ts';

export type EntityType = 'country' | 'organisation' | 'person' | 'role';

/** An entity an article names. A country's id is ISO 3166-1 alpha-2 (`CN`), others are slugs (`nato`, `defence-minister`). */
export interface EntityTag {
  readonly id: string;
  readonly type: EntityType;
  /** For a role: whose it is (`CN` in "China's defence minister"), or null where the text does not say. Absent for other types. */
  readonly country?: string | null;
  readonly evidence: readonly Evidence[];
}
