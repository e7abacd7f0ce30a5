import { type Json, record, records, text } from '../fakes/teams/world.ts';
import { ownerOf, type PlaygroundUser, userOf } from './playground-cast.ts';

/** Marks an action in a way that the Playground sends back; `msteams` in an action's data is an error in its page. */
const MARK = 'playground';

/** What an action of ours means to us: it opens a dialog, or sends one. */
export interface Mark {
  readonly opens?: true;
  readonly sends?: string;
}

/**
 * A message of the bot as the Playground can show it: dialogs open by marked actions, and what is for one person's eyes says so, since
 * everybody has the same page there. It says so in the card: a message of text and card becomes two there, and neither has an id.
 */
export function shownAs(activity: Json, conversation: string, seat: PlaygroundUser): Json {
  const { recipient, ...rest } = activity;
  const note = noteOf(record(recipient), conversation, seat);
  const attachments = records(rest['attachments']).map(({ content, ...one }) => {
    const card = pressable(record(content), (data) => (isFetch(data) ? { opens: true } : undefined));
    return { ...one, content: note === undefined ? card : noted(card, note) };
  });
  return { ...rest, ...(attachments.length === 0 ? {} : { attachments }) };
}

/** The card with a small line above it. */
export function noted(card: Json, line: string): Json {
  const note = { type: 'TextBlock', text: line, isSubtle: true, size: 'small', wrap: true };
  return { ...card, body: [note, ...records(card['body'])] };
}

function noteOf(recipient: Json, conversation: string, seat: PlaygroundUser): string | undefined {
  if (recipient['isTargeted'] === true) return `Only ${userOf(text(recipient['id']))?.name} can see this`;
  const owner = ownerOf(conversation);
  return owner === undefined || owner === seat ? undefined : `In the chat of ${owner.name} with the bot`;
}

/** The card with its actions marked; what Teams alone understands is taken out of them. */
export function pressable(card: Json, markOf: (data: Json) => Mark | undefined): Json {
  return walked(card, (element) => {
    if (!text(element['type']).startsWith('Action.')) return element;
    const { msteams, ...data } = record(element['data']);
    const mark = markOf({ ...data, ...(msteams === undefined ? {} : { msteams }) });
    if (mark === undefined && msteams === undefined) return element;
    return { ...element, data: { ...data, ...(mark === undefined ? {} : { [MARK]: mark }) } };
  });
}

/** What somebody pressed, if it is an action that we marked, and the data as Teams would have sent it. */
export function readMark(value: unknown): { readonly mark: Mark; readonly data: Json } | undefined {
  const { [MARK]: mark, ...data } = record(value);
  if (mark === undefined) return undefined;
  const { opens, sends } = record(mark);
  if (opens === true) return { mark: { opens }, data: { ...data, msteams: { type: 'task/fetch' } } };
  return { mark: { sends: text(sends) }, data };
}

function isFetch(data: Json): boolean {
  return record(data['msteams'])['type'] === 'task/fetch';
}

function walked(value: Json, change: (element: Json) => Json): Json {
  const inside = Object.entries(value).map(([key, one]) => {
    if (key === 'data') return [key, one] as const;
    if (Array.isArray(one)) return [key, one.map((item: unknown) => (isObject(item) ? walked(item, change) : item))];
    return [key, isObject(one) ? walked(one, change) : one] as const;
  });
  return change(Object.fromEntries(inside) as Json);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
