import { REASON_LIMIT } from '../../src/domain/decide.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { refusal } from '../../src/domain/refusal.ts';
import { leadOf } from '../../src/domain/train.ts';
import { trainOf } from '../../src/engine/train-rows.ts';
import { unknownTrain } from '../../src/engine/trains.ts';
import type { Reply } from '../../src/ports/chat.ts';
import { refused, runButton, tellPrivately } from './answers.ts';
import type { CommandContext } from './spec.ts';

/**
 * Brings back what ran before each member of a train that has arrived, the last one first. Each is a rollback of its own, as if its
 * button had been pressed: one that cannot be taken back keeps no other from it.
 */
export async function backTrain(context: CommandContext, id: string, reason: string | undefined): Promise<Reply> {
  const members = await trainOf(context.reading, id);
  if (members === undefined) return refused([leadOf(id) === undefined ? notATrain(id) : unknownTrain(id)]);
  const arrived = members.filter(({ state }) => state === 'succeeded').toReversed();
  if (arrived.length === 0) {
    const sentence = `Nothing of ${id} has arrived that could be taken back.`;
    return refused([refusal('nothing-to-roll-back-to', sentence, `See \`train ${id}\`.`)]);
  }
  if (reason === undefined) return question(id, arrived);
  const said: string[] = [];
  let failed = 0;
  for (const one of arrived) {
    const { words, ok } = await back(context, one, reason);
    said.push(words);
    if (!ok) failed += 1;
  }
  const title = `Rolling back ${arrived.length - failed} of ${arrived.length} of ${id}, the last one first.`;
  return tellPrivately(
    failed === 0 ? 'neutral' : 'bad',
    [title],
    said.map((words) => [words]),
  );
}

async function back({ door, caller }: CommandContext, member: Deployment, reason: string) {
  const { id, service, environment } = member;
  // Each is a delivery of its own to the door, and the same one when this very line is delivered again.
  const own = { ...caller, key: `${caller.key}:${id}` };
  const answered = await door.rollback(own, { service, environment, reason, pressed: id });
  if (answered.kind === 'done')
    return { words: `${service}: ${answered.deployment.id} brings the former version back.`, ok: true };
  if (answered.kind === 'duplicate') return { words: `${service}: asked for before.`, ok: true };
  const why = answered.refusals.map(({ sentence, next }) => `${sentence} ${next}`).join(' ');
  return { words: `${service}: ${why.replaceAll('`', '')}`, ok: false };
}

function question(id: string, arrived: readonly Deployment[]): Reply {
  const ask = {
    title: 'Roll back',
    label: 'Why? The targets stay locked afterwards.',
    submit: 'Roll Back',
    maxLength: REASON_LIMIT,
    required: true,
  };
  const names = arrived.map(({ service }) => service).join(', ');
  const words = `${names}: the last good version before this one is brought back. Nothing happens until you say why.`;
  return tellPrivately('waiting', [`Roll back what has arrived of ${id}?`], [[words]], {
    buttons: [runButton('Roll Back', `rollback ${id}`, { style: 'danger', ask })],
  });
}

function notATrain(id: string) {
  const next = 'Use `rollback <service> <env> to …`, or the button on its card.';
  return refusal('bad-arguments', `${id} is one deployment; what runs at a target is rolled back.`, next);
}
