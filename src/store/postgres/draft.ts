import type { Head, Sealed } from '../../domain/audit.ts';
import type { Stream } from '../../domain/event.ts';
import type { Delta } from '../../domain/rollup.ts';
import type { Change, Committed, Settled, Wakeup } from '../../ports/store.ts';
import { keyOf, type Row, streamOf } from '../fold.ts';
import { grow } from '../growth.ts';
import { type Found, nameOf } from './look.ts';

/** What becomes of one change: its answer, or the fault of whoever asked for it. */
export type Drafted = { readonly outcome: Committed } | { readonly error: unknown };

/** What is to be written, gathered change by change. */
export interface Draft {
  readonly keys: string[];
  readonly sealed: Sealed[];
  readonly rows: Map<Stream, Row>;
  readonly deltas: Delta[];
  /** In the order of the changes; within one what is settled comes before what is newly owed. */
  readonly effects: { readonly settles: readonly Settled[]; readonly owed: Change['effects'] }[];
  readonly wakeups: Map<string, Wakeup>;
}

/**
 * Decides several changes one after the other, each on what the former ones leave behind; pure. One that is refused leaves nothing.
 */
export function draftOf(found: Found, changes: readonly Change[]): { draft: Draft; drafted: readonly Drafted[] } {
  const draft: Draft = { keys: [], sealed: [], rows: new Map(), deltas: [], effects: [], wakeups: new Map() };
  const versions = new Map<Stream, number>();
  const settled = new Set<string>();
  let head: Head = found.head;

  const version = (stream: Stream) => versions.get(stream) ?? found.version(stream);
  const row = (stream: Stream) => draft.rows.get(stream) ?? found.row(stream);

  function refusal({ key, expect, settles = [] }: Change): Committed | undefined {
    if (key !== undefined && (found.obeyed.has(key) || draft.keys.includes(key))) return { kind: 'duplicate' };
    if (expect.some((one) => version(one.stream) !== one.version)) return { kind: 'conflict' };
    const stand = settles.every((lease) => found.holds(lease) && !settled.has(nameOf(lease)));
    return stand ? undefined : { kind: 'conflict' };
  }

  function add(change: Change): Committed {
    const refused = refusal(change);
    if (refused !== undefined) return refused;
    const growth = grow(head, change.entries, (stream) => ({ version: version(stream), row: row(stream) }));
    for (const { entry } of growth.sealed) versions.set(entry.stream, entry.version);
    for (const { row: after } of growth.rows) draft.rows.set(streamOf(after.kind, keyOf(after)), after);
    head = growth.sealed.at(-1)?.entry ?? head;
    draft.sealed.push(...growth.sealed);
    draft.deltas.push(...growth.deltas);
    if (change.key !== undefined) draft.keys.push(change.key);
    for (const lease of change.settles ?? []) settled.add(nameOf(lease));
    draft.effects.push({ settles: change.settles ?? [], owed: change.effects });
    for (const wakeup of change.wakeups) draft.wakeups.set(wakeup.key, wakeup);
    return { kind: 'committed', entries: growth.sealed.map(({ entry }) => entry) };
  }

  const drafted = changes.map((change): Drafted => {
    try {
      return { outcome: add(change) };
    } catch (error) {
      return { error };
    }
  });
  return { draft, drafted };
}
