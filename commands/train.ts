import { tell } from '../src/domain/tell/index.ts';
import { leadOf, TRAIN_SIZE } from '../src/domain/train.ts';
import { trainOf } from '../src/engine/train-rows.ts';
import { unknownTrain } from '../src/engine/trains.ts';
import type { Reply } from '../src/ports/chat.ts';
import { answer, refused } from './shared/answers.ts';
import { outcome, requestedTrain } from './shared/outcomes.ts';
import { tellContext, withDeployment } from './shared/rows.ts';
import { type CommandContext, command, ENVIRONMENT, REASON_FLAG, SERVICE_REFS, TRAIN } from './shared/spec.ts';

/** Asks for several deployments as one, or shows such a train. */
export const train = command({
  name: 'train',
  summary: `Asks for ${TRAIN_SIZE.least} to ${TRAIN_SIZE.most} services as one: one approval, one after the other, stopped when one fails; or shows a train.`,
  topic: 'deploying',
  examples: [
    'train web shop@1a2b3c to production --reason "spring sale"',
    'train web shop production --reason "spring sale" --parallel',
    'train T-7',
  ],
  forms: [[SERVICE_REFS, { ...ENVIRONMENT, filler: 'to' }], [TRAIN]],
  flags: [REASON_FLAG, { name: 'parallel', field: 'parallel' }],
  acts: ({ deployment }) => deployment === undefined,
  async run(context, { deployment, services, environment, reason, parallel }) {
    if (deployment !== undefined) return showTrain(context, deployment);
    const wish = {
      services: services ?? [],
      environment: environment ?? '',
      mode: parallel === true ? ('parallel' as const) : ('ordered' as const),
      ...(reason === undefined ? {} : { reason }),
    };
    return outcome(await context.door.train(context.caller, wish), (lead) => requestedTrain(context, lead));
  },
});

/** The card of a train, named by its own id or by that of one of its deployments. */
export async function showTrain(context: CommandContext, id: string): Promise<Reply> {
  if (leadOf(id) !== undefined) {
    const [lead] = (await trainOf(context.reading, id)) ?? [];
    if (lead === undefined) return refused([unknownTrain(id)]);
    return answer(tell(lead, 'engineering', await tellContext(context, lead)));
  }
  return withDeployment(context, id, async (found) => {
    const { train: part } = found;
    return part === undefined ? refused([alone(id)]) : showTrain(context, part.id);
  });
}

function alone(id: string) {
  return { ...unknownTrain(''), sentence: `${id} goes alone, in no train.`, next: `See \`status ${id}\`.` };
}
