const FIRST_BUFFER_BYTES = 16 * 1024;

/** Bytes in one buffer that grows in place; what is let go of is given back at once, not at the next collection of garbage. */
export class GrowingBody {
  chunks = 0;
  size = 0;
  #bytes = new Uint8Array();

  /** Makes room for `length` bytes in all. */
  reserve(length: number): void {
    if (length > this.#bytes.length) this.#resize(length);
  }

  /** @param maxBytes the most that `add` will ever bring in all. */
  add(chunk: Uint8Array, maxBytes: number): void {
    this.chunks += 1;
    const size = this.size + chunk.length;
    if (size > this.#bytes.length)
      this.#resize(Math.max(Math.min(Math.max(this.#bytes.length * 2, FIRST_BUFFER_BYTES), maxBytes), size));
    this.#bytes.set(chunk, this.size);
    this.size = size;
  }

  /** Counts a piece without keeping it. */
  skip(chunk: Uint8Array): void {
    this.chunks += 1;
    this.size += chunk.length;
  }

  /** The bytes, as a buffer of their own: whoever passes a view on to a thread would copy all that is behind it. */
  take(): Uint8Array {
    const size = Math.min(this.size, this.#bytes.length);
    if (size !== this.#bytes.length) this.#resize(size);
    return this.#bytes;
  }

  drop(): void {
    this.#resize(0);
  }

  #resize(length: number): void {
    this.#bytes = new Uint8Array(this.#bytes.buffer.transfer(length));
  }
}
