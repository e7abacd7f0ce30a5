import { type Refusal, refusal } from '../../src/domain/refusal.ts';
import { toldAs } from '../../src/domain/train.ts';
import type { Reading } from '../../src/ports/reading.ts';
import type { Args } from './spec.ts';
import { tidy } from './words.ts';

/** What a press comes down to: the very command that could have been typed, with the revision that the card showed. */
export type Press =
  | {
      readonly kind: 'command';
      readonly name: string;
      readonly args: Args;
      readonly revision?: number;
      /** The deployment of the card, where the command speaks of something else. */
      readonly pressed?: string;
    }
  | { readonly kind: 'line'; readonly line: string; readonly answer?: string }
  | { readonly kind: 'form'; readonly service: string }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/** Verbs of buttons that are about one deployment; the words asked of the presser become its reason. */
const OF_DEPLOYMENT: Readonly<Record<string, 'reason' | 'optional-reason' | 'none'>> = {
  approve: 'none',
  reject: 'reason',
  cancel: 'optional-reason',
  nudge: 'none',
  retry: 'none',
  diff: 'none',
  logs: 'none',
  status: 'none',
};

/** Makes a command out of a press. The value is only a token and a revision; everything else comes from the rows. */
export async function readPress(
  reading: Reading,
  input: { verb: string; value: string; answer?: string },
): Promise<Press> {
  const { verb, value } = input;
  const answer = input.answer === undefined ? '' : tidy(input.answer);
  if (verb === 'run') return { kind: 'line', line: value, ...(answer === '' ? {} : { answer }) };
  if (verb === 'form') return { kind: 'form', service: value };
  const needs = Object.hasOwn(OF_DEPLOYMENT, verb) ? OF_DEPLOYMENT[verb] : undefined;
  if (needs === undefined && verb !== 'rollback') return refuse(oldButton('unknown-command'));
  const [token = '', revisionText = '', whole] = value.split('.');
  const deployment = token === '' ? undefined : await reading.deploymentByToken(token);
  if (deployment === undefined) return refuse(oldButton('unknown-deployment'));
  if (verb === 'rollback') {
    const { id: pressed, service, environment } = deployment;
    const args = { service, environment, ...(answer === '' ? {} : { reason: answer }) };
    return { kind: 'command', name: 'rollback', args, pressed };
  }
  const id = whole === 'train' ? toldAs(deployment) : deployment.id;
  if (needs === 'reason' && answer === '') {
    return refuse(
      refusal(
        'missing-reason',
        'A rejection needs a reason, so that the requester knows what to change.',
        `Press again and say why, or type \`${verb} ${id} <why>\`.`,
      ),
    );
  }
  const args = { deployment: id, ...(needs === 'none' || answer === '' ? {} : { reason: answer }) };
  const revision = /^\d{1,9}$/.test(revisionText) ? Number(revisionText) : undefined;
  return { kind: 'command', name: verb, args, ...(revision === undefined ? {} : { revision }) };
}

function refuse(one: Refusal): Press {
  return { kind: 'refused', refusals: [one] };
}

function oldButton(code: 'unknown-command' | 'unknown-deployment'): Refusal {
  return refusal(
    code,
    'This button stands for nothing that is known here.',
    '`list` shows what is open; use the buttons of its card.',
  );
}
