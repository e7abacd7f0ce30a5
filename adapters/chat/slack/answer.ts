import { RespondError, type RespondFn } from '@slack/bolt';
import { type Announcement, note } from '../../../src/domain/announcement.ts';
import type { Reply } from '../../../src/ports/chat.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { Log } from '../../../src/ports/log.ts';
import { mendNote } from '../../shared/chat/replies.ts';
import { formView, type Memory } from './modal.ts';
import { type Rendered, render } from './render.ts';
import { cannotBeToldThere, type Sender } from './sender.ts';
import type { Workspace } from './workspace.ts';

/** Whom to answer, and by which of Slack's ways. */
export interface Origin {
  readonly channel: string;
  readonly user: string;
  /** The thread to answer in. */
  readonly thread?: string;
  /** The message that a public answer goes under when there is no thread yet. */
  readonly under?: string;
  /** Opens a dialog, once, within three seconds. */
  readonly trigger?: string;
  /** At most five answers in thirty minutes. */
  readonly respond?: RespondFn;
}

export interface AnswerTools {
  readonly sender: Sender;
  readonly workspace: () => Workspace;
  readonly log: Log;
}

/** Brings a reply to whoever acted. Never throws: an answer that cannot be given is logged. */
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
        return await openForm(reply, origin, tools);
    }
  } catch (error) {
    tools.log.error({ error, channel: origin.channel, user: origin.user }, 'slack answer could not be given');
  }
}

async function openForm(reply: Extract<Reply, { kind: 'form' }>, origin: Origin, tools: AnswerTools): Promise<void> {
  const memory: Memory = {
    channel: origin.channel,
    ...(origin.thread === undefined ? {} : { thread: origin.thread }),
  };
  try {
    if (origin.trigger === undefined) throw new PortFailure('No dialog from here', NO_TRIGGER);
    await tools.sender.openView(origin.trigger, formView(reply.form, memory));
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    tools.log.warn({ error }, 'slack form could not be opened');
    const sentence = 'The form could not be opened.';
    const next =
      origin.trigger === undefined
        ? 'Slack opens forms only from the slash command or a button; or write service and environment in one line.'
        : 'Type the command again, or write service and environment behind it.';
    await say(note('bad', [sentence], `${sentence} ${next}`, [[next]]), false, origin, tools);
  }
}

const NO_TRIGGER = { port: 'slack', kind: 'refused', retryable: false, code: 'no_trigger' } as const;

async function say(announcement: Announcement, open: boolean, origin: Origin, tools: AnswerTools): Promise<void> {
  const shown = render(announcement, tools.workspace(), 0);
  if (await responded(shown, open, origin, tools.log)) return;
  if (open) return await speakUp(shown, origin, tools);
  await whisper(tools.sender, origin, { ...shown, urgent: true });
}

/** By `response_url`, where there is one. False: it was not taken, another way must be found. */
async function responded(shown: Rendered, open: boolean, origin: Origin, log: Log): Promise<boolean> {
  if (origin.respond === undefined) return false;
  const thread = origin.thread === undefined ? {} : { thread_ts: origin.thread };
  try {
    const response_type = open ? 'in_channel' : 'ephemeral';
    await origin.respond({ ...shown, ...thread, response_type, replace_original: false });
    return true;
  } catch (error) {
    log.warn({ status: error instanceof RespondError ? error.statusCode : undefined }, 'slack response_url refused');
    // In doubt a public answer is not repeated; a private one seen twice harms nobody.
    return open && !(error instanceof RespondError && error.statusCode < 500);
  }
}

async function speakUp(shown: Rendered, origin: Origin, { sender }: AnswerTools): Promise<void> {
  const thread = origin.thread ?? origin.under;
  try {
    await sender.post(origin.channel, { ...shown, urgent: true, ...(thread === undefined ? {} : { thread }) });
  } catch (error) {
    if (!cannotBeToldThere(error)) throw error;
    await whisper(sender, origin, { ...shown, urgent: true });
  }
}

/** To one person: in the channel where they are, else in the direct conversation. */
export async function whisper(
  sender: Sender,
  { channel, user, thread }: Pick<Origin, 'channel' | 'user' | 'thread'>,
  shown: Rendered & { readonly key?: string; readonly urgent?: boolean; readonly fence?: Fence | undefined },
): Promise<void> {
  const { key, ...bare } = shown;
  const letter = { ...bare, ...(thread === undefined ? {} : { thread }) };
  // In a direct conversation nobody else listens, and a real message survives a reload.
  if (channel.startsWith('D'))
    return void (await sender.post(channel, { ...letter, ...(key === undefined ? {} : { key }) }));
  try {
    await sender.ephemeral(channel, user, letter);
  } catch (error) {
    if (!cannotBeToldThere(error)) throw error;
    const direct = await sender.direct(user);
    await sender.post(direct, shown);
  }
}
