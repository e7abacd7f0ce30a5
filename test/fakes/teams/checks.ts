import { isRecord, type Json, record, records, text } from './world.ts';

export const CARD = 'application/vnd.microsoft.card.adaptive';
/** UTF-16, with everything that is in the activity. Source: "Format your bot messages", size limits of an agent's message. */
const MOST_BYTES = 100 * 1024;
const MOST_REFRESHED = 60;
const MOST_CHOICES = 15;
/** The newest version that Teams draws. */
const NEWEST = 1.5;

export function isTooBig(activity: Json): boolean {
  return JSON.stringify(activity).length * 2 > MOST_BYTES;
}

/** Why the real service (or every client) would not take this message; empty when it would. */
export function activityFaults(activity: Json): readonly string[] {
  const attachments = activity['attachments'] ?? [];
  const faults: string[] = [];
  if (activity['type'] !== 'message') faults.push('the type is not "message"');
  if (!Array.isArray(attachments)) return [...faults, 'attachments is no list'];
  if (text(activity['text']) === '' && attachments.length === 0) faults.push('there is neither text nor attachment');
  for (const attachment of attachments) faults.push(...attachmentFaults(attachment));
  for (const entity of records(activity['entities'])) {
    if (entity['type'] === 'mention') faults.push(...mentionFaults(entity, text(activity['text'])));
  }
  return faults;
}

/** Also for cards in answers to invokes, which come as `{ contentType, content }` too. */
function attachmentFaults(attachment: unknown): readonly string[] {
  if (!isRecord(attachment)) return ['an attachment is no object'];
  if (attachment['contentType'] === undefined) return ['an attachment has no contentType'];
  if (attachment['contentType'] !== CARD) return [];
  return isRecord(attachment['content']) ? cardFaults(attachment['content']) : ['a card has no content'];
}

function cardFaults(card: Json): readonly string[] {
  const version = Number(card['version']);
  const faults: string[] = [];
  if (card['type'] !== 'AdaptiveCard') faults.push('a card is not of type AdaptiveCard');
  if (Number.isNaN(version) || version > NEWEST) faults.push(`Teams draws no card of version ${card['version']}`);
  if (!Array.isArray(card['body'])) faults.push('a card has no body');
  const ids = new Set<string>();
  for (const element of elementsOf(card)) {
    faults.push(...elementFaults(element, version));
  }
  for (const element of elementsOf(card, ['fallback'])) {
    const id = text(element['id']);
    if (id !== '' && ids.has(id)) faults.push(`two elements have the id ${id}`);
    ids.add(id);
  }
  for (const entity of records(record(card['msteams'])['entities'])) {
    const shown = elementsOf(card).map((element) => text(element['text']));
    faults.push(...mentionFaults(entity, JSON.stringify([shown, factsOf(card)])));
  }
  return [...faults, ...refreshFaults(card)];
}

function elementFaults(element: Json, version: number): readonly string[] {
  const type = element['type'];
  if (typeof type !== 'string') return [`an element has no type: ${JSON.stringify(element).slice(0, 80)}`];
  if (type === 'TextBlock' && typeof element['text'] !== 'string') return ['a TextBlock has no text'];
  if (type === 'Action.Execute' && !(version >= 1.4)) return ['Action.Execute needs a card of version 1.4'];
  if (type === 'Action.OpenUrl' && text(element['url']) === '') return ['Action.OpenUrl has no url'];
  if (type === 'Action.ShowCard' && !isRecord(element['card'])) return ['Action.ShowCard has no card'];
  if (type.startsWith('Input.') && text(element['id']) === '') return [`an ${type} has no id`];
  if (type === 'FactSet') {
    const isWhole = (fact: Json) => typeof fact['title'] === 'string' && typeof fact['value'] === 'string';
    return records(element['facts']).every(isWhole) ? [] : ['a fact has no title or no value'];
  }
  return [];
}

function refreshFaults(card: Json): readonly string[] {
  const refresh = card['refresh'];
  if (refresh === undefined) return [];
  const { action, userIds = [] } = record(refresh);
  const faults: string[] = [];
  if (record(action)['type'] !== 'Action.Execute') faults.push('the action of refresh is no Action.Execute');
  if (!Array.isArray(userIds)) return [...faults, 'userIds of refresh is no list'];
  if (userIds.length > MOST_REFRESHED) faults.push(`refresh has more than ${MOST_REFRESHED} userIds`);
  if (!userIds.every((id) => text(id).startsWith('29:'))) faults.push('userIds of refresh are not all like 29:...');
  return faults;
}

