import { type Deployment, isOpen, type State } from '../domain/deployment.ts';
import type { Row } from './fold.ts';

/** The columns of a deployment's row that may change and stand in no index, all taken from the document. */
export const RESTING = ['version', 'sha', 'endedAt', 'doc'] as const;
/** Those that indexes are made of. Most entries leave them as they are, and the indexes are then better not touched. */
export const INDEXED = ['state', 'open', 'runProvider', 'runId'] as const;

/** `null` where the document is silent. */
export interface MovingColumns {
  readonly version: number;
  readonly state: State;
  readonly open: boolean;
  readonly sha: string | null;
  readonly runProvider: string | null;
  readonly runId: string | null;
  readonly endedAt: string | null;
  readonly doc: Deployment;
}

/** Do two states of a deployment stand at the same places of every index? */
export function sameIndexes(before: Deployment, after: Deployment): boolean {
  const [one, other] = [movingColumns(before), movingColumns(after)];
  return INDEXED.every((name) => one[name] === other[name]);
}

export function movingColumns(deployment: Deployment): MovingColumns {
  return {
    version: deployment.version,
    state: deployment.state,
    open: isOpen(deployment),
    sha: deployment.findings?.sha ?? null,
    runProvider: deployment.run?.provider ?? null,
    runId: deployment.run?.id ?? null,
    endedAt: deployment.endedAt ?? null,
    doc: deployment,
  };
}

/** Every column of a deployment's row. */
export function deploymentColumns(deployment: Deployment) {
  const { number, id, token, kind, service, environment, requester, requestedAt } = deployment;
  const lasting = { number, id, token, kind, service, environment, requester: requester.id, requestedAt };
  return { ...lasting, ...movingColumns(deployment) };
}

/** Every column that a row must have, by name; what is kept is compared with it. */
export function columnsOf(row: Row, key: string): Readonly<Record<string, unknown>> {
  if (row.kind === 'deployment') return deploymentColumns(row.value);
  return { key, version: row.value.version, doc: row.value };
}
