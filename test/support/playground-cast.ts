import { DEMO_PEOPLE } from '../../bin/demo/people.ts';
import { guidOf } from '../fakes/teams/world.ts';

/** Somebody who can sit in front of the Playground. */
export interface PlaygroundUser {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  /** The bot's own id of the person, `29:...`. */
  readonly mri: string;
  /** Object id in Entra. */
  readonly aad: string;
}

/** The people of the demo, and one whom Countersign does not know. The Playground takes exactly six. */
export const PLAYGROUND_USERS: readonly PlaygroundUser[] = [
  ...DEMO_PEOPLE,
  { id: 'zoe', name: 'Zoe Winter', email: 'zoe@shop.example' },
].map(({ id, name, email }) => ({ key: id, name, email, mri: `29:1-${id}`, aad: guidOf(id) }));

/** The conversations that the Playground has: two channels of one team, a group chat, and a chat with the bot alone. */
export const PLAYGROUND_ROOMS = {
  general: '19:general@thread.tacv2',
  deploys: '19:deploys@thread.tacv2',
  group: '19:crew@thread.v2',
} as const;
/** How the Playground shows them. */
export const ROOM_NAMES = {
  general: 'Acme - General',
  deploys: 'Acme - Deploys',
  group: 'Release crew',
  personal: 'Personal Chat',
} as const;

/** The one chat with the bot alone, whoever sits there. */
export const SEAT_CHAT = 'a:seat';
export const BOT_NAME = 'Countersign';

/** The chat of one person with the bot, as the bot knows it. */
export function personalChat({ key }: PlaygroundUser): string {
  return `a:1-${key}`;
}

/** Whose chat with the bot this is, if it is one. */
export function ownerOf(conversation: string): PlaygroundUser | undefined {
  return PLAYGROUND_USERS.find((user) => personalChat(user) === conversation);
}

/** Somebody by `29:...`, object id or key. */
export function userOf(id: string): PlaygroundUser | undefined {
  return PLAYGROUND_USERS.find(({ mri, aad, key }) => [mri, aad, key].includes(id));
}

/** A member as the Bot Connector tells of one. */
export function memberOf({ mri, aad, name, email }: PlaygroundUser, tenant: string): object {
  return { id: mri, aadObjectId: aad, name, email, userPrincipalName: email, tenantId: tenant, userRole: 'user' };
}

/**
 * The Playground's own configuration file. Left out of its documentation: it ends without a word unless every user is written out
 * whole and the team has exactly one channel beside its general one.
 */
export function playgroundConfiguration(wish: { readonly appId: string; readonly tenant: string }): object {
  const [first, ...rest] = PLAYGROUND_USERS.map(({ mri, aad, name, email }) => {
    const [givenName, surname] = name.split(' ');
    return { id: mri, name, userPrincipleName: email, aadObjectId: aad, givenName, surname, email };
  });
  return {
    version: '0.1.1',
    tenantId: wish.tenant,
    bot: { id: `28:${wish.appId}`, name: BOT_NAME },
    currentUser: first,
    users: rest,
    personalChat: { id: SEAT_CHAT },
    groupChat: { id: PLAYGROUND_ROOMS.group, name: ROOM_NAMES.group },
    team: {
      id: PLAYGROUND_ROOMS.general,
      name: 'Acme',
      aadGroupId: guidOf('acme'),
      channels: [{ id: PLAYGROUND_ROOMS.deploys, name: 'Deploys' }],
    },
  };
}
