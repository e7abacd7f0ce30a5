import { freshId, type Json, record, records, takenApart, text } from '../fakes/teams/world.ts';
import { BOT_NAME, PLAYGROUND_ROOMS, personalChat, SEAT_CHAT } from './playground-cast.ts';
import type { Table } from './playground-table.ts';

export interface Mender {
  /** The activity as Teams sends it; nothing for one that Teams does not send. */
  mended(activity: Json): Json | undefined;
  /** A thread that the bot began. */
  began(root: string): void;
}

/**
 * What the Playground does otherwise than Teams:
 * - it knows one person, so `from` becomes whoever sits there, and the chat with the bot alone that person's own;
 * - it tells of the bot's coming every time that the page is opened, Teams once;
 * - its messages have GUIDs, in Teams milliseconds, and the root of a thread has the thread's own number;
 * - it says no `trigger` with a press, and no name of team and channel.
 */
export function createMender(table: Table): Mender {
  const homes = new Set<string>();
  const roots = new Set<string>();

  function idOf(activity: Json, conversation: string): string {
    if (activity['type'] !== 'message') return `f:${text(activity['id'])}`;
    const { root } = takenApart(conversation);
    if (root === undefined || roots.has(root)) return freshId(table.world);
    roots.add(root);
    return root;
  }

  return {
    began: (root) => void roots.add(root),
    mended(activity) {
      const { seat } = table;
      const room = record(activity['conversation']);
      const own = text(room['id']) === SEAT_CHAT ? personalChat(seat) : text(room['id']);
      const comes = activity['type'] === 'installationUpdate' || activity['type'] === 'conversationUpdate';
      const coming = `${text(activity['type'])} ${own}`;
      if (comes && homes.has(coming)) return undefined;
      if (comes) homes.add(coming);
      const from = { id: seat.mri, aadObjectId: seat.aad, ...(comes ? {} : { name: seat.name }) };
      return {
        ...activity,
        id: idOf(activity, own),
        from,
        conversation: { ...room, id: own },
        channelData: namesIn(record(activity['channelData'])),
        ...(comes && activity['membersAdded'] !== undefined ? { membersAdded: membersOf(activity, from) } : {}),
        ...(activity['name'] === 'adaptiveCard/action'
          ? { value: { ...record(activity['value']), trigger: 'manual' } }
          : {}),
      };
    },
  };
}

/** The bot, and in a chat with the bot alone whoever it is with. */
function membersOf(activity: Json, from: Json): readonly Json[] {
  const bot = text(record(activity['recipient'])['id']);
  return records(activity['membersAdded']).map((one) => (one['id'] === bot ? { ...one, name: BOT_NAME } : from));
}

function namesIn(data: Json): Json {
  const channel = record(data['channel'])['id'];
  if (channel === undefined) return data;
  const name = channel === PLAYGROUND_ROOMS.general ? 'General' : 'Deploys';
  return { ...data, team: { ...record(data['team']), name: 'Acme' }, channel: { id: channel, name } };
}
