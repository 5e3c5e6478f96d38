/** What is remembered of an item: what it said and the last day on which the feed still held it (days since 1970). */
export interface SeenMark {
  readonly revision: string;
  readonly day: number;
}

export interface ItemDiff<T> {
  readonly fresh: readonly T[];
  readonly revised: readonly T[];
  readonly unchanged: readonly T[];
  /** What is to be stored, last of all: new and changed marks, and those whose day has passed. */
  readonly marks: ReadonlyMap<string, SeenMark>;
}

const DAY_MS = 86_400_000;

/** The day that marks written at this moment carry. */
export function seenDay(now: number): number {
  return Math.floor(now / DAY_MS);
}

/**
 * Tells a poll's new and changed items from those already queued. Of two items with one key the first counts, since
 * feeds put the latest first.
 *
 * @param items the document's items in its order.
 * @param seen the stored marks of these items' keys.
 */
export function diffItems<T>(
  items: readonly T[],
  seen: ReadonlyMap<string, SeenMark>,
  { keyOf, revisionOf, now }: { keyOf: (item: T) => string; revisionOf: (item: T) => string; now: number },
): ItemDiff<T> {
  const day = seenDay(now);
  const marks = new Map<string, SeenMark>();
  const [fresh, revised, unchanged]: [T[], T[], T[]] = [[], [], []];
  const met = new Set<string>();
  for (const item of items) {
    const key = keyOf(item);
    if (met.has(key)) continue;
    met.add(key);
    const known = seen.get(key);
    const revision = revisionOf(item);
    const kind = known === undefined ? fresh : known.revision === revision ? unchanged : revised;
    kind.push(item);
    if (known?.revision !== revision || known.day !== day) marks.set(key, { revision, day });
  }
  return { fresh, revised, unchanged, marks };
}
