import type { Place } from '../../../src/domain/catalog.ts';
import type { Chat, MessageHandle } from '../../../src/ports/chat.ts';
import { scopeOf } from './activity.ts';
import type { References } from './book.ts';
import type { Connector } from './connector.ts';
import { type DressParts, dress } from './dress.ts';
import { refused } from './failures.ts';
import type { Mail, Reach } from './mail.ts';
import type { Pace } from './pace.ts';
import { messageOf } from './render.ts';

interface Parts extends DressParts {
  readonly connector: Connector;
  readonly mail: Mail;
  readonly references: References;
  readonly pace: Pace;
  readonly reach: Reach;
  readonly tenants: readonly string[];
}

/** Everything the courier asks of Teams. */
export function createOutbound(parts: Parts): Pick<Chat, 'post' | 'update' | 'find' | 'whisper'> {
  const { connector, mail, references, pace, reach, tenants } = parts;

  function check(place: Place): void {
    if (place.chat === 'teams' && tenants.includes(place.tenant)) return;
    throw refused(`The place ${place.channel} is not in a tenant of this installation`, 'foreign_place');
  }

  /** The conversation that a message stands in: a thread in a channel, else the chat itself. */
  const standing = (place: Place, root: string) => ({
    serviceUrl: reach(place),
    conversation: isChannel(place) ? `${place.channel};messageid=${root}` : place.channel,
  });
  const isChannel = (place: Place) => (references.place(place.channel)?.scope ?? scopeOf(place.channel)) === 'channel';

  return {
    post: async (place, message, fence) => {
      check(place);
      const { under } = message;
      const activity = messageOf(await dress(parts, message, place));
      if (under !== undefined) {
        const root = under.thread ?? under.id;
        return { place, id: await connector.post(standing(place, root), activity, { fence }), thread: root };
      }
      const address = { serviceUrl: reach(place), conversation: place.channel };
      const id = isChannel(place)
        ? await connector.begin(address, place.tenant, activity, { fence })
        : await connector.post(address, activity, { fence });
      return { place, id };
    },
    update: async (handle: MessageHandle, message, fence) => {
      const { place, id } = handle;
      check(place);
      const live = message.announcement.progress !== undefined && message.announcement.tone === 'active';
      const done = pace.update(place.channel, id, message.revision, live);
      const activity = messageOf(await dress(parts, message, place));
      await connector.update(standing(place, handle.thread ?? id), id, activity, fence);
      done();
    },
    // The Bot Connector lists no messages: what became of a post whose answer was lost cannot be looked up.
    find: async (place) => {
      check(place);
      return 'cannot-look';
    },
    whisper: async (to, message, where, fence) => {
      if (to.system !== 'teams') throw refused('This person has no account in Teams here', 'foreign_account');
      const known = references.person(to.id.toLowerCase());
      const tenant = to.tenant ?? known?.tenant ?? tenants[0] ?? '';
      const place = where ?? { chat: 'teams', tenant, channel: known?.direct ?? '' };
      const here =
        where !== undefined && where.chat === 'teams' && tenants.includes(where.tenant) ? spot(where) : undefined;
      const who = { tenant, aad: to.id.toLowerCase(), ...(known === undefined ? {} : { user: known.user }) };
      await mail.whisper(who, messageOf(await dress(parts, message, place)), here, { fence });
    },
  };

  function spot(place: Place) {
    const scope = references.place(place.channel)?.scope ?? scopeOf(place.channel);
    return { conversation: place.channel, serviceUrl: reach(place), scope };
  }
}
