import type { WebClient } from '@slack/web-api';
import type { Place } from '../../../src/domain/catalog.ts';
import type { Chat, MessageHandle, Outgoing } from '../../../src/ports/chat.ts';
import { whisper } from './answer.ts';
import { refused } from './failures.ts';
import { find } from './find.ts';
import { cardKey, type Pace } from './pace.ts';
import { render } from './render.ts';
import type { Sender } from './sender.ts';
import type { Workspace } from './workspace.ts';

interface Parts {
  readonly client: WebClient;
  readonly sender: Sender;
  readonly pace: Pace;
  readonly workspace: () => Workspace;
}

/** Everything the courier asks of Slack. */
export function createOutbound(parts: Parts): Pick<Chat, 'post' | 'update' | 'find' | 'whisper'> {
  const { client, sender, pace, workspace } = parts;

  function dressed({ announcement, revision }: Outgoing) {
    return render(announcement, workspace(), revision);
  }

  function check(place: Place): void {
    if (place.chat === 'slack' && place.tenant === workspace().team) return;
    throw refused(`The place ${place.channel} is not in the Slack workspace of this installation`, 'foreign_place');
  }

  return {
    post: async (place, message, fence) => {
      check(place);
      const { under, broadcast, key } = message;
      const thread = under === undefined ? undefined : (under.thread ?? under.id);
      const where = thread === undefined ? {} : { thread, broadcast: broadcast === true };
      const { channel, ts } = await sender.post(place.channel, { ...dressed(message), key, fence, ...where });
      return { place: { ...place, channel }, id: ts, ...(thread === undefined ? {} : { thread }) };
    },
    update: async (handle: MessageHandle, message, fence) => {
      check(handle.place);
      const { channel } = handle.place;
      const live = message.announcement.progress !== undefined && message.announcement.tone === 'active';
      const done = pace.update(cardKey(channel, handle.id), message.revision, live);
      await sender.update(channel, handle.id, dressed(message), fence);
      done();
    },
    find: async (place, key, since) => {
      check(place);
      return find(client, place, key, since);
    },
    whisper: async (to, message, where, fence) => {
      if (to.system !== 'slack') throw refused('This person has no Slack account here', 'foreign_account');
      const letter = { ...dressed(message), key: message.key, fence };
      if (where !== undefined && where.chat === 'slack' && where.tenant === workspace().team) {
        return whisper(sender, { channel: where.channel, user: to.id }, letter);
      }
      await sender.post(await sender.direct(to.id), letter);
    },
  };
}
