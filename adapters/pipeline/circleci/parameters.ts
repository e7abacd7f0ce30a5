import { artifactLines } from '../../../src/domain/artifact.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import type { Context } from './context.ts';
import type { Settings } from './schema.ts';

type Value = string | number | boolean;

/** What CircleCI takes: see `parameters` of "Trigger a new pipeline" in its API description. */
const MOST_LETTERS = 512;

/** All parameters of a start. Throws a PortFailure for a value that CircleCI would not take. */
export function parametersOf(
  { id }: Context,
  request: StartRequest,
  settings: Settings,
): Readonly<Record<string, Value>> {
  const { correlationParameter, artifactsParameter, types } = settings;
  const inputs = Object.entries(request.inputs ?? {}).map(([name, text]) => [name, typed(text, types[name])]);
  const artifacts =
    artifactsParameter === undefined ? {} : { [artifactsParameter]: artifactLines(request.artifacts ?? []) };
  const ours = correlationParameter === false ? {} : { [correlationParameter]: request.correlation };
  const all: Record<string, Value> = { ...settings.parameters, ...Object.fromEntries(inputs), ...artifacts, ...ours };
  const long = Object.entries(all).find(([, value]) => String(value).length > MOST_LETTERS);
  if (long === undefined) return all;
  const advice =
    long[0] === artifactsParameter ? 'Leave artifactsParameter out, or name fewer artifacts.' : 'Shorten it.';
  const message = `CircleCI takes at most ${MOST_LETTERS} characters in a parameter, and "${long[0]}" has ${String(long[1]).length}. ${advice}`;
  throw new PortFailure(message, { port: id, kind: 'refused', retryable: false, code: 'parameter-too-long' });
}

/** Inputs come as text. What does not fit its type stays as it is: CircleCI says so better. */
function typed(text: string, type: 'boolean' | 'integer' | undefined): Value {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text);
  return text;
}

/** A sentence on what to mend, after CircleCI's own words about parameters; empty when it says something else. */
export function adviceOn(words: string, { correlationParameter, artifactsParameter }: Settings): string {
  if (/type error for argument/i.test(words)) return ' Name the type of that parameter under types.';
  const [, list = ''] = /unexpected argument\(s\):\s*(.*)/is.exec(words) ?? [];
  if (list === '') return '';
  const names = list.split(/[\s,]+/);
  const declare = ' Declare each of them under parameters in .circleci/config.yml, with a default';
  if (correlationParameter !== false && names.includes(correlationParameter)) {
    return `${declare} of "", or set correlationParameter to false.`;
  }
  if (artifactsParameter !== undefined && names.includes(artifactsParameter)) {
    return `${declare} of "", or leave artifactsParameter out.`;
  }
  return `${declare}.`;
}
