import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { type Context, patchApplication, runOf, wanted } from './context.ts';
import { ROLLBACK_MARK, rollbackMark } from './operation.ts';
import type { Application, HistoryEntry } from './schema.ts';
import { isRepository } from './sources.ts';

/** The newest entry of the history that deployed the commit from the service's repository. The history keeps ten unless set otherwise. */
export function entryFor({ status }: Application, request: StartRequest): HistoryEntry | undefined {
  const { settings } = wanted(request);
  const fits = ({ revision, revisions, source, sources }: HistoryEntry) => {
    const many = sources ?? [];
    const all = many.length > 0 ? many : [source ?? {}];
    const commits = many.length > 0 ? (revisions ?? []) : [revision];
    return all.some((one, index) => commits[index] === request.sha && isRepository(one, request, settings.repository));
  };
  return (status?.history ?? []).filter(fits).toSorted((one, other) => other.id - one.id)[0];
}

/**
 * Goes back by Argo CD's own history: the commit with the parameters of that time, without hooks. The interface takes no id of ours
 * with it, so the application is marked first. Nothing when the token may not mark it: then a sync to the commit has to do.
 */
export async function rollBack(
  context: Context,
  app: Application,
  request: StartRequest,
  entry: HistoryEntry,
  fence?: Fence,
): Promise<Run | undefined> {
  const { settings, what, path, which } = wanted(request);
  try {
    const annotations = { [ROLLBACK_MARK]: rollbackMark(app, request) };
    await patchApplication(context, request, { metadata: { annotations } }, fence);
  } catch (error) {
    if (error instanceof PortFailure && error.details.kind === 'forbidden') return undefined;
    throw error;
  }
  const json = { name: settings.application, ...which, id: entry.id, prune: settings.prune };
  await context.service.send({ what: `the rollback of ${what}`, path: `${path}/rollback`, json }, fence);
  return runOf(context, request);
}
