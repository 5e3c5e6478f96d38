/** A moment at which a process can be killed: a Redis command or an HTTP request, before it is sent or once it was answered. */
export interface Edge {
  readonly what: 'redis' | 'http';
  /** A command's or script's name in lower case, BullMQ's with their queue (`hmget`, `feedscommit`, `movetofinished/deliver`), or a request's method. */
  readonly name: string;
  /** `sent`: a request went out whole and has no answer yet. */
  readonly when: 'before' | 'sent' | 'after';
}

/** Kill at the `nth` edge that fits, from 1; what is left out fits any. */
export interface KillPoint extends Partial<Edge> {
  readonly nth: number;
  /** SIGSTOP only pauses it: somebody has to wake it. */
  readonly signal?: 'SIGKILL' | 'SIGSTOP';
}

/** What a process says with its last breath. */
export interface LastWords extends Edge {
  /** The how-manieth edge since the point was set. */
  readonly edge: number;
  /** webhook-ids that were sent and whose outcome was not recorded yet: these may come again. */
  readonly inFlight: readonly string[];
}

/** Text that a module of the program has in exactly one place, and what a process under test is to have instead. */
export interface SourcePatch {
  /** The module's path below the checkout. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** How a process under test is prepared before the program's first module is loaded. */
export interface CrashSettings {
  readonly patches: readonly SourcePatch[];
}

/** To a process under test: go on from loading to running, killed at the point where one is given; or set a point in a running one. */
export type CrashMessage = { readonly kill: KillPoint | null };

/** Whether an edge is one that a point means. */
export function fits(point: KillPoint, edge: Edge): boolean {
  return (['what', 'name', 'when'] as const).every((key) => point[key] === undefined || point[key] === edge[key]);
}

/** A point in words, for a test's or a report's line. */
export function describePoint({ nth, what, name, when }: KillPoint): string {
  return `${when ?? 'at'} ${what ?? 'any'} ${name ?? 'edge'} #${nth}`;
}
