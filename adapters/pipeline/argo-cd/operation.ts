import type { StartRequest } from '../../../src/ports/pipeline.ts';
import type { Application, Operation, OperationState } from './schema.ts';

/** The entry of an operation that carries our id; `info` of an operation is kept with its state. */
export const CORRELATION = 'countersign';

/**
 * A rollback by Argo CD's own history carries no entries, so that the application is marked before: `<our id> <start of the operation
 * before>`. Only a rollback that began after the mark is ours.
 */
export const ROLLBACK_MARK = 'countersign/rollback';

/** The last thing that the application was told to do. `state` is there once the controller has taken it up. */
export interface Current {
  readonly whose: 'ours' | 'foreign';
  readonly operation: Operation;
  readonly state: OperationState | undefined;
}

/**
 * The operation of an application, ours or not. There is only one: Argo CD forgets the former when it takes up another, so one that is
 * not ours came after ours.
 */
export function currentOperation(app: Application, request: StartRequest): Current | undefined {
  const state = app.status?.operationState ?? undefined;
  const asked = app.operation ?? undefined;
  const operation = asked ?? state?.operation;
  if (operation === undefined) return undefined;
  // An operation that stands there while the state is of another one has not been taken up yet.
  const its = state !== undefined && (asked === undefined || sameOperation(asked, state.operation)) ? state : undefined;
  const ours = carries(operation, request) || isOurRollback(app, operation, its, request);
  return { whose: ours ? 'ours' : 'foreign', operation, state: its };
}

/** In progress: Argo CD takes no other one now. */
export function isBusy(app: Application): boolean {
  return (app.operation ?? undefined) !== undefined;
}

/** Who began it, for people. */
export function initiatorOf({ initiatedBy }: Operation): string {
  if (initiatedBy?.automated === true) return 'automated sync';
  return (initiatedBy?.username ?? '') || 'somebody';
}

export function rollbackMark(app: Application, request: StartRequest): string {
  return `${request.correlation} ${app.status?.operationState?.startedAt ?? '-'}`;
}

function carries({ info }: Operation, { correlation }: StartRequest): boolean {
  return (info ?? []).some(({ name, value }) => name === CORRELATION && value === correlation);
}

function isOurRollback(
  app: Application,
  operation: Operation,
  state: OperationState | undefined,
  request: StartRequest,
): boolean {
  const [correlation, before] = (app.metadata.annotations?.[ROLLBACK_MARK] ?? '').split(' ');
  const { info, initiatedBy, sync } = operation;
  return (
    correlation === request.correlation &&
    (info ?? []).length === 0 &&
    initiatedBy?.automated !== true &&
    [sync?.revision, ...(sync?.revisions ?? [])].includes(request.sha) &&
    state?.startedAt !== before
  );
}

/** What has entries is told by them: Argo CD may change the rest of an operation when it tries it again. */
function sameOperation(one: Operation, other: Operation): boolean {
  const commits = ({ sync }: Operation) => [sync?.revision ?? '', sync?.revisions ?? []];
  const key = (operation: Operation) => {
    const info = operation.info ?? [];
    return JSON.stringify(info.length > 0 ? info : commits(operation));
  };
  return key(one) === key(other);
}
