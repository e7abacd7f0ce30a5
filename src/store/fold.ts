import { evolvePersonBook, evolveReview, evolveScopeBook } from '../domain/books.ts';
import { type Place, placeKey, targetKey } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { DeploymentEvent, NewEntry, Stream } from '../domain/event.ts';
import { emptyScopeBook, type LockEvent, type ScopeBook } from '../domain/lock.ts';
import { evolve } from '../domain/machine.ts';
import { emptyPersonBook, type PersonBook, type PersonEvent } from '../domain/person-book.ts';
import type { Review, ReviewEvent } from '../domain/review.ts';
import {
  emptyPlaceBook,
  emptyTarget,
  evolvePlaceBook,
  evolveTarget,
  type PlaceBook,
  type PlaceEvent,
  type Target,
  type TargetEvent,
} from '../domain/target.ts';

/** What a stream has come to. The streams of the installation and of its people have no row. */
export type Row =
  | { readonly kind: 'deployment'; readonly value: Deployment }
  | { readonly kind: 'target'; readonly value: Target }
  | { readonly kind: 'place'; readonly value: PlaceBook }
  | { readonly kind: 'scope'; readonly value: ScopeBook }
  | { readonly kind: 'person'; readonly value: PersonBook }
  | { readonly kind: 'review'; readonly value: Review };

export type RowKind = Row['kind'];

const EVERY_KIND: Readonly<Record<RowKind, true>> = {
  deployment: true,
  target: true,
  place: true,
  scope: true,
  person: true,
  review: true,
};

/** Every kind of row there is. */
export const ROW_KINDS = Object.keys(EVERY_KIND) as readonly RowKind[];
/** Those that are kept as one document under a key. */
export const DOCUMENT_KINDS = ROW_KINDS.filter((kind) => kind !== 'deployment') as readonly DocumentKind[];
export type DocumentKind = Exclude<RowKind, 'deployment'>;

/** Which row a stream folds into; `key` is the row's own. Throws a TypeError on a name that no stream has. */
export function rowOf(stream: Stream): { readonly kind: RowKind; readonly key: string } | undefined {
  if (isRowless(stream)) return undefined;
  const [kind, key] = cut(stream, ':');
  const found = ROW_KINDS.find((one) => one === kind);
  if (found !== undefined) return { kind: found, key };
  throw new TypeError(`There is no stream called "${stream}".`);
}

/** Is nothing of this stream kept but the log? */
export function isRowless(stream: Stream): boolean {
  return stream === 'installation' || stream === 'people';
}

/** The stream that folds into a row; `rowOf` the other way round. */
export function streamOf(kind: RowKind, key: string): Stream {
  return `${kind}:${key}`;
}

/** The key under which a row is kept. */
export function keyOf(row: Row): string {
  switch (row.kind) {
    case 'deployment':
      return row.value.id;
    case 'target':
      return targetKey(row.value.service, row.value.environment);
    case 'place':
      return placeKey(row.value.place);
    case 'scope':
      return row.value.scope;
    case 'person':
      return row.value.person;
    case 'review':
      return row.value.deployment;
  }
}

/**
 * What a row is after one more entry of its stream; pure, so that a commit, a rebuild and every database agree.
 * @throws IllegalEvent, or TypeError when entry, stream and row do not belong together
 */
export function fold(before: Row | undefined, entry: NewEntry): Row | undefined {
  const named = rowOf(entry.stream);
  if (named === undefined) return undefined;
  const after = evolved(named.kind, named.key, before, entry);
  if (keyOf(after) !== named.key) throw new TypeError(`The stream "${entry.stream}" speaks of "${keyOf(after)}".`);
  return after;
}

// The type of an entry ties its events to the name of its stream, but TypeScript cannot narrow by a template literal.
function evolved(kind: RowKind, key: string, before: Row | undefined, { event, at, by }: NewEntry): Row {
  switch (kind) {
    case 'deployment': {
      const value = before?.kind === kind ? before.value : undefined;
      return { kind, value: evolve(value, event as DeploymentEvent, at, by) };
    }
    case 'target': {
      const value = before?.kind === kind ? before.value : newTarget(key);
      return { kind, value: evolveTarget(value, event as TargetEvent, at, by) };
    }
    case 'place': {
      const value = before?.kind === kind ? before.value : emptyPlaceBook(placeOf(key));
      return { kind, value: evolvePlaceBook(value, event as PlaceEvent, at) };
    }
    case 'scope': {
      const value = before?.kind === kind ? before.value : emptyScopeBook(key);
      return { kind, value: evolveScopeBook(value, event as LockEvent, at, by) };
    }
    case 'person': {
      const value = before?.kind === kind ? before.value : emptyPersonBook(key);
      return { kind, value: evolvePersonBook(value, event as PersonEvent, at) };
    }
    case 'review': {
      const value = before?.kind === kind ? before.value : undefined;
      return { kind, value: evolveReview(value, key, event as ReviewEvent, { at, by }) };
    }
  }
}

function newTarget(key: string): Target {
  const [service, environment] = cut(key, '/');
  return emptyTarget(service, environment);
}

function placeOf(key: string): Place {
  const [chat, rest] = cut(key, ':');
  const [tenant, channel] = cut(rest, ':');
  return { chat, tenant, channel };
}

function cut(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new TypeError(`"${text}" has no "${mark}" in it.`);
  return [text.slice(0, at), text.slice(at + 1)];
}
