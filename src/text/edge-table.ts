const EDGE = 4;
const GOES_ON = 1;
const ENDS = 2;

/**
 * (node, word id) → node, in one open-addressed table of integers: no object for a node, no allocation to look up, and all that a step
 * asks about an edge side by side, since with 100,000 terms each look elsewhere in memory costs more than the rest of the step.
 */
export class EdgeTable {
  readonly #mask: number;
  /** Of each slot: node (-1 where empty), word id, child, flags. */
  readonly #slots: Int32Array;

  constructor(edges: ReadonlyMap<number, ReadonlyMap<number, number>>, ends: (node: number) => boolean) {
    let count = 0;
    for (const children of edges.values()) count += children.size;
    let size = 16;
    while (size < count * 2) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int32Array(size * EDGE).fill(-1);
    for (const [node, children] of edges) {
      for (const [id, child] of children)
        this.#put(node, id, child, (edges.has(child) ? GOES_ON : 0) | (ends(child) ? ENDS : 0));
    }
  }

  /** The edge's place, or -1. */
  find(node: number, id: number): number {
    const slot = this.#slot(node, id);
    return this.#slots[slot] === -1 ? -1 : slot;
  }

  child(edge: number): number {
    return this.#slots[edge + 2] ?? -1;
  }

  /** Whether longer terms go on from the child. */
  goesOn(edge: number): boolean {
    return ((this.#slots[edge + 3] ?? 0) & GOES_ON) !== 0;
  }

  /** Whether terms end at the child. */
  ends(edge: number): boolean {
    return ((this.#slots[edge + 3] ?? 0) & ENDS) !== 0;
  }

  #put(node: number, id: number, child: number, flags: number): void {
    const slot = this.#slot(node, id);
    this.#slots[slot] = node;
    this.#slots[slot + 1] = id;
    this.#slots[slot + 2] = child;
    this.#slots[slot + 3] = flags;
  }

  /** Where the edge is, or the empty slot where it would be put. */
  #slot(node: number, id: number): number {
    const mixed = Math.imul(node, 0x9e3779b1) ^ Math.imul(id, 0x85ebca6b);
    for (let slot = (mixed ^ (mixed >>> 15)) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const found = this.#slots[slot * EDGE];
      if (found === -1 || (found === node && this.#slots[slot * EDGE + 1] === id)) return slot * EDGE;
    }
  }
}
