import { claimed } from './acts.ts';
import { optionsFaults } from './blocks.ts';
import type { Delivery, Post } from './delivery.ts';
import { type FakeView, freshTs, isRecord, type Json, records, text, trigger, type World } from './world.ts';

/** What people do in dialogs. `view` is a view's id. Fields are named by the end of their action id. */
export interface Dialogs {
  /** Fills fields in (without sending) and sends. Faults in the acknowledgement keep the dialog open. */
  submit(view: string, values: Readonly<Record<string, string>>): Promise<Delivery>;
  /** Chooses in a select; sends an action where the input asks for it. */
  choose(view: string, field: string, value: string): Promise<Delivery | undefined>;
  /** Types into a select that asks the app; the options come back. Nothing is asked below the least length. */
  suggest(view: string, field: string, words: string): Promise<readonly Json[]>;
}

interface Input {
  readonly block: Json;
  readonly blockId: string;
  readonly element: Json;
}

export function createDialogs(world: World, post: Post): Dialogs {
  function opened(id: string): FakeView {
    const held = world.views.get(id);
    if (held === undefined || !held.open) throw new Error(`the dialog ${id} is not open`);
    return held;
  }

  function envelope(held: FakeView): Json {
    const user = world.users.get(held.user);
    if (user === undefined) throw new Error(`nobody sits before dialog ${held.id}`);
    const view = {
      id: held.id,
      hash: held.hash,
      app_installed_team_id: world.team,
      ...held.view,
      state: { values: stateOf(held) },
    };
    return {
      ...claimed(world, user),
      api_app_id: world.appId,
      token: 'verification',
      trigger_id: trigger(world, held.user),
      view,
    };
  }

  async function submit(id: string, values: Readonly<Record<string, string>>): Promise<Delivery> {
    const held = opened(id);
    for (const [field, value] of Object.entries(values)) held.typed[inputOf(held, field).blockId] = value;
    for (const input of inputs(held)) checkFilled(held, input);
    const delivery = await post.deliver('interactive', { type: 'view_submission', ...envelope(held) });
    const { body, status } = delivery.ack;
    const errors = isRecord(body) && body['response_action'] === 'errors' ? body['errors'] : undefined;
    held.errors = isRecord(errors) ? (errors as Readonly<Record<string, string>>) : {};
    held.open = status !== 200 || isRecord(errors);
    return delivery;
  }

  async function choose(id: string, field: string, value: string): Promise<Delivery | undefined> {
    const held = opened(id);
    const { block, blockId, element } = inputOf(held, field);
    held.typed[blockId] = value;
    if (block['dispatch_action'] !== true) return undefined;
    const action = {
      type: element['type'],
      action_id: element['action_id'],
      block_id: blockId,
      selected_option: optionOf(value),
      action_ts: freshTs(world),
    };
    const container = { type: 'view', view_id: id };
    return post.deliver('interactive', { type: 'block_actions', ...envelope(held), container, actions: [action] });
  }

  async function suggest(id: string, field: string, words: string): Promise<readonly Json[]> {
    const held = opened(id);
    const { blockId, element } = inputOf(held, field);
    if (words.length < Number(element['min_query_length'] ?? 3)) return [];
    const { ack } = await post.deliver('interactive', {
      type: 'block_suggestion',
      ...envelope(held),
      container: { type: 'view', view_id: id },
      action_id: element['action_id'],
      block_id: blockId,
      value: words,
    });
    const options = isRecord(ack.body) ? ack.body['options'] : undefined;
    const faults = optionsFaults(options, 0, 100);
    if (faults.length > 0) throw new Error(`Slack would not show these options: ${faults.join('; ')}`);
    return records(options);
  }

  return { submit, choose, suggest };
}

function inputs(held: FakeView): readonly Input[] {
  return records(held.view['blocks']).flatMap((block, index) => {
    const element = block['element'];
    return isRecord(element) ? [{ block, element, blockId: text(block['block_id']) || `auto${index}` }] : [];
  });
}

function inputOf(held: FakeView, field: string): Input {
  const found = inputs(held).find(({ element }) => text(element['action_id']).split(':').at(-1) === field);
  if (found === undefined) throw new Error(`the dialog has no field "${field}"`);
  return found;
}

function filledIn(held: FakeView, { blockId, element }: Input): string | undefined {
  const initial = isRecord(element['initial_option']) ? element['initial_option']['value'] : element['initial_value'];
  return held.typed[blockId] ?? (typeof initial === 'string' ? initial : undefined);
}

/** What Slack's own client would not let anybody send. */
function checkFilled(held: FakeView, input: Input): void {
  const value = filledIn(held, input) ?? '';
  const name = text(input.element['action_id']);
  if (value === '' && input.block['optional'] !== true) throw new Error(`Slack does not send while ${name} is empty`);
  if (value.length > Number(input.element['max_length'] ?? 3000))
    throw new Error(`Slack does not take so much in ${name}`);
}

function stateOf(held: FakeView): Json {
  return Object.fromEntries(
    inputs(held).map((input) => {
      const value = filledIn(held, input) ?? null;
      const type = input.element['type'];
      const filled =
        type === 'plain_text_input'
          ? { type, value }
          : { type, selected_option: value === null ? null : optionOf(value) };
      return [input.blockId, { [text(input.element['action_id'])]: filled }];
    }),
  );
}

function optionOf(value: string): Json {
  return { text: { type: 'plain_text', text: value.slice(0, 75) }, value };
}
