/**
 * What a regular expression costs at worst: nanoseconds for an instruction of its program and a character of the text, for expressions made to
 * keep RE2's machine busy. It sets the work limit in src/watches/query-regex.ts.
 *
 *   node bench/watches-regex.ts
 */
import { RE2JS } from 're2js';

const CHARACTERS = 20_000;
const words = 'the defence minister of china came from russia to minsk on 16 august über 中国 '
  .repeat(300)
  .slice(0, CHARACTERS);
const letters = 'a'.repeat(CHARACTERS);
const EXPRESSIONS = [
  'Minsk|Pinsk',
  'F-?(16|35)',
  '(a+)+$',
  '(a|aa)+$',
  '(.*)(.*)(.*)(.*)(.*)[^a]{50}$',
  '[a-z]{1,140}x',
  '\\p{L}{1,140}\\d',
  '(a?){70}a{70}b',
  '(\\w+\\s){40}zzz',
  '(a.{20}b|c.{30}d|m.{40}e).{50}q',
];

console.log('instructions  ms for 20,000 characters   ns an instruction and character   expression');
for (const pattern of EXPRESSIONS) {
  const regex = RE2JS.compile(pattern);
  const ms = Math.max(...[words, letters].map((text) => time(() => regex.matcher(text).find())));
  const each = (ms * 1e6) / CHARACTERS / regex.programSize();
  console.log(
    String(regex.programSize()).padStart(12),
    ms.toFixed(1).padStart(26),
    each.toFixed(1).padStart(33),
    ` ${pattern}`,
  );
}

/** Milliseconds of CPU, the better of two runs. */
function time(run: () => void): number {
  const once = (): number => {
    const before = process.threadCpuUsage();
    run();
    return process.threadCpuUsage(before).user / 1e3;
  };
  return Math.min(once(), once());
}
