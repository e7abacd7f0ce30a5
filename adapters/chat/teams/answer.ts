import { type Announcement, note } from '../../../src/domain/announcement.ts';
import type { Reply } from '../../../src/ports/chat.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';
import { mendNote } from '../../shared/chat/replies.ts';
import type { Spot } from './activity.ts';
import { type DressParts, dress } from './dress.ts';
import { formInvitation } from './form.ts';
import { cannotBeToldThere, type Mail } from './mail.ts';
import { messageOf, type Rendered } from './render.ts';
import { repeated } from './repeat.ts';

/** Whom to answer, and where they are. */
export interface Origin {
  readonly spot: Spot;
  /** The bot's own id of the person. */
  readonly user: string;
  readonly aad?: string;
}

export interface AnswerTools extends DressParts {
  readonly mail: Mail;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** Brings a reply to whoever acted, by a message of its own. Never throws: an answer that cannot be given is logged. */
export async function answer(reply: Reply, origin: Origin, tools: AnswerTools): Promise<void> {
  try {
    switch (reply.kind) {
      case 'nothing':
        return;
      case 'say':
        return await say(reply.announcement, reply.visibility === 'public', origin, tools);
      case 'mend':
        return await say(mendNote(reply.errors), false, origin, tools);
      case 'form':
        return await privately(formInvitation(reply.form), origin, tools);
    }
  } catch (error) {
    tools.log.error({ error, conversation: origin.spot.channel }, 'teams answer could not be given');
  }
}

/** Is everything worth knowing in the one sentence? Then an answer to a press needs no message beside it, not for a link alone. */
export function isShort({ lines, facts, sections, buttons, progress, chart }: Announcement): boolean {
  const rest = [...facts, ...sections, ...buttons].length;
  return rest === 0 && lines.length <= 1 && progress === undefined && chart === undefined;
}

async function say(announcement: Announcement, open: boolean, origin: Origin, tools: AnswerTools): Promise<void> {
  const { tenant, channel, conversation } = origin.spot;
  const place = { chat: 'teams', tenant, channel };
  const shown = await repeated(tools, () => dress(tools, { announcement, key: '', revision: 0 }, place));
  if (!open) return privately(shown, origin, tools);
  const activity = messageOf(shown);
  await repeated(tools, () => tools.mail.post({ ...origin.spot, conversation }, activity, { urgent: true }));
}

/** Silence would be worse: that there is an answer may be known to all, what it says may not. */
const UNREACHED = note(
  'neutral',
  ['There is an answer, but it cannot be given to you alone.'],
  'There is an answer, but it cannot be given to you alone. Add the app for yourself under Apps, then ask again.',
  [['Add the app for yourself under Apps, then ask again.']],
);

async function privately(shown: Rendered, origin: Origin, tools: AnswerTools): Promise<void> {
  const { spot, user, aad } = origin;
  const who = { user, tenant: spot.tenant, ...(aad === undefined ? {} : { aad }) };
  try {
    await repeated(tools, () => tools.mail.whisper(who, messageOf(shown), spot, { urgent: true }));
  } catch (error) {
    if (spot.scope === 'personal' || !cannotBeToldThere(error)) throw error;
    tools.log.warn({ error, conversation: spot.channel }, 'teams answer could not be given privately');
    await say(UNREACHED, true, origin, tools);
  }
}
