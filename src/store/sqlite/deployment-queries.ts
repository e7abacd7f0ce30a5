import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import { type Deployment, STATE_NAMES, STATES, type State } from '../../domain/deployment.ts';
import type { DeploymentQuery } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { deployments } from './schema.ts';

/**
 * Lists of deployments, newest first. Every state is asked for by itself and the answers are merged: each question is then served
 * by one index from its end, whatever is asked together, and takes as long with a million deployments as with a thousand.
 */
export function deploymentQueries({ db }: Connection): (query: DeploymentQuery) => readonly Deployment[] {
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
    if (service === undefined && environment === undefined && query.states === undefined) {
      return everything.all(asked).map((row) => row.doc);
    }
    const states: readonly State[] = [...new Set(query.states ?? STATE_NAMES)];
    const numbers = states.flatMap((state) => statement(query, STATES[state].ended).all({ ...asked, state }));
    const newest = numbers.sort((first, second) => second.number - first.number).slice(0, most);
    return newest.flatMap((row) => one.get(row)?.doc ?? []);
  };
}

/** `open` stands there as a literal, because only then may the partial indexes serve. */
function filtersOf({ service, environment }: DeploymentQuery, ended: boolean): readonly SQL[] {
  return [
    ended ? sql`open = 0` : sql`open = 1`,
    ...(service === undefined ? [] : [eq(deployments.service, sql.placeholder('service'))]),
    ...(environment === undefined ? [] : [eq(deployments.environment, sql.placeholder('environment'))]),
  ];
}
