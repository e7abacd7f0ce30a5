import { type Deployment, stateWords } from '../../src/domain/deployment.ts';
import { pageUrl } from '../../src/domain/tell/context.ts';
import type { Text } from '../../src/domain/text.ts';
import type { Answer, PlaceAnswer } from '../../src/engine/door.ts';
import type { LockAnswer } from '../../src/engine/locks.ts';
import type { Reply } from '../../src/ports/chat.ts';
import { idText, refused, tellPrivately } from './answers.ts';
import type { CommandContext } from './spec.ts';

/** A delivery that was obeyed before gets no second answer. */
const NOTHING: Reply = { kind: 'nothing' };

/** Puts the door's answer into words; `done` says what happened. */
export function outcome(answered: Answer, done: (deployment: Deployment) => Reply): Reply {
  if (answered.kind === 'duplicate') return NOTHING;
  return answered.kind === 'refused' ? refused(answered.refusals) : done(answered.deployment);
}

/** The same for a lock or a place. */
export function outcomeOf(answered: LockAnswer | PlaceAnswer, done: () => Reply): Reply {
  if (answered.kind === 'duplicate') return NOTHING;
  return answered.kind === 'refused' ? refused(answered.refusals) : done();
}

/** `Requested D-1042: web@main to production. Checking what would change…` */
export function requested({ catalog }: CommandContext, deployment: Deployment): Reply {
  const { id, service, environment, ref, kind, scheduledFor } = deployment;
  const next =
    deployment.kind === 'rollback' ? 'Getting ready to bring the former version back…' : 'Checking what would change…';
  const what: Text =
    deployment.kind === 'rollback'
      ? [`: rollback of ${service} in ${environment}. `]
      : [`: ${kind === 'hotfix' ? 'hotfix ' : ''}${service}@${ref} to ${environment}`, ...later(scheduledFor), '. '];
  return tellPrivately('neutral', ['Requested ', idText(id, catalog), ...what, next], [], links(deployment, catalog));
}

function later(at: string | undefined): Text {
  return at === undefined ? [] : [', not before ', { kind: 'time', at, style: 'date' }];
}

/** One sentence on a deployment, with a link to its page. */
export function said({ catalog }: CommandContext, deployment: Deployment, words: (id: string) => string): Reply {
  const sentence = words(deployment.id);
  const state = stateWords(deployment.state);
  return tellPrivately(
    'neutral',
    [sentence],
    [[`${deployment.service} → ${deployment.environment} · ${state.word}. ${state.sentence}`]],
    links(deployment, catalog),
  );
}

function links(deployment: Deployment, catalog: CommandContext['catalog']) {
  const url = pageUrl(deployment, { catalog });
  return url === undefined ? {} : { links: [{ label: 'Details', url }] };
}
