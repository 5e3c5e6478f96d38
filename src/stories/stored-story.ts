import { createHash } from 'node:crypto';
import { type StoryState, summaryOf } from './fold-story.ts';
import type { Candidate } from './likeness.ts';
import type { JoinResult, StorySummary } from './story.ts';
import { type StoryMember, unpackMember } from './story-member.ts';
import { TOKEN_BYTES } from './story-script-parts.ts';

/** What is kept of the decision in an article's answer. */
export type StoredDecision = Omit<JoinResult, 'before' | 'after' | 'merged'>;

/** The answer of version 1, JSON. */
interface JsonAnswer {
  readonly decision: StoredDecision;
  readonly before: StoryState | null;
  readonly after: StoryState;
  readonly merged: readonly string[];
}

const VERSION = 2;
const HEAD_BYTES = 24;
const TIMES_BYTES = 16;
const OPENING_BRACE = 0x7b;

/**
 * What one article adds to its story, as bytes: its times and a body (story-script-parts.ts tells the layout). Of sources and origins only the number is ever told, so each is kept
 * as the head of its SHA-1, which Lua can compute too; two of 256 fall together once in ten thousand million.
 */
export function packState(state: StoryState): Buffer {
  const [sources, origins] = [tokensOf(state.sources), tokensOf(state.origins)];
  const head = Buffer.alloc(TIMES_BYTES + 9);
  head.writeDoubleLE(state.firstAt, 0);
  head.writeDoubleLE(state.lastAt, 8);
  head.writeUInt8(VERSION, 16);
  head.writeUInt32LE(state.articles, 17);
  head.writeUInt16LE(sources.length / TOKEN_BYTES, 21);
  head.writeUInt16LE(origins.length / TOKEN_BYTES, 23);
  const strings = [
    packText(state.id, 2),
    packText(state.founder, 2),
    packText(state.headline, 4),
    ...[state.languages, state.entities, state.topics].map((lines) => packText(lines, 2)),
  ];
  return Buffer.concat([head, ...strings, sources, origins]);
}

function packText(text: string, lengthBytes: 2 | 4): Buffer {
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(lengthBytes + length);
  bytes.writeUIntLE(length, 0, lengthBytes);
  bytes.write(text, lengthBytes);
  return bytes;
}

const tokensOf = (lines: string): Buffer =>
  Buffer.concat(
    lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => createHash('sha1').update(line).digest().subarray(0, TOKEN_BYTES)),
  );

/** Reads a story as the scripts wrote it, in this version or the first: what comes after the body is the same. */
export function readStory(number: number, bytes: Buffer): Candidate {
  const members: StoryMember[] = [];
  let offset = HEAD_BYTES + bytes.readUInt32LE(20);
  while (offset < bytes.length) {
    const length = bytes.readUInt16LE(offset);
    const member = unpackMember(bytes.subarray(offset + 2, offset + 2 + length));
    if (member !== null) members.push(member);
    offset += 2 + length;
  }
  return { number, firstAt: bytes.readDoubleLE(4), lastAt: bytes.readDoubleLE(12), members };
}

/** A story's first and last article's time, without reading the rest. */
export const readTimes = (bytes: Buffer): { readonly firstAt: number; readonly lastAt: number } => ({
  firstAt: bytes.readDoubleLE(4),
  lastAt: bytes.readDoubleLE(12),
});

/** Finds the answer for a revision in an article's record; where it is not known, the last one. */
export function readRecord(
  bytes: Buffer,
  revision: string,
): { readonly isKnown: boolean; readonly answer: JoinResult } {
  let answer = bytes;
  let offset = 6;
  for (let count = bytes[5]!; count > 0; count--) {
    const nameEnd = offset + 2 + bytes.readUInt16LE(offset);
    const name = bytes.toString('utf8', offset + 2, nameEnd);
    offset = nameEnd + 4 + bytes.readUInt32LE(nameEnd);
    answer = bytes.subarray(nameEnd + 4, offset);
    if (name === revision) return { isKnown: true, answer: readAnswer(answer) };
  }
  return { isKnown: false, answer: readAnswer(answer) };
}

/** Reads an answer, in this version or the first. */
export function readAnswer(bytes: Buffer): JoinResult {
  if (bytes[0] === OPENING_BRACE) return readJsonAnswer(bytes);
  let offset = 1;
  const part = (lengthBytes: 2 | 4): Buffer => {
    const from = offset + lengthBytes;
    offset = from + bytes.readUIntLE(offset, lengthBytes);
    return bytes.subarray(from, offset);
  };
  const decision = JSON.parse(part(2).toString('utf8')) as StoredDecision;
  const [before, after, merged] = [part(4), part(4), part(2).toString('utf8')];
  return resultOf(decision, before.length === 0 ? null : readSummary(before), readSummary(after), linesOf(merged));
}

function readJsonAnswer(bytes: Buffer): JoinResult {
  const { decision, before, after, merged } = JSON.parse(bytes.toString('utf8')) as JsonAnswer;
  return resultOf(decision, before === null ? null : summaryOf(before), summaryOf(after), merged);
}

const resultOf = (
  { verdict, of, similarity, origin, reason }: StoredDecision,
  before: StorySummary | null,
  after: StorySummary,
  merged: readonly string[],
): JoinResult => ({ verdict, of, similarity, origin, before, after, merged, reason });

function readSummary(bytes: Buffer): StorySummary {
  let offset = TIMES_BYTES + 9;
  const text = (lengthBytes: 2 | 4): string => {
    const from = offset + lengthBytes;
    offset = from + bytes.readUIntLE(offset, lengthBytes);
    return bytes.toString('utf8', from, offset);
  };
  const [id, , headline, languages, entities, topics] = [text(2), text(2), text(4), text(2), text(2), text(2)];
  return {
    id,
    headline,
    firstSeenAt: new Date(bytes.readDoubleLE(0)).toISOString(),
    lastArticleAt: new Date(bytes.readDoubleLE(8)).toISOString(),
    articles: bytes.readUInt32LE(17),
    sources: bytes.readUInt16LE(21),
    origins: bytes.readUInt16LE(23),
    languages: linesOf(languages),
    entities: linesOf(entities),
    topics: linesOf(topics),
  };
}

const linesOf = (lines: string): string[] => (lines === '' ? [] : lines.split('\n'));
