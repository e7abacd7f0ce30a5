import { type Deployment, stateWords } from '../../src/domain/deployment.ts';
import { pageUrl, type TellContext } from '../../src/domain/tell/context.ts';
import { happening } from '../../src/domain/tell/sentence.ts';
import type { Text } from '../../src/domain/text.ts';
import { leadOf, toldAs } from '../../src/domain/train.ts';
import type { Answer, PlaceAnswer } from '../../src/engine/door.ts';
import type { LockAnswer } from '../../src/engine/locks.ts';
import type { Reply } from '../../src/ports/chat.ts';
import { isoNow } from '../../src/ports/clock.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { idText, refused, tellPrivately } from './answers.ts';
import { tellContext } from './rows.ts';
import type { CommandContext } from './spec.ts';

/** A delivery that was obeyed before gets no second answer. */
const NOTHING: Reply = { kind: 'nothing' };

/** Puts the door's answer into words; `done` says what happened. */
export async function outcome(
  answered: Answer,
  done: (deployment: Deployment) => Reply | Promise<Reply>,
): Promise<Reply> {
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

/** `Requested T-7: web, api to production, one after the other. Checking what would change…` */
export function requestedTrain({ catalog }: CommandContext, lead: Deployment): Reply {
  const { train, environment } = lead;
  const services = (train?.members ?? []).map(({ service }) => service).join(', ');
  const how = train?.mode === 'parallel' ? 'all at the same time' : 'one after the other';
  const whole = { kind: 'strong' as const, text: toldAs(lead) };
  const what = `: ${services} to ${environment}, ${how}. Checking what would change…`;
  return tellPrivately('neutral', ['Requested ', whole, what], [], links(lead, catalog));
}

function later(at: string | undefined): Text {
  return at === undefined ? [] : [', not before ', { kind: 'time', at, style: 'date' }];
}

/** One sentence on a deployment, what happens to it now in the words of its card, and a link to its page. */
export async function said(
  context: CommandContext,
  deployment: Deployment,
  words: (id: string) => string,
  asked: string = deployment.id,
): Promise<Reply> {
  if (leadOf(asked) !== undefined) return saidOfTrain(context, deployment, words(asked));
  const { id, service, environment, state } = deployment;
  const now = happening(deployment, await wordsContext(context, deployment));
  return tellPrivately(
    'neutral',
    [words(id)],
    [[`${service} → ${environment} · ${stateWords(state).word}. ${now}`]],
    links(deployment, context.catalog),
  );
}

async function saidOfTrain(context: CommandContext, lead: Deployment, words: string): Promise<Reply> {
  const { train } = await wordsContext(context, lead);
  const all = (train?.members ?? [lead]).map(({ service, state }) => `${service} ${stateWords(state).word}`).join(', ');
  return tellPrivately('neutral', [words], [[`${all} → ${lead.environment}`]], links(lead, context.catalog));
}

/** It is done by now: rows that cannot be read make the words poorer, and not a failure of it. */
async function wordsContext(context: CommandContext, deployment: Deployment): Promise<TellContext> {
  try {
    return await tellContext(context, deployment);
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    return { catalog: context.catalog, now: isoNow(context.clock) };
  }
}

function links(deployment: Deployment, catalog: CommandContext['catalog']) {
  const url = pageUrl(deployment, { catalog });
  return url === undefined ? {} : { links: [{ label: 'Details', url }] };
}
