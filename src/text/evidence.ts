/** The searchable fields of an article, in the order in which a reader meets them. */
export const FIELDS = ['title', 'summary', 'text'] as const;
export type Field = (typeof FIELDS)[number];

/** A span that made a topic, an entity or a watch hit. Offsets are UTF-16 code units into the field, end exclusive. */
export interface Evidence {
  readonly field: Field;
  readonly start: number;
  readonly end: number;
  /** The words as they stand in the field: `field.slice(start, end)`. */
  readonly text: string;
  /** The term, as its author wrote it, that found them. */
  readonly term: string;
}
