import { z } from 'zod';
import type { Run, Wait } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { orNothing } from '../../shared/http/or-nothing.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import { redact } from '../../shared/http/redact.ts';
import { type Context, pageOf, type Wanted, wanted } from './context.ts';
import { placeOf } from './find.ts';
import { type Input, Pending } from './schema.ts';

const Described = z.object({ description: z.string().nullish() });

/** What the `input` steps of a pipeline wait for; nothing where the plugin Pipeline: REST API is missing. */
export async function pendingOf({ jenkins }: Context, mine: Wanted, number: number): Promise<readonly Pending[]> {
  const pending = await orNothing(
    jenkins.get({
      what: `build ${number} of ${mine.what}`,
      path: `${mine.job}/${number}/wfapi/pendingInputActions`,
      form: z.array(Pending),
    }),
  );
  return pending ?? [];
}

/** As a person is shown it: with what would be filled in for them, so that nobody agrees to what they cannot see. */
export function waitOf(context: Context, mine: Wanted, number: number, pending: Pending): Wait {
  const inputs = othersOf(pending, mine);
  const shown = inputs.map((input) => `${input.name}: ${filledIn(input) ?? '?'}`).join(', ');
  return {
    id: pending.id,
    name: clip(redact(`${pending.message}${shown === '' ? '' : ` (${shown})`}`), 300),
    url: `${pageOf(context, mine, number)}input/`,
    answerable: inputs.every((input) => filledIn(input) !== undefined),
  };
}

/**
 * Answers a question in the name of a person. Jenkins itself only knows our user, so the person stands in the description of the
 * build, and in the parameter that the settings name. One that is answered already is let be.
 */
export async function answer(
  context: Context,
  run: Run,
  request: StartRequest,
  wait: Wait,
  verdict: 'approve' | 'reject',
  words: string,
  fence?: Fence,
): Promise<void> {
  const mine = wanted(request);
  const place = await placeOf(context, run, request);
  if (place.kind !== 'build') return;
  const open = async () => (await pendingOf(context, mine, place.number)).find(({ id }) => id === wait.id);
  const pending = await open();
  if (pending === undefined) return;
  const question = clip(pending.message.replace(/\s+/g, ' ').trim(), 200);
  const line = `"${question}" is ${verdict === 'approve' ? 'approved' : 'rejected'}: ${words}`;
  await describe(context, mine, place.number, line, fence);
  const path = `${mine.job}/${place.number}/${pathOf('input', wait.id, verdict === 'approve' ? 'proceed' : 'abort')}`;
  // The form that Jenkins' own page sends; without `parameter` in it there is nothing to be filled in.
  const parameter = [...valuesOf(pending, mine, words)].map(([name, value]) => ({ name, value }));
  const fields = verdict === 'approve' ? { json: JSON.stringify({ parameter }) } : {};
  try {
    await context.jenkins.send({ what: `the question "${clip(wait.name, 80)}"`, path, fields }, fence);
  } catch (error) {
    if (error instanceof PortFailure && ['400', '404'].includes(error.details.code ?? '') && !(await open())) return;
    throw error;
  }
}

function valuesOf(pending: Pending, mine: Wanted, words: string): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  for (const input of pending.inputs ?? []) {
    values.set(input.name, input.name === mine.settings.approverParameter ? words : filledIn(input));
  }
  return values;
}

function othersOf({ inputs }: Pending, { settings }: Wanted): readonly Input[] {
  return (inputs ?? []).filter(({ name }) => name !== settings.approverParameter);
}

/** What stands in the form from the beginning. Nothing for kinds that a person must fill in, e.g. passwords and files. */
function filledIn({ type, definition }: Input): string | boolean | undefined {
  const { defaultVal: value, choices } = definition ?? {};
  switch (type) {
    case 'BooleanParameterDefinition':
      return value === true;
    case 'ChoiceParameterDefinition':
      return typeof value === 'string' ? value : choices?.[0];
    case 'StringParameterDefinition':
    case 'TextParameterDefinition':
      return typeof value === 'string' ? value : '';
    default:
      return undefined;
  }
}

/** Adds a line to the description. Where our user may not, the answer is given all the same: the audit log has the person too. */
async function describe(context: Context, mine: Wanted, number: number, line: string, fence?: Fence): Promise<void> {
  const { jenkins, tools } = context;
  const what = `the description of build ${number} of ${mine.what}`;
  const asked = { what, path: `${mine.job}/${number}/api/json`, query: { tree: 'description' } };
  const { description } = await jenkins.get({ ...asked, form: Described });
  const lines = (description ?? '').split('\n').filter((one) => one !== '');
  if (lines.includes(line)) return;
  const fields = { description: [...lines, line].join('\n') };
  try {
    await jenkins.send({ what, path: `${mine.job}/${number}/submitDescription`, fields }, fence);
  } catch (error) {
    if (!(error instanceof PortFailure) || error.details.kind !== 'forbidden') throw error;
    tools.log.warn({ provider: context.id, error: error.message }, 'Jenkins does not let us name who answered');
  }
}
