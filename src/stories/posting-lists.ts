const EMPTY = 0;

/**
 * The last stories under each term, at most `most` of them: an open-addressed table whose slots hold a key, a length and the numbers side by side, so that a look-up
 * fetches one place of memory.
 */
export class PostingLists {
  readonly #most: number;
  readonly #width: number;
  #mask = 1023;
  #count = 0;
  /** Of each slot: how many numbers (0 where it is empty), the key, the numbers, oldest first. */
  #slots: Uint32Array;

  constructor(most: number) {
    this.#most = most;
    this.#width = most + 2;
    this.#slots = new Uint32Array((this.#mask + 1) * this.#width);
  }

  /** Visits the numbers under a key. */
  visit(key: number, visit: (number: number) => void): void {
    const slot = this.#slot(key);
    const end = slot + 2 + this.#slots[slot]!;
    for (let at = slot + 2; at < end; at++) visit(this.#slots[at]!);
  }

  /** Puts a number last in a key's list; the oldest falls off a full one. */
  post(key: number, number: number): void {
    let slot = this.#slot(key);
    if (this.#slots[slot] === EMPTY && ++this.#count * 2 > this.#mask) {
      this.#grow();
      slot = this.#slot(key);
    }
    const first = slot + 2;
    let length = this.#slots[slot]!;
    let place = first;
    while (place < first + length && this.#slots[place] !== number) place++;
    const isFull = place === first + length && length === this.#most;
    if (isFull) place = first;
    if (place < first + length) this.#slots.copyWithin(place, place + 1, first + length--);
    this.#slots[slot] = length + 1;
    this.#slots[slot + 1] = key;
    this.#slots[first + length] = number;
  }

  /** Where the key is, or the empty slot where it would be put. */
  #slot(key: number): number {
    for (let at = key & this.#mask; ; at = (at + 1) & this.#mask) {
      const slot = at * this.#width;
      if (this.#slots[slot] === EMPTY || this.#slots[slot + 1] === key) return slot;
    }
  }

  #grow(): void {
    const [old, width] = [this.#slots, this.#width];
    this.#mask = this.#mask * 2 + 1;
    this.#slots = new Uint32Array((this.#mask + 1) * width);
    for (let slot = 0; slot < old.length; slot += width)
      if (old[slot] !== EMPTY) this.#slots.set(old.subarray(slot, slot + width), this.#slot(old[slot + 1]!));
  }
}
