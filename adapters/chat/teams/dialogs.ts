import { createHash } from 'node:crypto';
import type { FormSpec, Input, Reply } from '../../../src/ports/chat.ts';
import type { TeamsActivity } from './activity.ts';
import { answer } from './answer.ts';
import { askCard } from './ask.ts';
import { closeDialog, openDialog } from './dialog-answers.ts';
import { type FormMemory, readMemory } from './dialog-memory.ts';
import { formCard, type Mend, readForm } from './form.ts';
import { askedOf } from './form-inputs.ts';
import { inTime } from './in-time.ts';
import { inputOf, readPress } from './press.ts';
import { fitsIntoWords, GONE_WORDS, spokenOf } from './presses.ts';
import { type Desk, originOf, replyTo } from './reception.ts';
import { readSearch, searchAnswer } from './typeahead.ts';

const FORM_TITLE = 'New deployment';

/** A button whose press opens a dialog: the form, or the question that comes before a verb. */
export async function onDialogOpened(desk: Desk, activity: TeamsActivity): Promise<object> {
  const data = dataOf(activity.value);
  const press = readPress(data);
  if (press === undefined) return closeDialog(GONE_WORDS);
  const { ask } = press;
  if (ask !== undefined) return openDialog(ask.title, askCard({ ...press, ask }, memoryOf(activity)));
  return opened(desk, activity, inputOf(press), readForm(data)?.fields);
}

/** `/deploy` chosen from the compose box: the form, at once. */
export function onExtensionOpened(desk: Desk, activity: TeamsActivity): Promise<object> {
  return opened(desk, activity, { kind: 'text', text: '' });
}

/** A dialog that was filled in: the form becomes a request, an answer the reason of a verb. */
export async function onDialogSubmitted(desk: Desk, activity: TeamsActivity): Promise<object> {
  const data = dataOf(activity.value);
  const form = readForm(data);
  if (form !== undefined) return settled(desk, activity, { kind: 'form', fields: form.fields }, form.asked);
  const press = readPress(data);
  return press === undefined ? closeDialog(GONE_WORDS) : settled(desk, activity, inputOf(press));
}

/** What somebody types into a field of the form; no answer in time is no choices. */
export async function onTyped(desk: Desk, activity: TeamsActivity): Promise<object> {
  const search = readSearch(activity.value);
  if (search === undefined) return searchAnswer([]);
  const { field, text, service } = search;
  return inTime(desk, () => desk.inbox.choices(field, text.trim(), service === undefined ? {} : { service }), {
    done: async (choices) => searchAnswer(choices),
    late: async () => undefined,
    meanwhile: searchAnswer([]),
  });
}

/** @param known what was filled in before, e.g. in the line that led to the form */
function opened(
  desk: Desk,
  activity: TeamsActivity,
  input: Input,
  known?: Readonly<Record<string, string>>,
): Promise<object> {
  return inTime(desk, () => replyTo(desk, activity, input), {
    done: async (reply) => {
      if (reply.kind !== 'form') return closing(desk, activity, reply);
      return showing(known === undefined ? reply.form : await desk.inbox.form(known), memoryOf(activity));
    },
    late: (reply) => answer(reply, originOf(activity), desk),
    meanwhile: closeDialog('The form takes too long to open. Write service and environment in one line instead.'),
  });
}

/** @param asked the target whose inputs the form showed */
function settled(desk: Desk, activity: TeamsActivity, input: Input, asked?: string): Promise<object> {
  const memory = readMemory(dataOf(activity.value));
  const { message } = memory;
  const placed =
    message === undefined || activity.replyToId !== undefined ? activity : { ...activity, replyToId: message };
  const reply = async () =>
    (await unshown(desk, input, asked)) ?? replyTo(desk, placed, input, submissionKey(activity, memory, input));
  return inTime(desk, reply, {
    done: async (reply) => {
      if (reply.kind === 'form') return showing(reply.form, memory);
      if (reply.kind !== 'mend' || input.kind !== 'form') return closing(desk, activity, reply);
      return showing(await desk.inbox.form(input.fields), memory, { errors: reply.errors, entered: input.fields });
    },
    late: (reply) => answer(reply, originOf(activity), desk),
    meanwhile: closeDialog('This takes a moment. You will be told.'),
  });
}

/** The form again, where what the service takes there was not shown before it was sent. */
async function unshown({ inbox }: Desk, input: Input, asked: string | undefined): Promise<Reply | undefined> {
  if (input.kind !== 'form') return undefined;
  const form = await inbox.form(input.fields);
  const target = askedOf(form);
  if (target === undefined || target === asked) return undefined;
  return {
    kind: 'form',
    form: { ...form, alerts: [`Look at what ${form.service} takes there, then send it.`, ...form.alerts] },
  };
}

/** The same words sent twice from one dialog are one wish, however the client or Teams came to send them twice. */
function submissionKey({ from }: TeamsActivity, { dialog }: FormMemory, input: Input): string | undefined {
  if (dialog === undefined) return undefined;
  const content = createHash('sha256').update(JSON.stringify(input)).digest('base64url').slice(0, 16);
  return `teams:${from.id}:${dialog}:${content}`;
}

function showing(form: FormSpec, memory: FormMemory, mend?: Mend): object {
  return openDialog(FORM_TITLE, formCard(form, mend, memory));
}

/** Teams does not say again at the submission which message it was: it travels with the dialog. */
function memoryOf({ id, replyToId }: TeamsActivity): FormMemory {
  return {
    ...(id === undefined ? {} : { dialog: id }),
    ...(replyToId === undefined ? {} : { message: replyToId }),
  };
}

async function closing(desk: Desk, activity: TeamsActivity, reply: Reply): Promise<object> {
  if (!fitsIntoWords(reply)) await answer(reply, originOf(activity), desk);
  return closeDialog(spokenOf(reply));
}

function dataOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'data' in value ? value.data : undefined;
}
