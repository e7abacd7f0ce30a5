import { and, eq, max, type SQL, sql } from 'drizzle-orm';
import { targetKey } from '../../domain/catalog.ts';
import type { Deployment, State } from '../../domain/deployment.ts';
import { emptyPersonBook } from '../../domain/person-book.ts';
import { emptyTarget } from '../../domain/target.ts';
import type { DeploymentQuery, Rows } from '../../ports/store.ts';
import { patiently } from './patience.ts';
import { tallies } from './rollups.ts';
import { deployments, persons, places, reviews, scopes, targets } from './schema.ts';
import { rowsOf, type Server, type Session } from './session.ts';

/** Everything that may be read of the folds. */
export function openRows({ session }: Server): Rows {
  const one = async (where: SQL | undefined) => {
    const [row] = await patiently(() =>
      session.select({ doc: deployments.doc }).from(deployments).where(where).limit(1),
    );
    return row?.doc;
  };
  return {
    deployment: (id) => one(eq(deployments.id, id)),
    deploymentByToken: (token) => one(eq(deployments.token, token)),
    deploymentByRun: (provider, run) => one(and(eq(deployments.runProvider, provider), eq(deployments.runId, run))),
    deployments: (query) => patiently(() => listed(session, query)),
    async nextNumber() {
      const [row] = await patiently(() => session.select({ number: max(deployments.number) }).from(deployments));
      return (row?.number ?? 0) + 1;
    },
    async target(service, environment) {
      const where = eq(targets.key, targetKey(service, environment));
      const [row] = await patiently(() => session.select().from(targets).where(where));
      return row?.doc ?? emptyTarget(service, environment);
    },
    async targets() {
      const rows = await patiently(() => session.select().from(targets).orderBy(sql`key collate "C"`));
      return rows.map(({ doc }) => doc);
    },
    async placeBooks() {
      const rows = await patiently(() => session.select().from(places).orderBy(sql`key collate "C"`));
      return rows.map(({ doc }) => doc);
    },
    async scopes() {
      const rows = await patiently(() => session.select().from(scopes).orderBy(sql`key collate "C"`));
      return rows.map(({ doc }) => doc);
    },
    async personBook(id) {
      const [row] = await patiently(() => session.select().from(persons).where(eq(persons.key, id)));
      return row?.doc ?? emptyPersonBook(id);
    },
    async personBooks() {
      const rows = await patiently(() => session.select().from(persons).orderBy(sql`key collate "C"`));
      return rows.map(({ doc }) => doc);
    },
    async review(id) {
      const [row] = await patiently(() => session.select().from(reviews).where(eq(reviews.key, id)));
      return row?.doc;
    },
    async openReviews() {
      const open = sql`doc->'closed' is null`;
      const order = sql`doc->>'dueAt' collate "C", key collate "C"`;
      const rows = await patiently(() => session.select().from(reviews).where(open).orderBy(order));
      return rows.map(({ doc }) => doc);
    },
    rollups: (query) => patiently(() => tallies(session, query)),
  };
}

/**
 * Lists of deployments, newest first. Every state is asked for by itself: each question is then served by one index from its end, and
 * takes as long with a million deployments as with a thousand.
 */
async function listed(session: Session, query: DeploymentQuery): Promise<readonly Deployment[]> {
  const { service, environment, states, before, limit } = query;
  const filters = [
    ...(service === undefined ? [] : [sql`service = ${service}`]),
    ...(environment === undefined ? [] : [sql`environment = ${environment}`]),
    ...(query.open === true ? [sql`open`] : []),
    ...(before === undefined ? [] : [sql`number < ${before}`]),
  ];
  const whole = service === undefined && environment === undefined && states === undefined && query.open !== true;
  const rows = await rowsOf<{ doc: Deployment }>(
    session,
    whole
      ? sql`select doc from deployments where ${all(filters)} order by number desc limit ${limit}`
      : sql`
        with recursive ${wanted(states)}
        select found.doc from wanted, lateral (
          select number, doc from deployments
          where ${all([sql`state = wanted.state`, ...filters])}
          order by number desc limit ${limit}
        ) found
        where wanted.state is not null
        order by found.number desc limit ${limit}`,
  );
  return rows.map(({ doc }) => doc);
}

function all(filters: readonly SQL[]): SQL {
  return filters.length === 0 ? sql`true` : sql.join([...filters], sql` and `);
}

/** The states that are asked for; else every one that is there, also those that only a newer version knows: one look each, no walk. */
function wanted(states: readonly State[] | undefined): SQL {
  if (states !== undefined) {
    return sql`wanted(state) as (select distinct json_array_elements_text(${JSON.stringify(states)}::json))`;
  }
  return sql`
    wanted(state) as (
      (select state from deployments order by state limit 1)
      union all
      select (select state from deployments later where later.state > wanted.state order by state limit 1)
      from wanted where wanted.state is not null
    )`;
}
