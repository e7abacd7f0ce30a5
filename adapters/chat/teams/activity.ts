import { z } from 'zod';

const account = z.object({
  id: z.string().min(1).max(500),
  name: z.string().optional(),
  aadObjectId: z.string().optional(),
  isTargeted: z.boolean().optional(),
});
export type ActivityAccount = z.infer<typeof account>;

/** As much of a delivery as we look at; everything else passes through unread. Source: Bot Framework activity schema. */
export const activityShape = z.looseObject({
  type: z.string().min(1),
  id: z.string().optional(),
  name: z.string().optional(),
  serviceUrl: z.url(),
  channelId: z.string(),
  text: z.string().nullish(),
  value: z.unknown().optional(),
  replyToId: z.string().optional(),
  from: account,
  recipient: account,
  conversation: z.object({
    id: z.string().min(1).max(1000),
    conversationType: z.string().optional(),
    tenantId: z.string().optional(),
  }),
  membersAdded: z.array(account).optional(),
  action: z.string().optional(),
  entities: z
    .array(z.looseObject({ type: z.string(), text: z.string().optional(), mentioned: account.partial().optional() }))
    .optional(),
  channelData: z.looseObject({ tenant: z.object({ id: z.string() }).optional() }).nullish(),
});
export type TeamsActivity = z.infer<typeof activityShape>;

export type Scope = 'channel' | 'group' | 'personal';

/** Where something happened, taken apart. */
export interface Spot {
  /** The conversation as the connector names it, with the thread's root in a channel. */
  readonly conversation: string;
  /** The channel or chat alone. */
  readonly channel: string;
  /** Root of the thread in a channel. */
  readonly root?: string;
  readonly scope: Scope;
  readonly tenant: string;
  readonly serviceUrl: string;
}

/** The tenant that a delivery says it comes from; empty when it says none. */
export function tenantOf({ channelData, conversation }: TeamsActivity): string {
  return (channelData?.tenant?.id ?? conversation.tenantId ?? '').toLowerCase();
}

export function spotOf(activity: TeamsActivity): Spot {
  const { id, conversationType } = activity.conversation;
  const { channel, root } = takenApart(id);
  return {
    conversation: id,
    channel,
    ...(root === undefined ? {} : { root }),
    scope: scopeOf(channel, conversationType),
    tenant: tenantOf(activity),
    serviceUrl: activity.serviceUrl,
  };
}

/** `19:...@thread.tacv2;messageid=1` -> the channel and the root of its thread. */
export function takenApart(conversation: string): { readonly channel: string; readonly root?: string } {
  const match = /^(.*?);messageid=(.+)$/.exec(conversation);
  return match?.[1] === undefined || match[2] === undefined
    ? { channel: conversation }
    : { channel: match[1], root: match[2] };
}

/** What Teams says it is, else what the id looks like. */
export function scopeOf(channel: string, type?: string): Scope {
  if (type === 'channel' || type === 'personal') return type;
  if (type === 'groupChat') return 'group';
  if (/@thread\.(tacv2|skype)$/.test(channel)) return 'channel';
  return channel.startsWith('19:') ? 'group' : 'personal';
}
