import type { Place } from '../../../src/domain/catalog.ts';
import type { Account } from '../../../src/domain/person.ts';
import type { Inbox, Incoming, Input, MessageHandle, Reply } from '../../../src/ports/chat.ts';
import { ownFault } from '../../shared/chat/replies.ts';
import { type Spot, spotOf, type TeamsActivity } from './activity.ts';
import type { AnswerTools, Origin } from './answer.ts';
import type { References } from './book.ts';
import type { Directory } from './directory.ts';

/** What every entrance needs. */
export interface Desk extends AnswerTools {
  readonly inbox: Inbox;
  readonly directory: Directory;
  readonly references: References;
  /** As people type it, e.g. `/deploy`. */
  readonly command: string;
}

/** Whom to answer. */
export function originOf(activity: TeamsActivity): Origin {
  const { id, aadObjectId } = activity.from;
  return { spot: spotOf(activity), user: id, ...(aadObjectId === undefined ? {} : { aad: aadObjectId.toLowerCase() }) };
}

export function placeOf({ tenant, channel }: Spot): Place {
  return { chat: 'teams', tenant, channel };
}

/**
 * Hands one delivery to the inbox. Never throws: a fault of ours becomes an answer.
 * @param key what makes a second delivery the same one; absent: Teams' own name of the delivery
 */
export async function replyTo(
  desk: Desk,
  activity: TeamsActivity,
  input: Input,
  key = keyOf(activity),
): Promise<Reply> {
  try {
    return await desk.inbox.receive(await incoming(desk, activity, input, key));
  } catch (error) {
    desk.log.error({ error, key }, 'teams delivery failed');
    return ownFault(key);
  }
}

/** Teams names each delivery, and a second one of it the same. */
function keyOf({ id, conversation, from, replyToId, type }: TeamsActivity): string {
  return `teams:${conversation.id}:${id ?? `${type}:${replyToId ?? ''}:${from.id}`}`;
}

async function incoming(desk: Desk, activity: TeamsActivity, input: Input, key: string): Promise<Incoming> {
  const spot = spotOf(activity);
  const { from } = activity;
  const external = await desk.directory.external(spot, from);
  const actor: Account = {
    system: 'teams',
    tenant: spot.tenant,
    id: from.aadObjectId?.toLowerCase() ?? from.id,
    ...(from.name === undefined ? {} : { name: from.name }),
  };
  const at = messageAt(spot, activity);
  return { key, place: placeOf(spot), actor, external, input, ...(at === undefined ? {} : { at }) };
}

/** The message that was pressed; for typed words the one at the root of their thread. */
function messageAt(spot: Spot, { replyToId, id }: TeamsActivity): MessageHandle | undefined {
  const place = placeOf(spot);
  const { root } = spot;
  if (replyToId !== undefined)
    return { place, id: replyToId, ...(root === undefined || root === replyToId ? {} : { thread: root }) };
  return root === undefined || root === id ? undefined : { place, id: root };
}

/** Keeps what a delivery tells of a conversation and a person, so that they can be spoken to first later. */
export async function learnFrom(references: References, activity: TeamsActivity): Promise<void> {
  const { channel, scope, tenant, serviceUrl } = spotOf(activity);
  const { id, aadObjectId, name } = activity.from;
  const aad = aadObjectId?.toLowerCase();
  await references.learn({
    place: { conversation: channel, scope, tenant, serviceUrl },
    ...(aad === undefined
      ? {}
      : {
          person: {
            aad,
            tenant,
            user: id,
            name: name ?? references.person(aad)?.name ?? aad,
            seenIn: channel,
            ...(scope === 'personal' ? { direct: channel } : {}),
          },
        }),
  });
}
