import type { Fact } from '../announcement.ts';
import type { Deployment } from '../deployment.ts';
import type { TrainHold, TrainPart } from '../train.ts';

/** `T-7, 2 of 3, one after the other: D-7 web, D-8 api, D-9 worker` */
export function trainWords({ id, position, mode, members }: TrainPart): string {
  const how = mode === 'parallel' ? 'all at the same time' : 'one after the other';
  const all = members.map(({ deployment, service }) => `${deployment} ${service}`).join(', ');
  return `${id}, ${position} of ${members.length}, ${how}: ${all}`;
}

/** The train of a deployment, on the deployment's own card. */
export function trainFacts({ train }: Pick<Deployment, 'train'>): readonly Fact[] {
  return train === undefined ? [] : [{ label: 'Train', value: [trainWords(train)] }];
}

/** Why a member that is cleared waits for others of its train. */
export function holdWords({ kind, for: other }: TrainHold, { train }: Pick<Deployment, 'train'>): string {
  const [whole, who] = [train?.id ?? 'its train', `${other.id} (${other.service})`];
  if (kind === 'turn') return `Waiting for ${who}, which goes before it in ${whole}.`;
  return kind === 'clearance'
    ? `Waiting until all of ${whole} may go; ${who} may not yet.`
    : `${whole} is stopping: ${who}.`;
}
