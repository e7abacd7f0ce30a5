import { CARD, elementsOf, factsOf } from './checks.ts';
import { type FakeMessage, isRecord, type Json, latest, record, records, text } from './world.ts';

/** The card of an activity; nothing for one without. */
export function cardOf(activity: Json): Json | undefined {
  const content = records(activity['attachments']).find((one) => one['contentType'] === CARD)?.['content'];
  return isRecord(content) ? content : undefined;
}

/** The card that a person (object id) sees in a message: their own, else everybody's. */
export function viewOf(message: FakeMessage, aad?: string): Json | undefined {
  return (aad === undefined ? undefined : message.views.get(aad)) ?? cardOf(latest(message));
}

/** Everything in a card that may be pressed, also behind buttons that open more. */
function actionsOf(card: Json): readonly Json[] {
  const elements = elementsOf(card, ['fallback', 'refresh']);
  return elements.filter(({ type }) => text(type).startsWith('Action.') && type !== 'Action.ShowCard');
}

/** The action of a title, verb or id; the verb may also stand in the action's own data. */
export function actionNamed(card: Json | undefined, what: string): Json | undefined {
  const verbOf = (action: Json) => record(record(action['data'])['cs'])['verb'];
  return actionsOf(card ?? {}).find((action) =>
    [action['title'], action['verb'], action['id'], verbOf(action)].includes(what),
  );
}

/** Inputs of a card with what they hold at first. */
export function inputsOf(card: Json): readonly Json[] {
  return elementsOf(card, ['fallback']).filter(({ type }) => text(type).startsWith('Input.'));
}

/** What a card's inputs send: what was filled in, else what they hold at first. Empty ones are not sent. */
export function filledIn(card: Json, typed: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const pairs = inputsOf(card).map((input): [string, string] => {
    const id = text(input['id']);
    return [id, typed[id] ?? text(input['value'])];
  });
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''));
}

/** Titles of the buttons and links that everybody sees, or one person (object id). */
export function buttonsOf(message: FakeMessage, aad?: string): readonly string[] {
  return actionsOf(viewOf(message, aad) ?? {}).map((action) => text(action['title']));
}

/** All words of a message as everybody reads them, or one person (object id): summary first, then the card, addresses of links last. */
export function wordsOf(message: FakeMessage, aad?: string): string {
  const { summary, text: plain } = latest(message);
  const card = viewOf(message, aad) ?? {};
  const elements = elementsOf(card, ['fallback', 'refresh', 'actions']);
  const labels = elements.flatMap((element) => [text(element['text']), text(element['label'])]);
  const raw = [text(summary), text(plain), ...labels, ...factsOf(card)].filter((one) => one !== '');
  const urls = raw.flatMap((one) => [...one.matchAll(LINK)].map(([, , url = '']) => url));
  return [...raw.map(undressed), ...urls].join('\n');
}

const LINK = /\[((?:\\.|[^\]\\])*)\]\(([^)\s]+)\)/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };

/** Words without the dress of Markdown, mentions and escapes: what a reader reads. */
function undressed(words: string): string {
  return words
    .replace(LINK, '$1')
    .replace(/<\/?at>/g, '')
    .replace(/(?<!\\)\*\*|(?<!\\)`/g, '')
    .replace(/\\([\\`*_{}[\]()<>#+\-.!|~&])/g, '$1')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_whole, name: string) => ENTITIES[name] ?? '')
    .replace(/[\u200b\u2060]/g, '');
}
