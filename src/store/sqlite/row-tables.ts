import { eq, sql } from 'drizzle-orm';
import type { Deployment } from '../../domain/deployment.ts';
import { columnsOf, deploymentColumns, INDEXED, movingColumns, RESTING, sameIndexes } from '../columns.ts';
import { type DocumentKind, keyOf, type Row, type RowKind } from '../fold.ts';
import { newValues, slots } from '../slots.ts';
import type { Connection } from './connection.ts';
import { DOCUMENTS, deployments } from './schema.ts';

/** The folds of the log as they are kept, one row at a time. */
export interface RowTables {
  read(kind: RowKind, key: string): Row | undefined;
  /** Writes a row; `before` is what `read` found. */
  write(row: Row, before: Row | undefined): void;
  /** Every column of a row, the document among them, as it lies there. */
  columns(kind: RowKind, key: string): Readonly<Record<string, unknown>> | undefined;
  /** Keys in order, after the one given. */
  keys(kind: RowKind, after: string, limit: number): readonly string[];
}

export function rowTables(connection: Connection): RowTables {
  const tables = {
    deployment: deploymentTable(connection),
    target: documentTable(connection, DOCUMENTS.target),
    place: documentTable(connection, DOCUMENTS.place),
    scope: documentTable(connection, DOCUMENTS.scope),
    person: documentTable(connection, DOCUMENTS.person),
    review: documentTable(connection, DOCUMENTS.review),
  };
  return {
    read: (kind, key) => {
      const value = tables[kind].read(key);
      return value === undefined ? undefined : ({ kind, value } as Row);
    },
    write: (row, before) => tables[row.kind].write(row, before),
    columns: (kind, key) => tables[kind].columns(key),
    keys: (kind, after, limit) => tables[kind].keys(after, limit),
  };
}

function deploymentTable({ db, client }: Connection) {
  const byId = eq(deployments.id, sql.placeholder('id'));
  const read = client.prepare<[string], string>('select doc from deployments where id = ?').pluck();
  const whole = db.select().from(deployments).where(byId).prepare();
  const page = db
    .select({ id: deployments.id })
    .from(deployments)
    .where(sql`${deployments.id} > ${sql.placeholder('after')}`)
    .orderBy(deployments.id)
    .limit(sql.placeholder('limit'))
    .prepare();
  const lasting = ['number', 'id', 'token', 'kind', 'service', 'environment', 'requester', 'requestedAt'] as const;
  const insert = db
    .insert(deployments)
    .values(slots(...lasting, ...RESTING, ...INDEXED))
    .prepare();
  const restOnly = db
    .update(deployments)
    .set(newValues(deployments, ...RESTING))
    .where(byId)
    .prepare();
  const update = db
    .update(deployments)
    .set(newValues(deployments, ...RESTING, ...INDEXED))
    .where(byId)
    .prepare();
  return {
    read: (id: string) => parsed<Deployment>(read.get(id)),
    write: (row: Row, before: Row | undefined) => {
      if (row.kind !== 'deployment') return;
      if (before?.kind !== 'deployment') insert.run(deploymentColumns(row.value));
      else {
        const statement = sameIndexes(before.value, row.value) ? restOnly : update;
        statement.run({ ...movingColumns(row.value), id: row.value.id });
      }
    },
    columns: (id: string) => whole.get({ id }),
    keys: (after: string, limit: number) => page.all({ after, limit }).map(({ id }) => id),
  };
}

function parsed<T>(doc: string | undefined): T | undefined {
  return doc === undefined ? undefined : (JSON.parse(doc) as T);
}

function documentTable({ db }: Connection, table: (typeof DOCUMENTS)[DocumentKind]) {
  const byKey = eq(table.key, sql.placeholder('key'));
  const whole = db.select().from(table).where(byKey).prepare();
  const page = db
    .select({ key: table.key })
    .from(table)
    .where(sql`${table.key} > ${sql.placeholder('after')}`)
    .orderBy(table.key)
    .limit(sql.placeholder('limit'))
    .prepare();
  const insert = db
    .insert(table)
    .values(slots('key', 'version', 'doc'))
    .prepare();
  const update = db
    .update(table)
    .set(newValues(table, 'version', 'doc'))
    .where(byKey)
    .prepare();
  return {
    read: (key: string) => whole.get({ key })?.doc,
    write: (row: Row, before: Row | undefined) => {
      (before === undefined ? insert : update).run(columnsOf(row, keyOf(row)));
    },
    columns: (key: string) => whole.get({ key }),
    keys: (after: string, limit: number) => page.all({ after, limit }).map(({ key }) => key),
  };
}
