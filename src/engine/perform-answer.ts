import { refusal } from '../domain/refusal.ts';
import { answerWords, decideAnswered, decideUnanswered, toAnswer } from '../domain/waits.ts';
import { PortFailure } from '../ports/failure.ts';
import { now } from './kit.ts';
import { DONE, fenceOf, type Performer, settled } from './performing.ts';
import { report } from './report.ts';
import { providerOf, startRequest } from './run-request.ts';

/** Answers a question of the provider's own, in the name of whoever decided here. Answering it twice changes nothing there. */
export const answerWait: Performer<'answer-wait'> = async (kit, _groups, effect, work) => {
  const deployment = await kit.store.deployment(effect.deployment);
  const wait = deployment === undefined ? undefined : toAnswer(deployment).find(({ id }) => id === effect.wait);
  const words = deployment === undefined ? undefined : answerWords(deployment);
  if (deployment?.run === undefined || wait === undefined || words === undefined) return DONE;
  const provider = providerOf(kit, deployment);
  if (provider.answer === undefined) return DONE;
  const told = { deployment: deployment.id, settles: settled(work) };
  try {
    await provider.answer(deployment.run, startRequest(kit, deployment), wait, 'approve', words, fenceOf(work));
  } catch (error) {
    if (!(error instanceof PortFailure) || error.details.retryable || error.details.port === 'store') throw error;
    const why = refusal('provider-refused', error.message, 'Answer it at the provider.');
    await report(kit, { ...told, decide: (row) => decideUnanswered(row, wait, why) });
    return { kind: 'reported' };
  }
  await report(kit, { ...told, decide: (row) => decideAnswered(row, wait, words) });
  await kit.store.setWakeups([{ key: deployment.id, due: Date.parse(now(kit)) + 200 }]);
  return { kind: 'reported' };
};
