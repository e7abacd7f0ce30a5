import type { Service } from '../../../src/domain/catalog.ts';
import type { InputSpec, InputSpecs } from '../../../src/domain/inputs.ts';
import { inputFlags } from '../../../src/domain/quoted.ts';
import type { Choice } from '../../../src/ports/chat.ts';

export const INPUT = '--input';

/** Names of what can be handed in there and was not yet, and behind a name what it can be. */
export function inputChoices(
  service: Service | undefined,
  environment: string | undefined,
  before: readonly string[],
  last: string,
): readonly Choice[] {
  const specs = specsOf(service, environment);
  const name = last.slice(0, Math.max(0, last.indexOf('=')));
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (spec !== undefined) return values(name, spec);
  const given = before.flatMap((word, index) => (before[index - 1] === INPUT ? [word.split('=')[0]] : []));
  return Object.entries(specs)
    .filter(([one]) => !given.includes(one.toLowerCase()))
    .map(([one, { title, required }]) => ({
      value: `${one}=`,
      label: one,
      hint: [...(title === undefined ? [] : [title]), ...(required ? ['required'] : [])].join(', '),
    }));
}

/** Is anything handed in there at all? */
export function takesInputs(service: Service | undefined, environment: string | undefined): boolean {
  return Object.keys(specsOf(service, environment)).length > 0;
}

/** What a service takes in one environment; while that is not said, in any. */
function specsOf(service: Service | undefined, environment: string | undefined): InputSpecs {
  const targets = Object.values(service?.targets ?? {});
  const there = targets.filter((one) => environment === undefined || one.environment === environment);
  return Object.assign({}, ...there.map(({ inputs = {} }) => inputs));
}

function values(name: string, spec: InputSpec): readonly Choice[] {
  const options = spec.type === 'enum' ? [...new Set(spec.options)] : spec.type === 'boolean' ? ['true', 'false'] : [];
  const written = options.map((one) => ({ one, value: inputFlags({ [name]: one }).slice(INPUT.length + 1) }));
  return written.map(({ one, value }) => ({
    value,
    label: one,
    ...(one === spec.byDefault ? { hint: 'default' } : {}),
  }));
}
