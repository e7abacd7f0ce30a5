import { isRecord, type Json, records, text } from './world.ts';

/** Block types that messages may hold here; the newer ones are left out on purpose, since old clients do not know them. */
const KNOWN = ['section', 'header', 'context', 'actions', 'divider', 'image', 'input', 'rich_text', 'markdown'];

type Rule = readonly [value: unknown, limit: number, what: string];

/** Everything wrong with the blocks of a message (50) or view (100), in Slack's manner; empty when Slack would take them. */
export function blockFaults(value: unknown, most: 50 | 100): readonly string[] {
  if (!Array.isArray(value)) return ['blocks must be a list'];
  const faults: string[] = [];
  if (value.length > most) faults.push(`no more than ${most} items allowed`);
  const ids = new Set<string>();
  for (const block of value) {
    if (!isRecord(block)) faults.push('a block must be an object');
    else faults.push(...oneBlock(block, most === 100, ids));
  }
  return faults;
}

/** Everything wrong with a modal. */
export function viewFaults(view: Json): readonly string[] {
  const faults: string[] = [];
  if (view['type'] !== 'modal') faults.push('only modals here');
  faults.push(...plainText(view['title'], 24, 'title'));
  for (const name of ['submit', 'close']) if (view[name] !== undefined) faults.push(...plainText(view[name], 24, name));
  faults.push(
    ...tooLong(
      [text(view['private_metadata']), 3000, 'private_metadata'],
      [text(view['callback_id']), 255, 'callback_id'],
    ),
  );
  faults.push(...blockFaults(view['blocks'], 100));
  const hasInput = records(view['blocks']).some((block) => block['type'] === 'input');
  if (hasInput && view['submit'] === undefined) faults.push('submit is required with inputs');
  if (JSON.stringify(view).length > 250_000) faults.push('view too large');
  return faults;
}

/** Everything wrong with what is to stand in the Home tab. */
export function homeFaults(view: Json): readonly string[] {
  const faults = blockFaults(view['blocks'], 100);
  const typed = view['type'] === 'home' ? [] : ['only home views here'];
  return [...typed, ...faults, ...(JSON.stringify(view).length > 250_000 ? ['view too large'] : [])];
}

function oneBlock(block: Json, inView: boolean, ids: Set<string>): readonly string[] {
  const type = text(block['type']);
  const faults: string[] = KNOWN.includes(type) ? [] : [`unsupported block type ${type}`];
  const id = block['block_id'];
  if (typeof id === 'string') {
    if (id.length === 0 || id.length > 255) faults.push('block_id length');
    if (ids.has(id)) faults.push(`block_id ${id} twice`);
    ids.add(id);
  }
  if (type === 'section') faults.push(...section(block));
  if (type === 'header') faults.push(...plainText(block['text'], 150, 'header'));
  if (type === 'context') faults.push(...context(block));
  if (type === 'actions') faults.push(...actions(block));
  if (type === 'input') faults.push(...(inView ? input(block) : ['no inputs in our messages']));
  return faults;
}

function section(block: Json): readonly string[] {
  const fields = block['fields'];
  if (block['text'] === undefined && fields === undefined) return ['section without text and fields'];
  const faults: string[] = [];
  if (block['text'] !== undefined) faults.push(...textObject(block['text'], 3000, 'section'));
  if (fields === undefined) return faults;
  const all = Array.isArray(fields) ? fields : [];
  if (all.length < 1 || all.length > 10) faults.push('section fields count');
  return [...faults, ...all.flatMap((field) => textObject(field, 2000, 'field'))];
}

function context(block: Json): readonly string[] {
  const elements = Array.isArray(block['elements']) ? block['elements'] : [];
  const faults = elements.length < 1 || elements.length > 10 ? ['context elements count'] : [];
  return [...faults, ...elements.flatMap((element) => textObject(element, 3000, 'context'))];
}

