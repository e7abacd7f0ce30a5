import { z } from 'zod';
import type { GroupSource } from '../domain/catalog.ts';
import { durationSchema, idSchema, momentSchema, referenceSchema } from './fields.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const groupSchema = z.union([
  z.strictObject({ people: z.array(idSchema).min(1).describe('Ids of people.') }),
  z.strictObject({
    slackUserGroup: z
      .string()
      .regex(/^S[A-Z0-9]{2,}$/)
      .describe('Id of a Slack user group.'),
  }),
  z.strictObject({
    entraGroup: z
      .string()
      .regex(UUID, 'This is not the object id of a group. Copy it from the page of the group in Entra.')
      .describe(
        'Object id of a group in Entra, with the groups within it; the chat `teams` reads it and needs permissions for that.',
      ),
  }),
  z.strictObject({
    teamsRoster: z
      .string()
      .regex(/^19:[^\s:]+$/, 'This is not the id of a channel. Write it as Teams gives it, e.g. 19:abc@thread.tacv2.')
      .describe(
        'Id of a channel in Teams: everybody in its team; of a private or shared channel only its own members.',
      ),
  }),
  z.strictObject({
    chat: idSchema.describe('Key under `chats`.'),
    id: z.string().min(1).describe('Id of a group that the chat keeps.'),
  }),
  z.strictObject({
    team: z.string().min(1).describe('A team that the source keeps, e.g. `acme/platform`.'),
    source: idSchema.describe('Key under `sources`.'),
  }),
  z.strictObject({
    rotation: z
      .array(idSchema)
      .min(1)
      .describe('Ids of people who take turns; only whoever has the turn is in the group.'),
    from: momentSchema.describe('When the first of them has the first turn, in UTC, e.g. `2026-01-05T09:00Z`.'),
    turn: durationSchema.describe('How long a turn is, e.g. `1w`.'),
  }),
  z.strictObject({
    calendar: referenceSchema.describe(
      'Reference to the secret address of an iCalendar feed, e.g. `env:ONCALL_ICAL`; whoever it names now is in the group.',
    ),
  }),
]);
export type GroupWish = z.output<typeof groupSchema>;

/** Where the members of a group are written down. The address of a calendar stays a reference here; whoever reads it resolves it. */
export function groupSource(wish: GroupWish): GroupSource {
  if ('people' in wish) return { kind: 'people', people: wish.people };
  if ('team' in wish) return { kind: 'team', source: wish.source, id: wish.team };
  if ('chat' in wish) return { kind: 'chat', chat: wish.chat, id: wish.id };
  if ('rotation' in wish) return { kind: 'rotation', people: wish.rotation, from: wish.from, turnMs: wish.turn };
  if ('calendar' in wish) return { kind: 'calendar', address: wish.calendar };
  const { chat, id } = keptBy(wish);
  return { kind: 'chat', chat, id };
}

/** Groups that a chat keeps under a key of its own. */
type ChatGroupWish = Extract<
  GroupWish,
  { slackUserGroup: string } | { entraGroup: string } | { teamsRoster: string } | { chat: string }
>;

/** Which chat keeps the group, under which id, and which key of the file says so. */
export function keptBy(wish: ChatGroupWish): { readonly chat: string; readonly id: string; readonly key: string } {
  if ('chat' in wish) return { chat: wish.chat, id: wish.id, key: 'chat' };
  if ('entraGroup' in wish) return { chat: 'teams', id: `entra:${wish.entraGroup.toLowerCase()}`, key: 'entraGroup' };
  if ('teamsRoster' in wish) return { chat: 'teams', id: `roster:${wish.teamsRoster}`, key: 'teamsRoster' };
  return { chat: 'slack', id: wish.slackUserGroup, key: 'slackUserGroup' };
}
