import { runEnded } from '../../domain/run.ts';
import { PortFailure } from '../../ports/failure.ts';
import type { Pipeline } from '../../ports/pipeline.ts';
import type { Kit } from '../kit.ts';
import { isStarting, tellOutside, usersOf } from '../outside.ts';
import type { Duty } from './duty.ts';

/** Between two looks at a run that has not ended, in milliseconds. */
const AGAIN_MS = 60_000;
/** While a start of ours is under way. */
const SOON_MS = 10_000;
/** What began longer ago is no news, in milliseconds. */
const NEWS_MS = 86_400_000;

/**
 * Looks at runs that a provider told us of and that no deployment has. Keys: `outside:<provider>:<run>:<repository>`. Such a wake-up that
 * gets lost is not made anew: the provider's next call about the run makes one.
 */
export const outside: Duty = {
  name: 'outside',
  async tend(kit, rest) {
    const [provider = '', run = '', ...others] = rest.split(':');
    const pipeline = kit.pipelines.get(provider);
    if (pipeline === undefined || (await kit.store.deploymentByRun(provider, run)) !== undefined) return undefined;
    const repository = others.join(':');
    const found = await look(kit, pipeline, run, repository);
    if (found === 'later') return { due: kit.clock.now() + AGAIN_MS };
    if (found === undefined || kit.clock.now() - Date.parse(found.began) > NEWS_MS) return undefined;
    const spots = usersOf(kit, pipeline, { repository, workflows: found.workflows });
    if (spots.length === 0) return undefined;
    if (await isStarting(kit, spots)) return { due: kit.clock.now() + SOON_MS };
    const { workflows: _names, ...told } = found;
    const left = await tellOutside(kit, told, spots);
    return left || !runEnded(found.state) ? { due: kit.clock.now() + AGAIN_MS } : undefined;
  },
  async owed() {
    return [];
  },
};

async function look(kit: Kit, pipeline: Pipeline, run: string, repository: string) {
  try {
    return await pipeline.outside?.(run, repository);
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    if (error.details.retryable) return 'later';
    kit.log.warn(
      { provider: pipeline.id, run, reason: error.message },
      'a run that is not ours could not be looked at',
    );
    return undefined;
  }
}