function actions(block: Json): readonly string[] {
  const elements = records(block['elements']);
  const faults: string[] = elements.length < 1 || elements.length > 25 ? ['actions elements count'] : [];
  const ids = elements.map((element) => text(element['action_id']));
  if (new Set(ids).size !== ids.length) faults.push('action_id twice in a block');
  return [...faults, ...elements.flatMap(element)];
}

function element(one: Json): readonly string[] {
  const faults = [...tooLong([one['action_id'], 255, 'action_id'])];
  if (text(one['action_id']) === '') faults.push('element without action_id');
  const { confirm } = one as { confirm?: unknown };
  if (confirm !== undefined) faults.push(...dialog(confirm));
  if (one['type'] === 'button') {
    faults.push(...plainText(one['text'], 75, 'button'));
    faults.push(
      ...tooLong([one['value'], 2000, 'value'], [one['url'], 3000, 'url'], [one['accessibility_label'], 75, 'label']),
    );
    if (![undefined, 'primary', 'danger'].includes(one['style'] as string | undefined)) faults.push('button style');
    return faults;
  }
  if (one['type'] === 'overflow') return [...faults, ...optionsFaults(one['options'], 1, 5)];
  return [...faults, `unsupported element ${text(one['type'])}`];
}

function dialog(value: unknown): readonly string[] {
  if (!isRecord(value)) return ['confirm must be an object'];
  return [
    ...plainText(value['title'], 100, 'confirm title'),
    ...textObject(value['text'], 300, 'confirm text'),
    ...plainText(value['confirm'], 30, 'confirm button'),
    ...plainText(value['deny'], 30, 'deny button'),
  ];
}

function input(block: Json): readonly string[] {
  const one = block['element'];
  if (!isRecord(one)) return ['input without element'];
  const faults = [...plainText(block['label'], 2000, 'label')];
  if (block['hint'] !== undefined) faults.push(...plainText(block['hint'], 2000, 'hint'));
  if (one['placeholder'] !== undefined) faults.push(...plainText(one['placeholder'], 150, 'placeholder'));
  if (text(one['action_id']) === '') faults.push('element without action_id');
  if (one['type'] === 'static_select') faults.push(...optionsFaults(one['options'], 1, 100));
  if (one['initial_option'] !== undefined) faults.push(...optionFaults(one['initial_option']));
  if (one['type'] === 'plain_text_input' && Number(one['max_length'] ?? 1) > 3000) faults.push('max_length');
  return faults;
}

/** Also what an options request is answered with. */
export function optionsFaults(value: unknown, least: number, most: number): readonly string[] {
  if (!Array.isArray(value)) return ['options must be a list'];
  const faults = value.length < least || value.length > most ? [`options count ${value.length}`] : [];
  return [...faults, ...value.flatMap(optionFaults)];
}

function optionFaults(value: unknown): readonly string[] {
  if (!isRecord(value)) return ['option must be an object'];
  const hint = value['description'] === undefined ? [] : plainText(value['description'], 75, 'option description');
  const faults = [
    ...plainText(value['text'], 75, 'option text'),
    ...hint,
    ...tooLong([value['value'], 75, 'option value']),
  ];
  return text(value['value']) === '' ? [...faults, 'option without value'] : faults;
}

function plainText(value: unknown, limit: number, what: string): readonly string[] {
  if (!isRecord(value) || value['type'] !== 'plain_text') return [`${what}: plain_text needed`];
  return textObject(value, limit, what);
}

function textObject(value: unknown, limit: number, what: string): readonly string[] {
  if (!isRecord(value) || !['plain_text', 'mrkdwn'].includes(text(value['type'])))
    return [`${what}: text object needed`];
  const length = text(value['text']).length;
  return length < 1 || length > limit ? [`${what}: length ${length}, allowed 1 to ${limit}`] : [];
}

function tooLong(...rules: readonly Rule[]): readonly string[] {
  return rules
    .filter(([value, limit]) => typeof value === 'string' && value.length > limit)
    .map(([, limit, what]) => `${what}: longer than ${limit}`);
}
