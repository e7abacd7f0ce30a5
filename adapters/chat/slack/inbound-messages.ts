import type { RespondFn } from '@slack/bolt';
import type { z } from 'zod';
import { decoded, withoutMention } from './escapes.ts';
import { onHomeOpened } from './home.ts';
import type { commandShape, EventShape } from './inbound-shapes.ts';
import { type Desk, receive } from './reception.ts';
import { isOurs } from './workspace.ts';

/** `/deploy ...`: the words behind the command. */
export async function onCommand(desk: Desk, body: z.infer<typeof commandShape>, respond: RespondFn): Promise<void> {
  await receive(desk, {
    key: body.trigger_id,
    claim: { team: body.team_id, enterprise: body.enterprise_id },
    user: { id: body.user_id, name: body.user_name, team: body.team_id },
    origin: { channel: body.channel_id, user: body.user_id, trigger: body.trigger_id, respond },
    input: { kind: 'text', text: decoded(body.text ?? '').trim() },
  });
}

/** `@countersign ...` in a channel or thread, a message in the direct conversation, being added to a channel, and the Home tab opened. */
export async function onEvent(desk: Desk, body: EventShape): Promise<void> {
  const { event } = body;
  const workspace = desk.workspace();
  const claim = claimOf(body);
  if (!isOurs(workspace, claim)) {
    desk.log.warn({ ...claim, event: event.type }, 'slack event of a foreign workspace');
    return;
  }
  if (event.type === 'member_joined_channel') {
    const place = { chat: 'slack', tenant: workspace.team, channel: event.channel };
    if (event.user === workspace.botUserId) await desk.inbox.joined(place);
    return;
  }
  if (event.type === 'app_home_opened') return await onHomeOpened(desk, body, claim);
  if (event.user === undefined || event.bot_id !== undefined || event.edited !== undefined) return;
  const direct = event.channel_type === 'im' || event.channel.startsWith('D');
  if (event.type === 'app_mention' ? direct : !direct || event.subtype !== undefined) return;
  await receive(desk, {
    key: body.event_id,
    claim,
    user: { id: event.user, name: undefined, team: event.user_team ?? event.team },
    ...placing(desk, event),
    input: { kind: 'text', text: decoded(withoutMention(event.text ?? '', workspace.botUserId ?? '')).trim() },
  });
}

/** A message in a thread is about the message at its root. */
function placing(desk: Desk, event: EventShape['event']) {
  const thread = event.thread_ts === event.ts ? undefined : event.thread_ts;
  const origin = {
    channel: event.channel,
    user: event.user ?? '',
    ...(thread === undefined ? {} : { thread }),
    ...(event.ts === undefined ? {} : { under: event.ts }),
  };
  if (thread === undefined) return { origin };
  const place = { chat: 'slack', tenant: desk.workspace().team, channel: event.channel };
  return { origin, at: { place, id: thread } };
}

/** The installation that an event was sent for; with Slack Connect, `team_id` may be somebody else's. */
function claimOf(body: EventShape) {
  const first = body.authorizations?.[0];
  return {
    team: first?.team_id ?? body.context_team_id ?? body.team_id,
    enterprise: first?.enterprise_id ?? body.context_enterprise_id ?? body.enterprise_id,
  };
}
