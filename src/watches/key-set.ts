const EMPTY = -1;

/**
 * A set of small non-negative integers for one article: an open-addressed table that stays in the processor's first cache, where a Set or an
 * array over all keys of 100,000 watches would not.
 */
export class KeySet {
  /** In the order they came. */
  readonly keys: number[] = [];
  #table: Int32Array;
  #mask: number;

  constructor(expected: number) {
    let size = 64;
    while (size < expected * 2) size *= 2;
    this.#table = new Int32Array(size).fill(EMPTY);
    this.#mask = size - 1;
  }

  has(key: number): boolean {
    return this.#table[this.#slot(key)] === key;
  }

  add(key: number): void {
    const slot = this.#slot(key);
    if (this.#table[slot] === key) return;
    this.#table[slot] = key;
    this.keys.push(key);
    if (this.keys.length * 2 > this.#mask) this.#grow();
  }

  /** Where the key is, or would be put. */
  #slot(key: number): number {
    let slot = Math.imul(key, 0x9e3779b1) >>> 7;
    for (slot &= this.#mask; ; slot = (slot + 1) & this.#mask) {
      const found = this.#table[slot];
      if (found === key || found === EMPTY) return slot;
    }
  }

  #grow(): void {
    this.#mask = this.#mask * 2 + 1;
    this.#table = new Int32Array(this.#mask + 1).fill(EMPTY);
    for (const key of this.keys) this.#table[this.#slot(key)] = key;
  }
}
