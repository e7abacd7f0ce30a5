import { type Refusal, refusal } from './refusal.ts';

/** What a service lets people hand in with a request, beside the commit. */
export type InputSpec = {
  /** As people read it; absent: the name. */
  readonly title?: string;
  /** What happens when nothing is handed in; absent: nothing is handed on. */
  readonly byDefault?: string;
  readonly required: boolean;
  /** Environments in which it is asked for; absent: all. */
  readonly environments?: readonly string[];
} & (
  | { readonly type: 'enum'; readonly options: readonly string[] }
  | { readonly type: 'boolean' }
  /** `pattern`: a regular expression that the whole text must fit. */
  | { readonly type: 'text'; readonly pattern?: string; readonly example?: string }
);

export type InputSpecs = Readonly<Record<string, InputSpec>>;
/** Values by name, as the run is given them; booleans are `true` and `false`. */
export type Inputs = Readonly<Record<string, string>>;

/** The longest text that is taken, in characters. */
export const INPUT_LIMIT = 200;

const YES = ['true', 'yes', 'on', '1'];
const NO = ['false', 'no', 'off', '0'];

export type InputsRead =
  | { readonly kind: 'read'; readonly inputs: Inputs }
  /** By the name of the input that each is about. */
  | { readonly kind: 'refused'; readonly refusals: readonly { readonly name: string; readonly refusal: Refusal }[] };

const FIELD = 'input-';

/** How the field of an input is called in forms. */
export function inputField(name: string): string {
  return `${FIELD}${name}`;
}

/** The input that a field of a form is of; nothing when it is of none. */
export function inputOfField(field: string): string | undefined {
  return field.startsWith(FIELD) && field.length > FIELD.length ? field.slice(FIELD.length) : undefined;
}

/** The specs that hold in one environment, in the order of the configuration. */
export function specsIn(specs: InputSpecs, environment: string): InputSpecs {
  return Object.fromEntries(
    Object.entries(specs).filter(([, { environments }]) => environments?.includes(environment) ?? true),
  );
}

/** What was handed in, with what stands where nothing was; or everything that is wrong with it. Sorted by name. */
export function readInputs(specs: InputSpecs, given: Readonly<Record<string, string>>): InputsRead {
  const values: [string, string][] = [];
  const refusals: { name: string; refusal: Refusal }[] = [];
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(specs, name)) refusals.push({ name, refusal: unknown(name, specs) });
  }
  for (const [name, spec] of Object.entries(specs)) {
    const text = (Object.hasOwn(given, name) ? given[name] : undefined)?.trim() || spec.byDefault;
    if (text === undefined) {
      if (spec.required) refusals.push({ name, refusal: missing(name, spec) });
      continue;
    }
    const value = inputValue(spec, text);
    if (value === undefined) refusals.push({ name, refusal: bad(name, spec, text) });
    else values.push([name, value]);
  }
  if (refusals.length > 0) return { kind: 'refused', refusals };
  return { kind: 'read', inputs: Object.fromEntries(values.toSorted(([one], [other]) => (one < other ? -1 : 1))) };
}

/** The value as the run is given it; nothing when it does not fit. */
export function inputValue(spec: InputSpec, text: string): string | undefined {
  switch (spec.type) {
    case 'enum':
      return spec.options.find((option) => option === text);
    case 'boolean':
      return YES.includes(text.toLowerCase()) ? 'true' : NO.includes(text.toLowerCase()) ? 'false' : undefined;
    case 'text': {
      const fits = spec.pattern === undefined || new RegExp(`^(?:${spec.pattern})$`, 'u').test(text);
      return text.length <= INPUT_LIMIT && fits && isPlain(text) ? text : undefined;
    }
  }
}

/** No control character may reach a run: a line of its own could mean something there. */
function isPlain(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}

function unknown(name: string, specs: InputSpecs): Refusal {
  const known = Object.keys(specs);
  const next = known.length === 0 ? 'Leave it out.' : `It takes: ${known.map((one) => `\`${one}\``).join(', ')}.`;
  return refusal('unknown-input', `Nothing called "${name}" can be handed in here.`, next);
}

function missing(name: string, spec: InputSpec): Refusal {
  return refusal('missing-input', `"${name}" must be handed in here.`, `Add \`--input ${name}=${shape(spec)}\`.`);
}

function bad(name: string, spec: InputSpec, text: string): Refusal {
  const next =
    spec.type === 'text'
      ? `At most ${INPUT_LIMIT} characters on one line${spec.pattern === undefined ? '' : `, of the form \`${spec.pattern}\``}.`
      : `It takes: ${(spec.type === 'enum' ? spec.options : ['true', 'false']).map((one) => `\`${one}\``).join(', ')}.`;
  return refusal('bad-input', `"${text.slice(0, 60)}" is no value for "${name}".`, next);
}

/** What a value looks like, for usage lines. */
export function shape(spec: InputSpec): string {
  switch (spec.type) {
    case 'enum':
      return spec.options.join('|');
    case 'boolean':
      return 'true|false';
    case 'text':
      return spec.example ?? '…';
  }
}
