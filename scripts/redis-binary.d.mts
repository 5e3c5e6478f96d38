/** Types for what the worker uses of redis-binary.mjs, which is plain JavaScript because it runs before anything is installed. */
export function findRedisServer(env: NodeJS.ProcessEnv, furtherFolders?: readonly string[]): string | null;

export interface EnsureRedisServerInput {
  readonly env: NodeJS.ProcessEnv;
  /** Gets each line for the user. */
  readonly say: (line: string) => void;
  readonly purpose: 'worker' | 'tests';
  readonly furtherFolders?: readonly string[];
  /** The user this process runs as; 0 may install. */
  readonly uid?: number;
}
export function ensureRedisServer(input: EnsureRedisServerInput): Promise<string>;
export function waysOut(purpose: 'worker' | 'tests'): string;
