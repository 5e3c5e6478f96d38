import { CONFIG_FILES } from '../src/config/config-files.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { LIVE_SETTINGS } from '../src/config/reload-settings.ts';

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

A changed file, or SIGHUP, reloads them all, all or nothing: with a mistake anywhere the configuration in use stays, the log and \`attache check\` say where the mistake is,
\`/readyz\` and the metric \`attache_config_last_reload_successful\` say that it is so.
`;

/** What is to be said of a file before its keys. */
const NOTES: Readonly<Record<string, string>> = {
  'attache.yaml': `A reload takes over ${LIVE_SETTINGS.map((key) => `\`${key}\``).join(', ')}.
The other keys of this file count from the next start; a reload that changes one names it in the log, in \`/readyz\` and in the metric \`attache_config_restart_pending\`.
All other files are taken over whole.

`,
};

/** docs/config.md: a table of keys for each file of a config directory, as Markdown. */
export function configPage(): string {
  const parts = Object.keys(CONFIG_FILES).map((file) => {
    const rows = rowsOf(configJsonSchema(file) as Node, '');
    return `\n## ${file}\n\n${NOTES[file] ?? ''}${table([['key', 'value', 'default', 'meaning'], ...rows])}\n`;
  });
  return HEAD + parts.join('');
}

const join = (prefix: string, key: string): string => (prefix === '' ? key : `${prefix}.${key}`);

function rowsOf(node: Node, prefix: string): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, value]) => {
    const path = join(prefix, key);
    const inner = rowsBelow(value, path);
    const isGroup = value.type === 'object' && inner.length > 0 && value.description === undefined;
    if (isGroup) return inner;
    const name = node.required?.includes(key) ? `**\`${path}\`**` : `\`${path}\``;
    const fallback = inner.length > 0 ? '' : defaultText(value.default);
    return [[name, kindOf(value), fallback, cell(value.description ?? '')], ...inner];
  });
}

function rowsBelow(node: Node, path: string): string[][] {
  if (node.items) return rowsBelow(node.items, `${path}[]`);
  const own = rowsOf(node, path);
  const named =
    typeof node.additionalProperties === 'object' ? rowsBelow(node.additionalProperties, `${path}.NAME`) : [];
  const ways = (node.anyOf ?? []).flatMap((way) => rowsBelow(way, path));
  return [...own, ...named, ...ways];
}

function defaultText(value: unknown): string {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return '';
  return code(typeof value === 'string' ? value : JSON.stringify(value));
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
