import type { Notice, NoticeCode } from '../alerts/alert-schema.ts';
import { buildNotice } from '../alerts/payload.ts';
import { noticeId } from './watch-budget.ts';

/** A feed as the watches that name it see it. */
export interface WatchedSource {
  readonly id: string;
  readonly name: string;
  /** Null while news comes from it. */
  readonly outage: { readonly sinceMs: number; readonly reason: string } | null;
}

/** A watch that asks for certain feeds. */
export interface SourcedWatch {
  readonly id: string;
  readonly title: string;
  /** Ids of the feeds it names. */
  readonly sources: readonly string[];
}

/** What was said of the sources' outages. Plain JSON. */
export interface OutageState {
  readonly v: 1;
  /** Outages that were told of, by feed. `backMs`: since when news comes again. */
  readonly open: Readonly<Record<string, { readonly sinceMs: number; readonly backMs: number | null }>>;
  /** Notices that were decided on and may not have been sent yet. */
  readonly unsent: readonly SourceNotice[];
}

/** One notice, for the subscribers of these watches. */
export interface SourceNotice {
  readonly watchIds: readonly string[];
  readonly notice: Notice;
}

/** A source that comes and goes is told of once: it counts as back when it has been so for this long. */
const BACK_FOR_MS = 3_600_000;
/** Names listed in one message. */
const LISTED = 8;

export const NOTHING_SAID: OutageState = { v: 1, open: {}, unsent: [] };

/**
 * What is to be said of sources that went silent or came back: one notice for all watches that name the same ones of them, once for each outage. The state with the notices in
 * it is stored before they are sent, so that a crash repeats them with the same ids. With `ownOutage` no outage begins: everything fails, and no source is to blame.
 */
export function decideOutages(question: {
  readonly sources: readonly WatchedSource[];
  readonly watches: readonly SourcedWatch[];
  readonly state: OutageState;
  readonly ownOutage: boolean;
  readonly nowMs: number;
}): OutageState {
  const { sources, state, ownOutage, nowMs } = question;
  const open: Record<string, { sinceMs: number; backMs: number | null }> = {};
  const silent: WatchedSource[] = [];
  const back: WatchedSource[] = [];
  for (const source of sources) {
    const { id, outage } = source;
    const known = Object.hasOwn(state.open, id) ? state.open[id] : undefined;
    if (known === undefined) {
      if (outage === null || ownOutage) continue;
      open[id] = { sinceMs: outage.sinceMs, backMs: null };
      silent.push(source);
    } else if (outage !== null) open[id] = { ...known, backMs: null };
    else if (nowMs - (known.backMs ?? nowMs) < BACK_FOR_MS) open[id] = { ...known, backMs: known.backMs ?? nowMs };
    else back.push(source);
  }
  const sinceOf = (id: string): number => open[id]?.sinceMs ?? state.open[id]?.sinceMs ?? nowMs;
  const told = (code: NoticeCode, changed: readonly WatchedSource[]): SourceNotice[] =>
    groupByChange(question.watches, changed).map((group) => noticeOf(code, group, { open, sinceOf, nowMs }));
  return {
    v: 1,
    open,
    unsent: [...state.unsent, ...told('watch-source-silent', silent), ...told('watch-source-resumed', back)],
  };
}

interface Group {
  readonly changed: readonly WatchedSource[];
  readonly watches: readonly SourcedWatch[];
}

/** Watches that name the same ones of the changed sources: who is told of several hears it once. */
function groupByChange(watches: readonly SourcedWatch[], changed: readonly WatchedSource[]): Group[] {
  const groups = new Map<string, { changed: WatchedSource[]; watches: SourcedWatch[] }>();
  for (const watch of watches) {
    const named = changed.filter(({ id }) => watch.sources.includes(id));
    if (named.length === 0) continue;
    const key = named.map(({ id }) => id).join(' ');
    const group = groups.get(key) ?? { changed: named, watches: [] };
    group.watches.push(watch);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function noticeOf(
  code: NoticeCode,
  { changed, watches }: Group,
  now: {
    readonly open: Readonly<Record<string, unknown>>;
    readonly sinceOf: (id: string) => number;
    readonly nowMs: number;
  },
): SourceNotice {
  const heard = ({ sources }: SourcedWatch): number => sources.filter((id) => !Object.hasOwn(now.open, id)).length;
  const names = changed.map(({ name, outage }) => (outage === null ? name : `${name} (${outage.reason})`));
  const left = watches.map(
    (watch) =>
      `“${watch.title}” hears ${heard(watch)} of its ${watch.sources.length} ${watch.sources.length === 1 ? 'source' : 'sources'}`,
  );
  const head = code === 'watch-source-silent' ? 'Nothing comes from' : 'News comes again from';
  const [watch] = watches;
  const [source] = changed;
  return {
    watchIds: watches.map(({ id }) => id),
    notice: buildNotice({
      alertId: noticeId(code, ...changed.map(({ id }) => `${id}@${now.sinceOf(id)}`), ...watches.map(({ id }) => id)),
      code,
      message: `${head} ${listed(names)}. ${listed(left)}.`,
      subject: {
        ...(watches.length === 1 && watch ? { watch: watch.id } : {}),
        ...(changed.length === 1 && source ? { feed: source.id } : {}),
      },
      details: {
        feeds: changed.map(({ id }) => id).join(' '),
        watches: watches
          .slice(0, LISTED)
          .map(({ id }) => id)
          .join(' '),
        since: new Date(Math.min(...changed.map(({ id }) => now.sinceOf(id)))).toISOString(),
        ...(watches.length === 1 && watch ? { sources: watch.sources.length, heard: heard(watch) } : {}),
      },
      atMs: now.nowMs,
    }),
  };
}

function listed(names: readonly string[]): string {
  const more = names.length > LISTED ? `, and ${names.length - LISTED} more` : '';
  return names.slice(0, LISTED).join(', ') + more;
}
