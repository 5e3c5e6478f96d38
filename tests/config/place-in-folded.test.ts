import { expect, it } from 'vitest';
import { readYaml } from '../../src/config/yaml-file.ts';

/** The place of `wrong` within the value of `query`, as line:column. */
function placeOf(yaml: string): string {
  const file = readYaml('watches.yaml', yaml, {});
  const { query } = file.value as { query: string };
  const { line, column } = file.problemInside(['query'], 'wrong', query.indexOf('wrong'));
  return `${line}:${column}`;
}

it.each([
  ['plain', 'query: a wrong', '1:10'],
  ['plain over lines', 'query: a AND\n  (b\n  OR wrong)', '3:6'],
  ['folded', 'query: >-\n  a AND\n\n  b wrong\n', '4:5'],
  ['literal', 'query: |  # kept\n  a\n  wrong\n', '3:3'],
  ['in double quotes over lines', 'query: "a \\\n  wrong"', '1:8'],
  ['in double quotes', 'query: "a wrong"', '1:11'],
  ['in single quotes', "query: 'a\n  wrong'", '2:3'],
  ['escaped, where it is known only to begin there', "query: 'it''s wrong'", '1:8'],
])('a mistake within a scalar has its own line and column (%s)', (_, yaml, place) => {
  expect(placeOf(yaml)).toBe(place);
});
