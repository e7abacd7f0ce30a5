import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import { type Deployment, STATES, type State } from '../../domain/deployment.ts';
import type { DeploymentQuery } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { deployments } from './schema.ts';

/**
 * Lists of deployments, newest first. Every state is asked for by itself and the answers are merged: each question is then served
 * by one index from its end, whatever is asked together, and takes as long with a million deployments as with a thousand.
 */
export function deploymentQueries({ db, client }: Connection): (query: DeploymentQuery) => readonly Deployment[] {
  const present = presentStates(client);
  const { number, doc } = deployments;
  const before = lt(number, sql.placeholder('before'));
  const limit = sql.placeholder('limit');
  const everything = db.select({ doc }).from(deployments).where(before).orderBy(desc(number)).limit(limit).prepare();
  const one = db
    .select({ doc })
    .from(deployments)
    .where(eq(number, sql.placeholder('number')))
    .prepare();

  const known = new Map<string, ReturnType<typeof prepared>>();
  function prepared(filters: readonly SQL[]) {
    const where = and(...filters, eq(deployments.state, sql.placeholder('state')), before);
    return db.select({ number }).from(deployments).where(where).orderBy(desc(number)).limit(limit).prepare();
  }
  function statement(query: DeploymentQuery, ended: boolean) {
    const name = [query.service === undefined, query.environment === undefined, ended].join();
    const found = known.get(name) ?? prepared(filtersOf(query, ended));
    known.set(name, found);
    return found;
  }

  return (query) => {
    const { service, environment, limit: most } = query;
    const asked = { before: query.before ?? Number.MAX_SAFE_INTEGER, limit: most, service, environment };
    if (service === undefined && environment === undefined && query.states === undefined && query.open !== true) {
      return everything.all(asked).map((row) => row.doc);
    }
    const pairs = query.states === undefined ? present() : [...new Set(query.states)].map(pairOf);
    const numbers = pairs
      .filter(({ ended }) => !(ended && query.open === true))
      .flatMap(({ state, ended }) => statement(query, ended).all({ ...asked, state }));
    const newest = numbers.sort((first, second) => second.number - first.number).slice(0, most);
    return newest.flatMap((row) => one.get(row)?.doc ?? []);
  };
}

interface Pair {
  readonly state: State;
  readonly ended: boolean;
}

function pairOf(state: State): Pair {
  return { state, ended: STATES[state].ended };
}

/** The states that deployments are in, also those that only a newer version knows. One look into the index for each, no walk. */
function presentStates(client: Connection['client']): () => readonly Pair[] {
  const [open, ended] = [1, 0].map((value) =>
    client
      .prepare<[], State>(
        `with recursive present(state) as (
          select min(state) from deployments where open = ${value}
          union all
          select (select min(state) from deployments where open = ${value} and state > present.state)
          from present where present.state is not null
        )
        select state from present where state is not null`,
      )
      .pluck(),
  );
  return () => [
    ...(open?.all() ?? []).map((state) => ({ state, ended: false })),
    ...(ended?.all() ?? []).map((state) => ({ state, ended: true })),
  ];
}

/** `open` stands there as a literal, because only then may the partial indexes serve. */
function filtersOf({ service, environment }: DeploymentQuery, ended: boolean): readonly SQL[] {
  return [
    ended ? sql`open = 0` : sql`open = 1`,
    ...(service === undefined ? [] : [eq(deployments.service, sql.placeholder('service'))]),
    ...(environment === undefined ? [] : [eq(deployments.environment, sql.placeholder('environment'))]),
  ];
}
