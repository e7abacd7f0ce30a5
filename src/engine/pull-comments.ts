import type { Deployment } from '../domain/deployment.ts';
import type { NewEffect } from '../domain/effect.ts';
import { pageUrl } from '../domain/tell/context.ts';
import { commentMarker, pullComment } from '../domain/tell/pull-comment.ts';
import { PortFailure } from '../ports/failure.ts';
import type { Kit } from './kit.ts';
import { DONE, fenceOf, type Performer } from './performing.ts';

/** More pull requests than this are not told one by one. */
const MOST_PULLS = 20;
/** With the courier's pauses, for some hours. */
const MOST_TRIES = 40;

/** Comments on the pull requests whose commits have just arrived, failed to, or been taken back; none unless the service wants them. */
export async function commentEffects(kit: Kit, after: Deployment): Promise<readonly NewEffect[]> {
  if (kit.catalog().services[after.service]?.pullRequestComments !== true) return [];
  if (after.state !== 'succeeded' && after.state !== 'failed') return [];
  const undone = after.kind === 'rollback' && after.undoes !== undefined;
  const told = undone ? await kit.store.deployment(after.undoes ?? '') : after;
  const set = told?.findings?.changeSet;
  // A first deployment brings everything that was ever merged, which is news to nobody.
  const commits = set === undefined || set.direction === 'first' || set.direction === 'behind' ? [] : set.commits;
  const pulls = [
    ...new Set(commits.flatMap(({ pullRequest }) => (pullRequest === undefined ? [] : [pullRequest.number]))),
  ];
  return pulls.slice(0, MOST_PULLS).map((pull) => {
    const key = `comment:${after.service}/${after.environment}:${pull}`;
    const effect = { kind: 'comment' as const, deployment: told?.id ?? after.id, pull };
    return { key, lane: key, mode: 'latest' as const, effect, due: kit.clock.now() };
  });
}

/** Makes the one comment of a target on a pull request say how the deployment ended. What the source does not let us say is only logged. */
export const comment: Performer<'comment'> = async (kit, _groups, effect, work) => {
  const deployment = await kit.store.deployment(effect.deployment);
  const service = deployment === undefined ? undefined : kit.catalog().services[deployment.service];
  const words = deployment && pullComment(deployment, pageUrl(deployment, { catalog: kit.catalog() }));
  const source = service === undefined ? undefined : kit.sources.get(service.repository.source);
  if (deployment === undefined || service === undefined || words === undefined || source?.comment === undefined)
    return DONE;
  try {
    await source.comment(service.repository.name, effect.pull, commentMarker(deployment), words, fenceOf(work));
  } catch (error) {
    if (!(error instanceof PortFailure) || error.details.port === 'lease') throw error;
    if (error.details.retryable && work.attempts < MOST_TRIES) throw error;
    const { id } = deployment;
    kit.log.warn(
      { deployment: id, pull: effect.pull, reason: error.message },
      'a pull request could not be told of it',
    );
  }
  return DONE;
};
