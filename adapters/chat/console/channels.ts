import type { Catalog } from '../../../src/domain/catalog.ts';
import type { PlaceBook } from '../../../src/domain/target.ts';
import { CONSOLE, privateChannel } from './chat.ts';
import type { Messages } from './messages.ts';
import type { Viewer } from './people.ts';
import { sameChannel } from './shelf.ts';

/** Where everything begins, and where what was asked for on a page is answered. */
export const MAIN_CHANNEL = '#deploys';

export interface Channel {
  /** As the configuration or the message names it. */
  readonly id: string;
  readonly label: string;
  /** Id of the newest message the viewer may see, for marking what is unread. */
  readonly newest?: string;
}

/** Every channel that is subscribed to something or has messages, `#deploys` first, the viewer's private notes last. */
export function channelsOf(
  catalog: Catalog,
  books: readonly PlaceBook[],
  messages: Messages,
  viewer: Viewer,
): readonly Channel[] {
  const places = [...catalog.subscriptions.map(({ place }) => place), ...books.map(({ place }) => place)];
  const named = [
    ...places.filter(({ chat }) => chat === CONSOLE).map(({ channel }) => channel),
    MAIN_CHANNEL,
    ...messages.channels(),
  ].filter((channel) => !channel.startsWith('@'));
  const ids = new Map<string, string>();
  for (const channel of named) if (!ids.has(sameChannel(channel))) ids.set(sameChannel(channel), channel);
  const sorted = [...ids.values()].sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
  const open = sorted.map((id) => described(id, `#${sameChannel(id)}`, messages, viewer));
  return [...open, described(privateChannel(viewer.account.id), 'Private notes', messages, viewer)];
}

function rank(channel: string): number {
  return sameChannel(channel) === sameChannel(MAIN_CHANNEL) ? 0 : 1;
}

function described(id: string, label: string, messages: Messages, viewer: Viewer): Channel {
  const newest = messages.inChannel(id).findLast(({ to }) => to === undefined || to === viewer.account.id);
  return { id, label, ...(newest === undefined ? {} : { newest: newest.id }) };
}
