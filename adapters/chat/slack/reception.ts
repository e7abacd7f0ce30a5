import type { Account } from '../../../src/domain/person.ts';
import { refusal } from '../../../src/domain/refusal.ts';
import type { Inbox, Incoming, Input, MessageHandle, Reply } from '../../../src/ports/chat.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { ownFault, refusalReply } from '../../shared/chat/replies.ts';
import { type AnswerTools, answer, type Origin } from './answer.ts';
import type { Directory } from './directory.ts';
import { type Claim, isOurs } from './workspace.ts';

/** What every entrance needs. */
export interface Desk extends AnswerTools {
  readonly inbox: Inbox;
  readonly directory: Directory;
  readonly clock: Clock;
}

/** One acknowledged delivery, before anybody has looked at who it is from. */
export interface Delivery {
  readonly key: string;
  readonly claim: Claim;
  readonly user: { readonly id: string; readonly name: string | undefined; readonly team: string | undefined };
  readonly at?: MessageHandle;
  readonly origin: Origin;
  readonly input: Input;
}

/** Hands one delivery to the inbox and brings the answer back. Never throws. */
export async function receive(desk: Desk, delivery: Delivery): Promise<void> {
  const reply = await replyTo(desk, delivery);
  await answer(reply, delivery.origin, desk);
}

/** The inbox's reply, or our own where the inbox is not to be asked: a foreign workspace, a fault of ours. Never throws. */
export async function replyTo(desk: Desk, delivery: Delivery): Promise<Reply> {
  if (!isOurs(desk.workspace(), delivery.claim)) {
    desk.log.warn(
      { team: delivery.claim.team, enterprise: delivery.claim.enterprise },
      'slack delivery of a foreign workspace',
    );
    return foreign();
  }
  try {
    return await desk.inbox.receive(await incoming(desk, delivery));
  } catch (error) {
    desk.log.error({ error, key: delivery.key }, 'slack delivery failed');
    return ownFault(delivery.key);
  }
}

async function incoming(desk: Desk, { key, user, origin, input, at }: Delivery): Promise<Incoming> {
  const { team } = desk.workspace();
  const external = await desk.directory.external(user.id, user.team);
  const actor: Account = {
    system: 'slack',
    tenant: external !== false && user.team !== undefined ? user.team : team,
    id: user.id,
    ...(user.name === undefined ? {} : { name: user.name }),
  };
  const place = { chat: 'slack', tenant: team, channel: origin.channel };
  return { key: `slack:${key}`, place, actor, external, input, ...(at === undefined ? {} : { at }) };
}

function foreign(): Reply {
  const no = refusal(
    'foreign-workspace',
    'This bot serves another Slack workspace; nothing was done.',
    'Use the deployment bot of your own workspace.',
  );
  return refusalReply(no);
}
