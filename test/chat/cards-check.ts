import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { messageOf, type Rendered } from '../../adapters/chat/teams/render.ts';

type Json = Readonly<Record<string, unknown>>;

/** Elements of Teams beyond version 1.5 of the schema. */
const EXTENSIONS = ['ProgressBar', 'Badge', 'Chart.HorizontalBar'];

/** Teams' schema of cards, told openly where it is no valid schema for today's validators. */
const validate = (() => {
  const path = join(import.meta.dirname, '../fixtures/adaptive-card-1.5.schema.json');
  // The schema is draft 06, but names itself by `id`, which draft 06 calls `$id`.
  const { id: _id, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false });
  ajv.addMetaSchema(createRequire(import.meta.url)('ajv/dist/refs/json-schema-draft-06.json'));
  return ajv.compile(schema);
})();

/** Everything wrong with a card, by the schema and by what Teams says beside it; empty when Teams would show it as it is meant. */
export function cardFaults(rendered: Rendered): readonly string[] {
  const card: Json = { ...rendered.card };
  const { msteams: _msteams, ...known } = card;
  // `msteams` is Teams' own and in no schema. A client shows an element or its fallback: both must be right.
  const schemaFaults = [withoutExtensions(known), oldest(known)].flatMap((one) =>
    validate(one) ? [] : [`schema: ${JSON.stringify(validate.errors?.slice(-2))}`],
  );
  const size = JSON.stringify(messageOf(rendered)).length * 2;
  return [
    ...schemaFaults,
    ...(size <= 24 * 1024 ? [] : [`${size} bytes`]),
    ...(rendered.summary.trim() === '' || rendered.summary.length > 300 ? ['summary'] : []),
    ...(/[<>]|\{\{/.test(rendered.summary) ? ['summary with markup'] : []),
    ...(elements(card['body'])[0]?.['type'] === 'TextBlock' ? [] : ['the first element is no text']),
    ...idFaults(card),
    ...all(card).flatMap(elementFaults),
    ...actionFaults(elements(card['actions'])),
    ...mentionFaults(rendered),
  ];
}

/** Everything that a reader reads as words of the card, e.g. to look for a name. */
export function wordsOf(value: unknown): readonly string[] {
  return all(value).flatMap((one) => ['text', 'title', 'value'].map((name) => one[name]).filter(isWords));
}

/** Every element, action and fact, from outside to inside. */
export function all(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(all);
  if (typeof value !== 'object' || value === null) return [];
  const { data: _data, msteams: _msteams, ...rest } = value as Json;
  return [value as Json, ...Object.values(rest).flatMap(all)];
}

function elementFaults(one: Json): readonly string[] {
  const type = String(one['type'] ?? '');
  const faults: string[] = [];
  if (EXTENSIONS.includes(type) && typeof one['fallback'] !== 'object') faults.push(`${type} without fallback`);
  if (type === 'Action.Execute' && one['verb'] === 'press' && typeof one['fallback'] !== 'object')
    faults.push('Execute without Submit for old clients');
  if (type === 'Action.ShowCard' && one['mode'] === 'secondary') faults.push('a menu cannot unfold a card');
  if (type === 'Action.OpenUrl' && !/^https?:\/\//.test(String(one['url']))) faults.push('address');
  if (type.startsWith('Action.') && !/\S/.test(String(one['title']))) faults.push(`${type} without words`);
  if (type === 'Chart.HorizontalBar') faults.push(...chartFaults(one));
  // The schema's own patterns let other words pass.
  if (![undefined, 'positive', 'destructive', 'heading'].includes(one['style'] as string | undefined))
    faults.push(`style ${String(one['style'])}`);
  const markup = [one['text'], ...(type === '' ? [one['title'], one['value']] : [])].filter(isWords);
  return [...faults, ...(type === 'TextRun' ? [] : markup.flatMap(textFaults))];
}

/** By the types of @microsoft/teams.cards, since no schema knows the charts. */
function chartFaults(one: Json): readonly string[] {
  const data = elements(one['data']);
  const words = [one['title'], ...data.map(({ x }) => x)];
  const known = ['type', 'id', 'title', 'showTitle', 'data', 'color', 'displayMode', 'spacing', 'fallback'];
  return [
    ...(data.length > 0 && data.length <= 12 ? [] : [`${data.length} bars`]),
    ...Object.keys(one).flatMap((name) => (known.includes(name) ? [] : [`chart with ${name}`])),
    ...words.flatMap((word) => (isWords(word) && word.trim() !== '' ? textFaults(word) : ['bar without words'])),
    ...data.flatMap(({ y }) => (typeof y === 'number' && Number.isFinite(y) && y >= 0 ? [] : [`length ${y}`])),
  ];
}

/** What only we may write: mentions, times, links and bold words; nothing else that means something. */
function textFaults(words: string): readonly string[] {
  const rest = words
    .replace(/<at>[^<>]*<\/at>/g, 'x')
    .replace(/\{\{(DATE\([0-9T:-]{19}Z, SHORT\)|TIME\([0-9T:-]{19}Z\))\}\}/g, 'x')
    .replace(/\[[^[\]]*\]\(https?:\/\/[^()\s]*\)/g, 'x')
    .replace(/\*\*[^*]+\*\*/g, 'x');
  return /[<>*~`\\]|\]\(|\{\{|!\[/.test(rest) ? [`markup: ${rest.slice(0, 100)}`] : [];
}

function actionFaults(actions: readonly Json[]): readonly string[] {
  const beside = actions.filter(({ mode }) => mode !== 'secondary').length;
  const positive = actions.filter(({ style }) => style === 'positive').length;
  return [...(beside > 6 ? [`${beside} buttons`] : []), ...(positive > 1 ? ['more than one stands out'] : [])];
}

function mentionFaults({ card }: Rendered): readonly string[] {
  const words = all(card.body)
    .filter(({ type }) => type !== 'TextRun')
    .flatMap((one) => [one['text'], one['value']].filter(isWords));
  const rung = words.flatMap((text) => text.match(/<at>[^<>]*<\/at>/g) ?? []);
  const known = (card.msteams?.entities ?? []).map(({ text }) => text);
  const ids = (card.msteams?.entities ?? []).map(({ mentioned }) => mentioned.id);
  return [
    ...rung.filter((text) => !known.includes(text)).map((text) => `nobody is ${text}`),
    ...known.filter((text) => !rung.includes(text)).map((text) => `${text} stands nowhere`),
    ...(new Set(known).size === known.length && !ids.includes('') ? [] : ['one mention for two people']),
  ];
}

function idFaults(card: Json): readonly string[] {
  const ids = elements(card['body']).flatMap(({ id }) => (isWords(id) ? [id] : []));
  return new Set(ids).size === ids.length ? [] : ['an id stands twice'];
}

/** As Teams shows it, less what the schema does not know: the fallback in place of an extension. */
function withoutExtensions(value: unknown): unknown {
  return replaced(value, (one) => EXTENSIONS.includes(String(one['type'])));
}

/** As a client shows it that knows none of what has a fallback. */
function oldest(value: unknown): unknown {
  return replaced(value, () => true);
}

function replaced(value: unknown, when: (one: Json) => boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => replaced(one, when));
  if (typeof value !== 'object' || value === null) return value;
  const one = value as Json;
  // A refresh must be Execute.
  const fallback = one['verb'] === 'refresh' ? undefined : one['fallback'];
  if (typeof fallback === 'object' && when(one)) return replaced(fallback, when);
  return Object.fromEntries(Object.entries(one).map(([name, part]) => [name, replaced(part, when)]));
}

function elements(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function isWords(value: unknown): value is string {
  return typeof value === 'string';
}
