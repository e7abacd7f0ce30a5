import type { Reply } from '../../../src/ports/chat.ts';
import { mendNote, refusalReply } from '../../shared/chat/replies.ts';
import type { TeamsActivity } from './activity.ts';
import { answer, isShort } from './answer.ts';
import { dress } from './dress.ts';
import { inTime } from './in-time.ts';
import { inputOf, readPress } from './press.ts';
import { type Desk, originOf, placeOf, replyTo } from './reception.ts';
import type { AdaptiveCard } from './wire.ts';

/** A button or dialog of a card that is too old, or not ours. */
const GONE = { sentence: 'This is not known any more.', next: 'Use the newest message, or open the form again.' };
export const GONE_WORDS = `${GONE.sentence} ${GONE.next}`;

/** A press on a card by Action.Execute, or a client that asks for the card anew. The answer is for this person's eyes only. */
export async function onAction(desk: Desk, activity: TeamsActivity): Promise<object> {
  const press = readPress(actionData(activity.value));
  if (press === undefined) return saying(GONE_WORDS);
  if (press.verb === 'refresh') return refreshed(desk, activity, press.value);
  return inTime(desk, () => replyTo(desk, activity, inputOf(press)), {
    done: (reply) => pressAnswer(desk, activity, reply),
    late: (reply) => answer(reply, originOf(activity), desk),
    meanwhile: saying('This takes a moment. You will be told.'),
  });
}

/** A press that came as a message, from a client that does not know Action.Execute: the answer is a message too. */
export async function onSubmit(desk: Desk, activity: TeamsActivity): Promise<void> {
  const press = readPress(activity.value);
  if (press === undefined) return answer(refusalReply(GONE), originOf(activity), desk);
  await answer(await replyTo(desk, activity, inputOf(press)), originOf(activity), desk);
}

/** What the invoke itself answers, and beside it a private message where one sentence cannot hold it. */
async function pressAnswer(desk: Desk, activity: TeamsActivity, reply: Reply): Promise<object> {
  const words = spokenOf(reply);
  if (!fitsIntoWords(reply)) await answer(reply, originOf(activity), desk);
  return saying(words);
}

/** The one sentence of a reply, for the places that show no more. */
export function spokenOf(reply: Reply): string {
  switch (reply.kind) {
    case 'say':
      return reply.announcement.summary;
    case 'mend':
      return mendNote(reply.errors).summary;
    case 'form':
      return 'The form is in a message for you.';
    case 'nothing':
      return 'Done.';
  }
}

/** Does the sentence say all of it, to everybody whom it is for? */
export function fitsIntoWords(reply: Reply): boolean {
  if (reply.kind === 'say') return reply.visibility === 'private' && isShort(reply.announcement);
  return reply.kind === 'nothing' || reply.kind === 'mend';
}

/** The card as it is now, with this reader's own buttons. */
async function refreshed(desk: Desk, activity: TeamsActivity, key: string): Promise<object> {
  const { spot, user } = originOf(activity);
  const place = placeOf(spot);
  try {
    const picture = await desk.inbox.picture(place, key);
    if (picture !== undefined) return showing((await dress(desk, picture, place, user)).card);
  } catch (error) {
    desk.log.warn({ error, key }, 'a teams card could not be shown anew');
  }
  const error = { code: '404', message: 'There is nothing newer to show.' };
  return { statusCode: 404, type: 'application/vnd.microsoft.error', value: error };
}

/** Source of both shapes: learn.microsoft.com, "Universal Actions for Adaptive Cards", response format. */
function saying(value: string): object {
  return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value };
}

function showing(value: AdaptiveCard): object {
  return { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value };
}

function actionData(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('action' in value)) return undefined;
  const { action } = value;
  return typeof action === 'object' && action !== null && 'data' in action ? action.data : undefined;
}
