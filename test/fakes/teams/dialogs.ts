import { elementsOf } from './checks.ts';
import type { Post } from './delivery.ts';
import { type Acted, invoke, type Scene, showTask } from './invokes.ts';
import { actionNamed, filledIn, inputsOf } from './views.ts';
import {
  type FakeDialog,
  type FakeMessage,
  findMessage,
  type Json,
  person,
  record,
  records,
  text,
  type World,
} from './world.ts';

/** What people do in the dialog that they opened last. */
export interface Dialogs {
  /** Fills fields in, by input id, and sends; `button` by title or verb, absent: the first one. */
  fill(user: string, fields: Readonly<Record<string, string>>, button?: string): Promise<Acted>;
  /** Fills fields in without sending. */
  type(user: string, fields: Readonly<Record<string, string>>): void;
  /** Types into a select that asks the bot; the choices come back. `data`: absent: what stands in the other inputs, if asked for. */
  typeahead(user: string, dataset: string, words: string, data?: Json): Promise<readonly Json[]>;
  /** Closes it without sending. */
  cancel(user: string): void;
}

const MOST_RESULTS = 15;

export function createDialogs(world: World, post: Post): Dialogs {
  function opened(who: string): FakeDialog {
    const { aad } = person(world, who);
    const held = world.dialogs.findLast((one) => one.open && one.user === aad);
    if (held === undefined) throw new Error(`${who} has no dialog open`);
    return held;
  }

  function sceneOf(held: FakeDialog, who: string): { scene: Scene; message?: FakeMessage } {
    const home = world.conversations.get(held.conversation);
    if (home === undefined) throw new Error(`this Teams has no conversation ${held.conversation}`);
    const message = findMessage(world, { conversation: held.conversation, id: held.message ?? '' });
    const root = home.kind === 'channel' && message !== undefined ? { root: message.thread ?? message.id } : {};
    return { scene: { actor: person(world, who), home, ...root }, ...(message === undefined ? {} : { message }) };
  }

  function type(who: string, fields: Readonly<Record<string, string>>): void {
    const held = opened(who);
    for (const [id, value] of Object.entries(fields)) {
      checkChoice(inputNamed(held, id), value);
      held.typed[id] = value;
    }
  }

  async function fill(who: string, fields: Readonly<Record<string, string>>, button?: string): Promise<Acted> {
    type(who, fields);
    const held = opened(who);
    for (const input of inputsOf(held.card)) checkFilled(held, input);
    const action =
      button === undefined
        ? elementsOf(held.card, ['fallback']).find(({ type: kind }) => kind === 'Action.Submit')
        : actionNamed(held.card, button);
    if (action === undefined) throw new Error(`the dialog has no button ${button ?? ''}`);
    const data = { ...filledIn(held.card, held.typed), ...record(action['data']) };
    const { scene, message } = sceneOf(held, who);
    const context = { theme: 'default' };
    const [name, value] =
      held.command === undefined
        ? (['task/submit', { data, context, tabContext: null }] as const)
        : ([
            'composeExtension/submitAction',
            { commandId: held.command, commandContext: 'compose', data, context },
          ] as const);
    const delivery = await post.deliver(invoke(world, scene, name, value, message));
    return showTask(world, delivery, { scene, into: held.id });
  }

  async function typeahead(who: string, dataset: string, words: string, given?: Json): Promise<readonly Json[]> {
    const held = opened(who);
    const query = inputsOf(held.card)
      .map((input) => record(input['choices.data']))
      .find((one) => one['dataset'] === dataset);
    if (query === undefined) throw new Error(`the dialog asks for no ${dataset}`);
    const data = given ?? (query['associatedInputs'] === 'auto' ? filledIn(held.card, held.typed) : undefined);
    const { scene, message } = sceneOf(held, who);
    const value = {
      queryText: words,
      queryOptions: { skip: 0, top: MOST_RESULTS },
      dataset,
      ...(data === undefined ? {} : { data }),
    };
    const delivery = await post.deliver(invoke(world, scene, 'application/search', value, message));
    return delivery.status === 200 ? records(record(record(delivery.body)['value'])['results']) : [];
  }

  return {
    fill,
    type,
    typeahead,
    cancel: (who) => {
      opened(who).open = false;
    },
  };
}

function inputNamed(held: FakeDialog, id: string): Json {
  const found = inputsOf(held.card).find((input) => input['id'] === id);
  if (found === undefined) throw new Error(`the dialog has no field "${id}"`);
  return found;
}

/** Only what is offered can be chosen; what the bot offers while somebody types is not known here. */
function checkChoice(input: Json, value: string): void {
  const isFixed = input['type'] === 'Input.ChoiceSet' && input['choices.data'] === undefined;
  if (!isFixed || value === '' || records(input['choices']).some((one) => one['value'] === value)) return;
  throw new Error(`the dialog offers no "${value}" in ${text(input['id'])}`);
}

/** What Teams' own client would not let anybody send. */
function checkFilled(held: FakeDialog, input: Json): void {
  const id = text(input['id']);
  const value = filledIn(held.card, held.typed)[id] ?? '';
  if (value === '' && input['isRequired'] === true) throw new Error(`Teams does not send while ${id} is empty`);
  const most = input['maxLength'];
  if (typeof most === 'number' && value.length > most) throw new Error(`Teams does not take so much in ${id}`);
}
