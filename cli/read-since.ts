import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `36h`, `7d` back from now, or a time; ms since 1970. Throws commander's InvalidArgumentError. */
export function readSince(text: string, nowMs: number): number {
  const [, amount, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const ms = amount === undefined ? Date.parse(text) : nowMs - Number(amount) * UNIT_MS[unit ?? 'd']!;
  if (Number.isNaN(ms))
    throw new InvalidArgumentError('expected a duration (36h, 7d) or a time (2023-08-16T08:00:00Z)');
  return ms;
}
