/** A story under an article's terms: its number, and the sum of the rarity of the terms they share. */
export interface RankedStory {
  readonly number: number;
  readonly score: number;
}

/** Adds up what speaks for each of the stories under an article's terms, in an open-addressed table: an article's terms name hundreds, nearly all in vain. */
export class StoryTally {
  readonly #mask: number;
  readonly #numbers: Uint32Array;
  readonly #scores: Float64Array;
  /** The term that counted last, plus one; 0 where the slot is empty. */
  readonly #terms: Uint16Array;

  /** `most` is how often `add` will be called at most. */
  constructor(most: number) {
    let size = 64;
    while (size < most * 2) size *= 2;
    this.#mask = size - 1;
    this.#numbers = new Uint32Array(size);
    this.#scores = new Float64Array(size);
    this.#terms = new Uint16Array(size);
  }

  /** Forgets all, to be used again. */
  clear(): void {
    this.#terms.fill(0);
  }

  /** A story stands under a term (a place in the article's terms, ascending from call to call) of this rarity; twice under one term counts once. */
  add(number: number, term: number, rarity: number): void {
    let slot = Math.imul(number, 0x9e3779b1) & this.#mask;
    while (this.#terms[slot] !== 0 && this.#numbers[slot] !== number) slot = (slot + 1) & this.#mask;
    if (this.#terms[slot] === term + 1) return;
    this.#scores[slot] = this.#terms[slot] === 0 ? rarity : this.#scores[slot]! + rarity;
    this.#numbers[slot] = number;
    this.#terms[slot] = term + 1;
  }

  /** The stories that share most and rarest terms first, at most `limit`; of equals the later one. By insertion: nearly all fall at the first comparison. */
  best(limit: number): RankedStory[] {
    const [numbers, scores] = [new Float64Array(limit), new Float64Array(limit)];
    let count = 0;
    for (let slot = 0; slot <= this.#mask; slot++) {
      if (this.#terms[slot] === 0) continue;
      const number = this.#numbers[slot]!;
      const score = this.#scores[slot]!;
      let place = count;
      for (; place > 0 && isBefore(score, number, scores[place - 1]!, numbers[place - 1]!); place--) {
        if (place === limit) continue;
        scores[place] = scores[place - 1]!;
        numbers[place] = numbers[place - 1]!;
      }
      if (place === limit) continue;
      scores[place] = score;
      numbers[place] = number;
      if (count < limit) count++;
    }
    return Array.from(numbers.subarray(0, count), (number, place) => ({ number, score: scores[place]! }));
  }
}

const isBefore = (score: number, number: number, otherScore: number, otherNumber: number): boolean =>
  score > otherScore || (score === otherScore && number > otherNumber);
