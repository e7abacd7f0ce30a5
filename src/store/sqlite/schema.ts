import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { type Deployment, STATE_NAMES } from '../../domain/deployment.ts';
import type { Effect, Mode } from '../../domain/effect.ts';
import type { Stream } from '../../domain/event.ts';
import type { ScopeBook } from '../../domain/lock.ts';
import type { PersonBook } from '../../domain/person-book.ts';
import { KINDS } from '../../domain/plan.ts';
import type { Review } from '../../domain/review.ts';
import type { PlaceBook, Target } from '../../domain/target.ts';
import type { MessageHandle } from '../../ports/chat.ts';
import type { WakeupNote } from '../../ports/store.ts';

/*
 * Times are as the domain has them: ISO 8601 text for what happened, milliseconds since 1970 for what is due. The literals in
 * the conditions of partial indexes must stand in queries as literals too, else SQLite does not see that the index fits.
 */

/** The log: the one truth. A migration adds triggers that refuse every change but the next entry. */
export const events = sqliteTable(
  'events',
  {
    seq: integer('seq').primaryKey(),
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
export const keys = sqliteTable('keys', {
  key: text('key').primaryKey(),
  /** Milliseconds since 1970. */
  at: integer('at').notNull(),
});

/** A fold of the log; `doc` is the whole, the other columns are what is asked for. */
export const deployments = sqliteTable(
  'deployments',
  {
    number: integer('number').primaryKey(),
    id: text('id').notNull(),
    token: text('token').notNull(),
    version: integer('version').notNull(),
    kind: text('kind', { enum: KINDS }).notNull(),
    service: text('service').notNull(),
    environment: text('environment').notNull(),
    state: text('state', { enum: STATE_NAMES as [string, ...string[]] })
      .$type<Deployment['state']>()
      .notNull(),
    open: integer('open', { mode: 'boolean' }).notNull(),
    requester: text('requester').notNull(),
    sha: text('sha'),
    runProvider: text('run_provider'),
    runId: text('run_id'),
    requestedAt: text('requested_at').notNull(),
    endedAt: text('ended_at'),
    doc: text('doc', { mode: 'json' }).$type<Deployment>().notNull(),
  },
  (table) => [
    uniqueIndex('deployments_id').on(table.id),
    uniqueIndex('deployments_token').on(table.token),
    uniqueIndex('deployments_one_running').on(table.service, table.environment).where(sql`state = 'running'`),
    index('deployments_run').on(table.runProvider, table.runId).where(sql`run_id is not null`),
    // There are never many open ones. With more columns the planner would rather walk through all that ever were.
    index('deployments_open').on(table.state).where(sql`open = 1`),
    // An ended deployment hardly changes any more: these cost one write each in its whole life.
    index('deployments_ended').on(table.state).where(sql`open = 0`),
    index('deployments_ended_service').on(table.service, table.state).where(sql`open = 0`),
    index('deployments_ended_environment').on(table.environment, table.state).where(sql`open = 0`),
    index('deployments_ended_target').on(table.service, table.environment, table.state).where(sql`open = 0`),
  ],
);

/** A fold of the log. */
export const targets = sqliteTable('targets', {
  key: text('key').primaryKey(),
  version: integer('version').notNull(),
  doc: text('doc', { mode: 'json' }).$type<Target>().notNull(),
});

/** A fold of the log. */
export const places = sqliteTable('places', {
  key: text('key').primaryKey(),
  version: integer('version').notNull(),
  doc: text('doc', { mode: 'json' }).$type<PlaceBook>().notNull(),
});

/** A fold of the log: scopes wider than a target. */
export const scopes = sqliteTable('scopes', {
  key: text('key').primaryKey(),
  version: integer('version').notNull(),
  doc: text('doc', { mode: 'json' }).$type<ScopeBook>().notNull(),
});

/** A fold of the log: what people said of themselves. */
export const persons = sqliteTable('persons', {
  key: text('key').primaryKey(),
  version: integer('version').notNull(),
  doc: text('doc', { mode: 'json' }).$type<PersonBook>().notNull(),
});

/** A fold of the log: what is to be looked at afterwards. */
export const reviews = sqliteTable('reviews', {
  key: text('key').primaryKey(),
  version: integer('version').notNull(),
  doc: text('doc', { mode: 'json' }).$type<Review>().notNull(),
});

/** Tables that keep a kind of row as one document under a key. */
export const DOCUMENTS = { target: targets, place: places, scope: scopes, person: persons, review: reviews } as const;

/** Sums over the log, by day: see domain/rollup.ts. Its migration makes it one tree without row numbers, so that a question reads no more than it counts. */
export const rollups = sqliteTable(
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

/** What must happen outside. Settled ones stay, so that a second effect of their key is known for one. */
export const effects = sqliteTable(
  'effects',
  {
    sequence: integer('sequence').primaryKey(),
    key: text('key').notNull(),
    lane: text('lane').notNull(),
    mode: text('mode').$type<Mode>().notNull(),
    body: text('body', { mode: 'json' }).$type<Effect>().notNull(),
    due: integer('due').notNull(),
    state: text('state', { enum: ['pending', 'done', 'given-up'] }).notNull(),
    /** How often a `latest` effect was wanted, and which of these the present holder took. */
    wanted: integer('wanted').notNull(),
    taken: integer('taken').notNull(),
    attempts: integer('attempts').notNull(),
    /** When the first of the attempts began whose results nobody has recorded. */
    inDoubtSince: integer('in_doubt_since'),
    leaseUntil: integer('lease_until'),
    leaseToken: text('lease_token'),
    error: text('error'),
  },
  (table) => [
    uniqueIndex('effects_key').on(table.key),
    index('effects_due').on(table.due).where(sql`state = 'pending'`),
    index('effects_lane').on(table.lane).where(sql`state = 'pending'`),
    index('effects_leased').on(table.leaseUntil).where(sql`lease_until is not null`),
  ],
);

/** Messages that effects have posted. */
export const messages = sqliteTable('messages', {
  key: text('key')
    .primaryKey()
    .references(() => effects.key),
  handle: text('handle', { mode: 'json' }).$type<MessageHandle>().notNull(),
});

export const wakeups = sqliteTable(
  'wakeups',
  {
    key: text('key').primaryKey(),
    due: integer('due').notNull(),
    /** Set again since it was taken: the holder's word on it no longer counts. */
    moved: integer('moved', { mode: 'boolean' }).notNull(),
    note: text('note', { mode: 'json' }).$type<WakeupNote>(),
    leaseUntil: integer('lease_until'),
    leaseToken: text('lease_token'),
  },
  (table) => [
    index('wakeups_due').on(table.due),
    index('wakeups_leased').on(table.leaseUntil).where(sql`lease_until is not null`),
  ],
);
