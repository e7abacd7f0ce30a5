import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Deployment } from '../../domain/deployment.ts';
import type { Effect, Mode } from '../../domain/effect.ts';
import type { Stream } from '../../domain/event.ts';
import type { ScopeBook } from '../../domain/lock.ts';
import type { PersonBook } from '../../domain/person-book.ts';
import type { Kind } from '../../domain/plan.ts';
import type { Review } from '../../domain/review.ts';
import type { PlaceBook, Target } from '../../domain/target.ts';
import type { MessageHandle } from '../../ports/chat.ts';
import type { WakeupNote } from '../../ports/store.ts';

/*
 * The same tables as in SQLite. Times are as the domain has them: ISO 8601 text for what happened, milliseconds since 1970 for what is
 * due. Documents are `json`, not `jsonb`: they are kept as they were written, and jsonb has no place for the character U+0000.
 */

const milliseconds = (name: string) => bigint(name, { mode: 'number' });

/** The log: the one truth. A migration adds triggers that refuse every change but the next entry. */
export const events = pgTable(
  'events',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    at: text('at').notNull(),
    stream: text('stream').$type<Stream>().notNull(),
    version: integer('version').notNull(),
    type: text('type').notNull(),
    /** The sealed text that the hash covers, byte for byte. */
    text: text('text').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [uniqueIndex('events_stream_version').on(table.stream, table.version)],
);

/** Deliveries that were obeyed. */
export const keys = pgTable('keys', { key: text('key').primaryKey(), at: milliseconds('at').notNull() });

/** A fold of the log; `doc` is the whole, the other columns are what is asked for. */
export const deployments = pgTable(
  'deployments',
  {
    number: integer('number').primaryKey(),
    id: text('id').notNull(),
    token: text('token').notNull(),
    version: integer('version').notNull(),
    kind: text('kind').$type<Kind>().notNull(),
    service: text('service').notNull(),
    environment: text('environment').notNull(),
    state: text('state').$type<Deployment['state']>().notNull(),
    open: boolean('open').notNull(),
    requester: text('requester').notNull(),
    sha: text('sha'),
    runProvider: text('run_provider'),
    runId: text('run_id'),
    requestedAt: text('requested_at').notNull(),
    endedAt: text('ended_at'),
    doc: json('doc').$type<Deployment>().notNull(),
  },
  (table) => [
    uniqueIndex('deployments_id').on(table.id),
    uniqueIndex('deployments_token').on(table.token),
    uniqueIndex('deployments_one_running').on(table.service, table.environment).where(sql`state = 'running'`),
    index('deployments_run').on(table.runProvider, table.runId).where(sql`run_id is not null`),
    // Every list is asked for state by state, newest first.
    index('deployments_state').on(table.state, table.number),
    index('deployments_service').on(table.service, table.state, table.number),
    index('deployments_environment').on(table.environment, table.state, table.number),
    index('deployments_target').on(table.service, table.environment, table.state, table.number),
    index('deployments_open').on(table.number).where(sql`open`),
  ],
);

/** A fold of the log. */
export const targets = pgTable('targets', {
  key: text('key').primaryKey(),
  version: integer('version').notNull(),
  doc: json('doc').$type<Target>().notNull(),
});

/** A fold of the log. */
export const places = pgTable('places', {
  key: text('key').primaryKey(),
  version: integer('version').notNull(),
  doc: json('doc').$type<PlaceBook>().notNull(),
});

/** A fold of the log: scopes wider than a target. */
export const scopes = pgTable('scopes', {
  key: text('key').primaryKey(),
  version: integer('version').notNull(),
  doc: json('doc').$type<ScopeBook>().notNull(),
});

/** A fold of the log: what people said of themselves. */
export const persons = pgTable('persons', {
  key: text('key').primaryKey(),
  version: integer('version').notNull(),
  doc: json('doc').$type<PersonBook>().notNull(),
});

/** A fold of the log: what is to be looked at afterwards. */
export const reviews = pgTable('reviews', {
  key: text('key').primaryKey(),
  version: integer('version').notNull(),
  doc: json('doc').$type<Review>().notNull(),
});

/** Sums over the log, by day: see domain/rollup.ts. */
export const rollups = pgTable(
  'rollups',
  {
    measure: text('measure').notNull(),
    day: text('day').notNull(),
    service: text('service').notNull(),
    environment: text('environment').notNull(),
    bucket: integer('bucket').notNull(),
    count: integer('count').notNull(),
  },
  (table) => [primaryKey({ columns: [table.measure, table.service, table.environment, table.day, table.bucket] })],
);

/** Tables that keep a kind of row as one document under a key. */
export const DOCUMENTS = { target: targets, place: places, scope: scopes, person: persons, review: reviews } as const;

/** What must happen outside. Settled ones stay, so that a second effect of their key is known for one. */
export const effects = pgTable(
  'effects',
  {
    sequence: bigint('sequence', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    key: text('key').notNull().unique(),
    lane: text('lane').notNull(),
    mode: text('mode').$type<Mode>().notNull(),
    body: json('body').$type<Effect>().notNull(),
    due: milliseconds('due').notNull(),
    state: text('state').$type<'pending' | 'done' | 'given-up'>().notNull(),
    /** How often a `latest` effect was wanted, and which of these the present holder took. */
    wanted: integer('wanted').notNull(),
    taken: integer('taken').notNull(),
    attempts: integer('attempts').notNull(),
    /** When the first of the attempts began whose results nobody has recorded. */
    inDoubtSince: milliseconds('in_doubt_since'),
    leaseUntil: milliseconds('lease_until'),
    leaseToken: text('lease_token'),
    error: text('error'),
  },
  (table) => [
    index('effects_due').on(table.due).where(sql`state = 'pending'`),
    index('effects_lane').on(table.lane, table.sequence).where(sql`state = 'pending'`),
    index('effects_leased').on(table.leaseUntil).where(sql`lease_until is not null`),
  ],
);

/** Messages that effects have posted. */
export const messages = pgTable('messages', {
  key: text('key')
    .primaryKey()
    .references(() => effects.key),
  handle: json('handle').$type<MessageHandle>().notNull(),
});

export const wakeups = pgTable(
  'wakeups',
  {
    key: text('key').primaryKey(),
    due: milliseconds('due').notNull(),
    /** Set again since it was taken: the holder's word on it no longer counts. */
    moved: boolean('moved').notNull(),
    note: json('note').$type<WakeupNote>(),
    leaseUntil: milliseconds('lease_until'),
    leaseToken: text('lease_token'),
  },
  (table) => [
    index('wakeups_due').on(table.due),
    index('wakeups_leased').on(table.leaseUntil).where(sql`lease_until is not null`),
  ],
);

/** What adapters keep, e.g. the messages of the console: in one order for all instances. */
export const records = pgTable(
  'records',
  {
    book: text('book').notNull(),
    number: bigint('number', { mode: 'number' }).notNull(),
    record: json('record').notNull(),
  },
  (table) => [primaryKey({ columns: [table.book, table.number] })],
);

/** One row: the oldest version of the tables whose programme may still work here (counted in migrations). */
export const compatibility = pgTable(
  'compatibility',
  {
    only: boolean('only').primaryKey().default(true),
    oldest: integer('oldest').notNull(),
  },
  (table) => [check('compatibility_one_row', sql`${table.only}`)],
);
