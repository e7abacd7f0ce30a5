import { type SQL, sql } from 'drizzle-orm';
import { EMPTY, type Head } from '../../domain/audit.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { Stream } from '../../domain/event.ts';
import type { ScopeBook } from '../../domain/lock.ts';
import type { PersonBook } from '../../domain/person-book.ts';
import type { Review } from '../../domain/review.ts';
import type { PlaceBook, Target } from '../../domain/target.ts';
import type { Change, Lease } from '../../ports/store.ts';
import { type Row, type RowKind, rowOf } from '../fold.ts';
import { rowsOf, type Session } from './session.ts';

/** Everything that changes depend on, read in one statement under the lock of the chain. */
export interface Found {
  readonly head: Head;
  /** Those of the asked keys that were obeyed before. */
  readonly obeyed: ReadonlySet<string>;
  version(stream: Stream): number;
  row(stream: Stream): Row | undefined;
  /** Does the lease still stand? Its effect is locked until the transaction ends. */
  holds(lease: Lease): boolean;
}

interface Answer {
  readonly head: Head | null;
  readonly obeyed: readonly string[] | null;
  readonly versions: Readonly<Record<string, number>> | null;
  readonly deployments: Readonly<Record<string, Deployment>> | null;
  readonly targets: Readonly<Record<string, Target>> | null;
  readonly places: Readonly<Record<string, PlaceBook>> | null;
  readonly scopes: Readonly<Record<string, ScopeBook>> | null;
  readonly persons: Readonly<Record<string, PersonBook>> | null;
  readonly reviews: Readonly<Record<string, Review>> | null;
  readonly held: readonly Lease[] | null;
}

/** Reads what these changes depend on. The caller holds the lock of the chain. */
export async function look(session: Session, changes: readonly Change[]): Promise<Found> {
  const streams = [...new Set(changes.flatMap(streamsOf))];
  const leases = changes.flatMap(({ settles }) => settles ?? []).map(({ key, token }) => ({ key, token }));
  const [answer] = await rowsOf<Answer>(session, question(streams, keysOf(changes), leases));
  const held = new Set((answer?.held ?? []).map(nameOf));
  return {
    head: answer?.head ?? EMPTY,
    obeyed: new Set(answer?.obeyed),
    version: (stream) => answer?.versions?.[stream] ?? 0,
    row: (stream) => rowIn(answer, stream),
    holds: (lease) => held.has(nameOf(lease)),
  };
}

/** A lease as a member of a set. */
export function nameOf({ key, token }: Lease): string {
  return `${token} ${key}`;
}

function streamsOf({ expect, entries }: Change): readonly Stream[] {
  return [...expect, ...entries].map(({ stream }) => stream);
}

function keysOf(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ key }) => key ?? []);
}

function rowIn(answer: Answer | undefined, stream: Stream): Row | undefined {
  const named = rowOf(stream);
  if (named === undefined) return undefined;
  const value = answer?.[`${named.kind}s`]?.[named.key];
  return value === undefined ? undefined : ({ kind: named.kind, value } as Row);
}

/** Lists go to the server as JSON, which every driver passes on as it is. */
function listed(values: readonly string[]): SQL {
  return sql`(select json_array_elements_text(${JSON.stringify(values)}::json))`;
}

function question(streams: readonly Stream[], keys: readonly string[], leases: readonly Lease[]): SQL {
  const rowKeys = (kind: RowKind) =>
    listed(
      streams.flatMap((stream) => {
        const named = rowOf(stream);
        return named?.kind === kind ? [named.key] : [];
      }),
    );
  // Whoever holds a lease must not lose it between this look and the end of the transaction.
  return sql`
    with held as (
      select key, lease_token as token from effects
      where (key, lease_token) in
        (select one->>'key', one->>'token' from json_array_elements(${JSON.stringify(leases)}::json) one)
      for update
    )
    select
      (select json_build_object('seq', seq, 'hash', hash) from events order by seq desc limit 1) as head,
      (select json_agg(key) from keys where key in ${listed(keys)}) as obeyed,
      (
        select json_object_agg(name, (select max(version) from events where stream = name))
        from json_array_elements_text(${JSON.stringify(streams)}::json) name
        where exists (select 1 from events where stream = name)
      ) as versions,
      (select json_object_agg(id, doc) from deployments where id in ${rowKeys('deployment')}) as deployments,
      (select json_object_agg(key, doc) from targets where key in ${rowKeys('target')}) as targets,
      (select json_object_agg(key, doc) from places where key in ${rowKeys('place')}) as places,
      (select json_object_agg(key, doc) from scopes where key in ${rowKeys('scope')}) as scopes,
      (select json_object_agg(key, doc) from persons where key in ${rowKeys('person')}) as persons,
      (select json_object_agg(key, doc) from reviews where key in ${rowKeys('review')}) as reviews,
      (select json_agg(held) from held) as held`;
}
