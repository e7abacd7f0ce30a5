import { type Json, record, text } from '../fakes/teams/world.ts';
import { noted, pressable, readMark } from './playground-shown.ts';
import { askPlayground, invokeOf, messagePath, parsed, type Table, tellBot } from './playground-table.ts';

const CARD = 'application/vnd.microsoft.card.adaptive';

export interface Dialogs {
  /** Deals with the press of an action that we marked. False: it is none of ours. */
  pressed(activity: Json): Promise<boolean>;
}

/**
 * Dialogs of buttons. The Playground has none (it says so), so a dialog is a card below the conversation: the bot is asked with
 * `task/fetch` and `task/submit` just as Teams asks, and what it answers is shown there.
 */
export function createDialogs(table: Table): Dialogs {
  const at = (activity: Json) => text(record(activity['conversation'])['id']);

  async function open(activity: Json, data: Json): Promise<void> {
    const answer = await ask(activity, 'task/fetch', data);
    const { body } = await askPlayground(table, 'POST', messagePath(at(activity)), drawn('', answer));
    const id = text(parsed(body)['id']);
    await askPlayground(table, 'PUT', messagePath(at(activity), id), drawn(id, answer));
  }

  async function send(activity: Json, data: Json, id: string): Promise<void> {
    const answer = await ask(activity, 'task/submit', data);
    await askPlayground(table, 'PUT', messagePath(at(activity), id), drawn(id, answer));
  }

  async function ask(activity: Json, name: string, data: Json): Promise<Json> {
    const message = name === 'task/fetch' ? text(activity['replyToId']) : undefined;
    const value = { data, context: { theme: 'default' } };
    const { status, body } = await tellBot(table, invokeOf(table, at(activity), name, value, message));
    if (status !== 200) return { type: 'message', value: `The bot answered ${status}.` };
    return record(parsed(body)['task']);
  }

  /** What Teams would show in the dialog's place. */
  function drawn(id: string, task: Json): Json {
    if (task['type'] !== 'continue') return said(`Dialog closed. ${text(task['value'])}`.trim());
    const { title, card } = record(task['value']);
    const content = pressable(record(record(card)['content']), () => ({ sends: id }));
    const line = `Dialog "${text(title)}", seen by ${table.seat.name} only`;
    return { type: 'message', attachments: [{ contentType: CARD, content: noted(content, line) }] };
  }

  return {
    async pressed(activity) {
      const press = activity['type'] === 'message' ? readMark(activity['value']) : undefined;
      if (press === undefined) return false;
      const { mark, data } = press;
      await (mark.sends === undefined ? open(activity, data) : send(activity, data, mark.sends));
      return true;
    },
  };
}

function said(words: string): Json {
  return { type: 'message', text: words };
}
