import type { Sketch } from './sketch-text.ts';
import { packTerm, TermVector } from './term-vector.ts';

/** What a story keeps of an article that stands for it. */
export interface StoryMember {
  readonly articleId: string;
  readonly origin: string;
  readonly lang: string;
  readonly sourceId: string;
  readonly at: number;
  /** A live blog or a round-up: about many events. */
  readonly isRoundup: boolean;
  /** About defence, diplomacy or conflict, as far as its tags say. */
  readonly isOnSubject: boolean;
  readonly terms: TermVector;
  readonly sketch: Sketch;
}

/** 2: weights in steps of a nat, where they were parts of the heaviest. */
const VERSION = 2;
const TERM_BYTES = 6;
const ROUNDUP = 1;
const ON_SUBJECT = 2;

/** A member as bytes: version, flags, time, four strings with a length byte, terms of six bytes, sketch hashes of four. Some 300 to 600 bytes. */
export function packMember(member: StoryMember): Buffer {
  const strings = [member.articleId, member.origin, member.lang, member.sourceId].map((one) =>
    Buffer.from(one, 'utf8').subarray(0, 255),
  );
  const head = Buffer.alloc(10);
  head.writeUInt8(VERSION, 0);
  head.writeUInt8((member.isRoundup ? ROUNDUP : 0) | (member.isOnSubject ? ON_SUBJECT : 0), 1);
  head.writeDoubleLE(member.at, 2);
  const terms = Buffer.alloc(1 + member.terms.count * TERM_BYTES);
  terms.writeUInt8(member.terms.count, 0);
  for (const [index, term] of member.terms.all().entries()) {
    const offset = 1 + index * TERM_BYTES;
    terms.writeUInt32LE(term.key, offset);
    terms.writeUInt8(term.weight, offset + 4);
    terms.writeUInt8(term.flags, offset + 5);
  }
  const sketch = Buffer.alloc(1 + member.sketch.length * 4);
  sketch.writeUInt8(member.sketch.length, 0);
  for (const [index, hash] of member.sketch.entries()) sketch.writeUInt32LE(hash, 1 + index * 4);
  return Buffer.concat([head, ...strings.flatMap((one) => [Buffer.from([one.length]), one]), terms, sketch]);
}

/** Reads what `packMember` wrote; null for bytes of another version, which a rolling upgrade may meet. */
export function unpackMember(bytes: Buffer): StoryMember | null {
  if (bytes[0] !== VERSION) return null;
  let offset = 10;
  const readString = (): string => {
    const length = bytes[offset]!;
    offset += 1 + length;
    return bytes.toString('utf8', offset - length, offset);
  };
  const [articleId, origin, lang, sourceId] = [readString(), readString(), readString(), readString()];
  const terms = new Float64Array(bytes[offset++]!);
  for (let index = 0; index < terms.length; index++, offset += TERM_BYTES)
    terms[index] = packTerm(bytes.readUInt32LE(offset), bytes[offset + 4]!, bytes[offset + 5]!);
  const sketch = new Uint32Array(bytes[offset++]!);
  for (let index = 0; index < sketch.length; index++, offset += 4) sketch[index] = bytes.readUInt32LE(offset);
  const flags = bytes[1]!;
  return {
    articleId,
    origin,
    lang,
    sourceId,
    at: bytes.readDoubleLE(2),
    isRoundup: (flags & ROUNDUP) !== 0,
    isOnSubject: (flags & ON_SUBJECT) !== 0,
    terms: new TermVector(terms),
    sketch,
  };
}
