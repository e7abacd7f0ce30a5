import type { RespondFn } from '@slack/bolt';
import type { Question } from '../../../src/domain/announcement.ts';
import type { MessageHandle } from '../../../src/ports/chat.ts';
import { answer, type Origin } from './answer.ts';
import type { ActionShape } from './inbound-shapes.ts';
import { fieldsOf, memoryOf } from './inbound-views.ts';
import { askView, formView, type Memory } from './modal.ts';
import { isButtonVerb, questionOf } from './questions.ts';
import { type Delivery, type Desk, receive, replyTo } from './reception.ts';
import { pressedAction, pressedOption } from './render-actions.ts';
import { isOurs } from './workspace.ts';

/** A press in a message of ours, or a choice in the open form. Links and unknown elements need nothing beyond the acknowledgement. */
export async function onAction(desk: Desk, body: ActionShape, respond: RespondFn | undefined): Promise<void> {
  const action = body.actions[0];
  if (action === undefined) return;
  if (action.action_id.startsWith('csf:')) return await onChoice(desk, body);
  const pressed = press(action);
  if (pressed === undefined || !isButtonVerb(pressed.verb)) return;
  const { origin, at } = placing(desk, body, respond);
  const delivery: Delivery = {
    key: body.trigger_id ?? `${action.action_ts ?? ''}-${action.action_id}-${body.user.id}`,
    claim: claimOf(body),
    user: { id: body.user.id, name: body.user.name ?? body.user.username, team: body.user.team_id ?? body.team?.id },
    origin,
    input: { kind: 'button', verb: pressed.verb, value: pressed.value },
    ...(at === undefined ? {} : { at }),
  };
  if (pressed.asks && isOurs(desk.workspace(), delivery.claim)) {
    const label = action.text?.text ?? action.selected_option?.text?.text ?? '';
    return await ask(desk, delivery, pressed, questionOf(action.block_id ?? '', pressed.verb, label));
  }
  await receive(desk, delivery);
}

function press(action: ActionShape['actions'][number]) {
  if (action.action_id === 'cs-more') return pressedOption(action.selected_option?.value ?? '');
  const pressed = pressedAction(action.action_id);
  return pressed === undefined ? undefined : { ...pressed, value: action.value ?? '' };
}

/** Opens the dialog for the words at once: its trigger lives three seconds. The press counts when the words come. */
async function ask(
  desk: Desk,
  delivery: Delivery,
  pressed: { verb: string; value: string },
  question: Question,
): Promise<void> {
  const { channel, thread, trigger } = delivery.origin;
  const memory: Memory = {
    channel,
    verb: pressed.verb,
    value: pressed.value,
    ...(delivery.at === undefined ? {} : { message: delivery.at.id }),
    ...(thread === undefined ? {} : { thread }),
  };
  try {
    await desk.sender.openView(trigger ?? '', askView(question, memory));
  } catch (error) {
    desk.log.warn({ error }, 'slack question could not be opened');
    // Without the words the inbox says what is missing, and how to type it instead.
    await answer(await replyTo(desk, delivery), delivery.origin, desk);
  }
}

/** Service or environment were chosen: the form again, with what now is to be known and asked. */
async function onChoice(desk: Desk, body: ActionShape): Promise<void> {
  const { view } = body;
  if (view === null || view === undefined || !isOurs(desk.workspace(), claimOf(body))) return;
  try {
    const { fields } = await fieldsOf(view, desk.inbox);
    const form = await desk.inbox.form(fields);
    await desk.sender.updateView(view.id, view.hash ?? '', formView(form, memoryOf(view)));
  } catch (error) {
    desk.log.warn({ error }, 'slack form could not be refreshed');
  }
}

/** Where it was pressed. A message that only one person sees cannot be edited or threaded, so it is no handle. */
function placing(
  desk: Desk,
  body: ActionShape,
  respond: RespondFn | undefined,
): { origin: Origin; at?: MessageHandle } {
  const channel = body.channel?.id ?? body.container?.channel_id ?? '';
  const id = body.message?.ts ?? body.container?.message_ts;
  const root = body.message?.thread_ts ?? body.container?.thread_ts;
  const thread = root === id ? undefined : root;
  const origin: Origin = {
    channel,
    user: body.user.id,
    ...(thread === undefined ? {} : { thread }),
    ...(body.trigger_id === undefined ? {} : { trigger: body.trigger_id }),
    ...(respond === undefined ? {} : { respond }),
  };
  if (id === undefined || channel === '' || body.container?.is_ephemeral === true) return { origin };
  const place = { chat: 'slack', tenant: desk.workspace().team, channel };
  return { origin, at: { place, id, ...(thread === undefined ? {} : { thread }) } };
}

function claimOf({ team, enterprise }: Pick<ActionShape, 'team' | 'enterprise'>) {
  return { team: team?.id, enterprise: enterprise?.id ?? team?.enterprise_id };
}
