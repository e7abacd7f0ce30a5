import { and, eq, max, sql } from 'drizzle-orm';
import { targetKey } from '../../domain/catalog.ts';
import { emptyPersonBook } from '../../domain/person-book.ts';
import { emptyTarget } from '../../domain/target.ts';
import type { Rows } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { deploymentQueries } from './deployment-queries.ts';
import { guarded } from './fault.ts';
import { tallies } from './rollup-table.ts';
import { deployments, persons, places, reviews, scopes, targets } from './schema.ts';

/** Everything that may be read of the folds. */
export function openRows(connection: Connection): Rows {
  const { db } = connection;
  const byId = lookup(connection, eq(deployments.id, sql.placeholder('id')));
  const byToken = lookup(connection, eq(deployments.token, sql.placeholder('token')));
  const ofRun = and(
    eq(deployments.runProvider, sql.placeholder('provider')),
    eq(deployments.runId, sql.placeholder('run')),
  );
  const byRun = lookup(connection, ofRun);
  const list = deploymentQueries(connection);
  const tallied = tallies(connection);
  const newest = db
    .select({ number: max(deployments.number) })
    .from(deployments)
    .prepare();
  const target = db
    .select()
    .from(targets)
    .where(eq(targets.key, sql.placeholder('key')))
    .prepare();
  const allTargets = db.select().from(targets).orderBy(targets.key).prepare();
  const allPlaces = db.select().from(places).orderBy(places.key).prepare();
  const allScopes = db.select().from(scopes).orderBy(scopes.key).prepare();
  const person = db
    .select()
    .from(persons)
    .where(eq(persons.key, sql.placeholder('key')))
    .prepare();
  const allPersons = db.select().from(persons).orderBy(persons.key).prepare();
  const review = db
    .select()
    .from(reviews)
    .where(eq(reviews.key, sql.placeholder('key')))
    .prepare();
  const openReviews = db
    .select()
    .from(reviews)
    .where(sql`json_extract(doc, '$.closed') is null`)
    .orderBy(sql`json_extract(doc, '$.dueAt')`, reviews.key)
    .prepare();
  return {
    deployment: (id) => guarded(() => byId.get({ id })?.doc),
    deploymentByToken: (token) => guarded(() => byToken.get({ token })?.doc),
    deploymentByRun: (provider, run) => guarded(() => byRun.get({ provider, run })?.doc),
    deployments: (query) => guarded(() => list(query)),
    nextNumber: () => guarded(() => (newest.get()?.number ?? 0) + 1),
    target: (service, environment) =>
      guarded(() => target.get({ key: targetKey(service, environment) })?.doc ?? emptyTarget(service, environment)),
    targets: () => guarded(() => allTargets.all().map(({ doc }) => doc)),
    placeBooks: () => guarded(() => allPlaces.all().map(({ doc }) => doc)),
    scopes: () => guarded(() => allScopes.all().map(({ doc }) => doc)),
    personBook: (id) => guarded(() => person.get({ key: id })?.doc ?? emptyPersonBook(id)),
    personBooks: () => guarded(() => allPersons.all().map(({ doc }) => doc)),
    review: (id) => guarded(() => review.get({ key: id })?.doc),
    openReviews: () => guarded(() => openReviews.all().map(({ doc }) => doc)),
    rollups: (query) => guarded(() => tallied(query)),
  };
}

function lookup({ db }: Connection, where: ReturnType<typeof and>) {
  return db.select({ doc: deployments.doc }).from(deployments).where(where).limit(1).prepare();
}