function mentionFaults(entity: Json, shown: string): readonly string[] {
  const { id, name } = record(entity['mentioned']);
  const words = text(entity['text']);
  const faults = text(id) === '' || text(name) === '' ? ['a mention names nobody'] : [];
  if (!/^<at>.*<\/at>$/.test(words)) return [...faults, `the text of a mention is not in <at>: ${words}`];
  const isShown = shown.includes(words) || shown.includes(JSON.stringify(words).slice(1, -1));
  return isShown ? faults : [...faults, `a mention's text stands nowhere: ${words}`];
}

/** Every element and action of a card, in order, also those in containers, fallbacks and cards that open, but not below `except`. */
export function elementsOf(card: Json, except: readonly string[] = []): readonly Json[] {
  const found: Json[] = [];
  const collect = (value: unknown, key: string): void => {
    // What a button carries and what only Teams reads are no elements.
    if (key === 'data' || key === 'msteams' || except.includes(key)) return;
    if (Array.isArray(value)) for (const one of value) collect(one, key);
    else if (isRecord(value)) {
      if (ELEMENTS.includes(key)) found.push(value);
      for (const [inner, one] of Object.entries(value)) collect(one, inner);
    }
  };
  for (const [key, value] of Object.entries(card)) collect(value, key);
  return found;
}

/** Where elements and actions stand. */
const ELEMENTS = [
  'body',
  'items',
  'columns',
  'rows',
  'cells',
  'actions',
  'inlines',
  'fallback',
  'action',
  'selectAction',
];

export function factsOf(card: Json): readonly string[] {
  const facts = elementsOf(card).flatMap((element) => records(element['facts']));
  return facts.flatMap((fact) => [text(fact['title']), text(fact['value'])]);
}

/** Why a client would show "Something went wrong" instead of this answer; empty when it would not. */
export function answerFaults(name: string, body: unknown): readonly string[] {
  switch (name) {
    case 'adaptiveCard/action':
      return actionFaults(body);
    case 'task/fetch':
    case 'composeExtension/fetchTask':
      return isRecord(body) ? taskFaults(body['task']) : ['there is no task'];
    case 'task/submit':
    case 'composeExtension/submitAction':
      return isRecord(body) && body['task'] !== undefined && body['task'] !== null ? taskFaults(body['task']) : [];
    case 'application/search':
      return searchFaults(body);
    default:
      return [];
  }
}

function actionFaults(body: unknown): readonly string[] {
  if (!isRecord(body)) return ['the answer to an action is no object'];
  const { statusCode, type, value } = body;
  if (typeof statusCode !== 'number') return ['the answer to an action has no statusCode'];
  if (type === CARD) return isRecord(value) ? cardFaults(value) : ['the answer has no card'];
  if (type === 'application/vnd.microsoft.activity.message')
    return typeof value === 'string' ? [] : ['the message of the answer is no text'];
  if (type === 'application/vnd.microsoft.error')
    return typeof record(value)['message'] === 'string' ? [] : ['the error of the answer has no message'];
  return [`the answer to an action is of unknown type ${text(type)}`];
}

function taskFaults(task: unknown): readonly string[] {
  if (!isRecord(task)) return ['the task is no object'];
  const { type, value } = task;
  if (type === 'message') return typeof value === 'string' ? [] : ['the message of a task is no text'];
  if (type !== 'continue') return [`the task is of unknown type ${text(type)}`];
  if (!isRecord(value)) return ['the task has no value'];
  if (typeof value['url'] === 'string') return [];
  const faults = text(value['title']) === '' ? ['the dialog has no title'] : [];
  const card = record(record(value['card'])['content']);
  const executes = elementsOf(card).some(({ type: kind }) => kind === 'Action.Execute');
  return [
    ...faults,
    ...attachmentFaults(value['card']),
    ...(executes ? ['Action.Execute does nothing in a dialog'] : []),
  ];
}

function searchFaults(body: unknown): readonly string[] {
  const { type, value } = record(body);
  if (type !== 'application/vnd.microsoft.search.searchResponse') return ['the answer to a search is of unknown type'];
  const results = record(value)['results'];
  if (!Array.isArray(results)) return ['the answer to a search has no results'];
  const isChoice = (one: unknown) => isRecord(one) && text(one['title']) !== '' && typeof one['value'] === 'string';
  const faults = results.every(isChoice) ? [] : ['a result has no title or no value'];
  return results.length > MOST_CHOICES ? [...faults, `more than ${MOST_CHOICES} results`] : faults;
}
