import { z } from 'zod';
import { CONFIG_FILES } from '../src/config/config-files.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';

/** What is read of a JSON Schema here. */
interface Node {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
}

const HEAD = `# Config: every key

Made by \`npm run schemas\` from the schemas that validate; \`attache schema config\` prints them as JSON Schema. Durations are written \`90s\`, \`15m\`, \`24h\`, \`7d\`, \`2w\`.
Any value may be \`\${NAME}\` or \`\${NAME:-default}\`, from the environment. Bold keys have to be there.
`;

/** docs/config.md: a table of keys for each file of a config directory, as Markdown. */
export function configPage(): string {
  const parts = Object.entries(CONFIG_FILES).map(([file, schema]) => {
    // The input's schema has what a file may say, the output's what a missing key becomes.
    const defaults = new Map(defaultsOf(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as Node, ''));
    const rows = rowsOf(configJsonSchema(file) as Node, '', defaults);
    return `\n## ${file}\n\n${table([['key', 'value', 'default', 'meaning'], ...rows])}\n`;
  });
  return HEAD + parts.join('');
}

type Defaults = ReadonlyMap<string, unknown>;

function defaultsOf(node: Node, path: string): [string, unknown][] {
  const own: [string, unknown][] = node.default === undefined ? [] : [[path, node.default]];
  const below = Object.entries(node.properties ?? {}).flatMap(([key, value]) => defaultsOf(value, join(path, key)));
  return [...own, ...below, ...(node.items ? defaultsOf(node.items, `${path}[]`) : [])];
}

const join = (prefix: string, key: string): string => (prefix === '' ? key : `${prefix}.${key}`);

function rowsOf(node: Node, prefix: string, defaults: Defaults): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, value]) => {
    const path = join(prefix, key);
    const inner = rowsBelow(value, path, defaults);
    const isGroup = value.type === 'object' && inner.length > 0 && value.description === undefined;
    if (isGroup) return inner;
    const name = node.required?.includes(key) ? `**\`${path}\`**` : `\`${path}\``;
    const fallback = inner.length > 0 ? '' : defaultText(value, defaults.get(path));
    return [[name, kindOf(value), fallback, cell(value.description ?? '')], ...inner];
  });
}

function rowsBelow(node: Node, path: string, defaults: Defaults): string[][] {
  if (node.items) return rowsBelow(node.items, `${path}[]`, defaults);
  const own = rowsOf(node, path, defaults);
  const named =
    typeof node.additionalProperties === 'object' ? rowsBelow(node.additionalProperties, `${path}.NAME`, defaults) : [];
  const ways = (node.anyOf ?? []).flatMap((way) => rowsBelow(way, path, defaults));
  return [...own, ...named, ...ways];
}

/** Durations are kept as seconds, and written with a unit. */
function defaultText(node: Node, value: unknown): string {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return '';
  if (node.type !== 'string' || typeof value !== 'number')
    return code(typeof value === 'string' ? value : JSON.stringify(value));
  const units = { d: 86_400, h: 3600, m: 60, s: 1 };
  const [unit, size] = Object.entries(units).find(([, each]) => value > 0 && value % each === 0) ?? ['s', 1];
  return code(`${value / size}${unit}`);
}

/** `${NAME}` is allowed everywhere, so it is no kind of its own. */
const isVariable = ({ pattern }: Node): boolean => pattern?.includes('\\{.+\\}') === true;

function kindOf(node: Node): string {
  if (node.anyOf)
    return [...new Set(node.anyOf.filter((one) => !isVariable(one)).map(kindOf))].filter(Boolean).join(' or ');
  if (node.enum) return node.enum.map((one) => code(String(one))).join(', ');
  if (node.const !== undefined) return node.const === '' ? 'empty' : code(String(node.const));
  if (node.type === 'array') return node.items ? `list of ${kindOf(node.items)}` : 'list';
  if (node.type === 'object') return typeof node.additionalProperties === 'object' ? 'by name' : 'keys';
  return { string: 'text', integer: 'number' }[node.type ?? ''] ?? node.type ?? 'any';
}

/** Padded as the formatter would. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [head, ...body] = rows.map((row) => line(row.map((text, column) => text.padEnd(widths[column]!))));
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => `\`${cell(text)}\``;
