import type { Service } from '../../src/domain/catalog.ts';
import { type InputSpec, type InputSpecs, inputField, inputOfField, readInputs } from '../../src/domain/inputs.ts';
import type { FormInput } from '../../src/ports/chat.ts';
import { tidy } from './words.ts';

type Given = Readonly<Record<string, string>>;

/** What a service takes there, as fields of the form; what was filled in stays as far as it can be shown in its field. */
export function formInputs(specs: InputSpecs = {}, given: Given = {}): readonly FormInput[] {
  return Object.entries(specs).map(([name, spec]) => {
    const value = shownIn(spec, Object.hasOwn(given, name) ? given[name] : undefined) ?? spec.byDefault;
    const hint = hintOf(spec);
    return {
      name,
      title: spec.title ?? name,
      type: spec.type,
      options: spec.type === 'enum' ? [...new Set(spec.options)] : [],
      ...(value === undefined ? {} : { value }),
      required: spec.required && spec.byDefault === undefined,
      hasDefault: spec.byDefault !== undefined,
      ...(spec.type === 'text' && spec.pattern !== undefined ? { pattern: spec.pattern } : {}),
      ...(hint === undefined ? {} : { hint }),
    };
  });
}

function shownIn(spec: InputSpec, given: string | undefined): string | undefined {
  if (given === undefined || spec.type === 'text') return given;
  const read = readInputs({ one: spec }, { one: given });
  return read.kind === 'read' ? read.inputs['one'] : undefined;
}

function hintOf(spec: InputSpec): string | undefined {
  if (spec.type !== 'text') return undefined;
  const form = spec.pattern === undefined ? [] : [`Of the form ${spec.pattern}`];
  const parts = [...form, ...(spec.example === undefined ? [] : [`e.g. ${spec.example}`])];
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** What was filled in of the inputs of any service, by name; empty fields are left out. */
export function filledInputs(fields: Given): Given {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) => {
      const name = inputOfField(field);
      return name === undefined || tidy(value) === '' ? [] : [[name, value]];
    }),
  );
}

/** What is wrong with the inputs on a target, by field. */
export function inputErrors(service: Service, environment: string, given: Given): Given {
  const specs = service.targets[environment]?.inputs ?? {};
  const read = readInputs(specs, given);
  if (read.kind === 'read') return {};
  return Object.fromEntries(
    read.refusals.map(({ name, refusal: { code, sentence, next } }) => [
      inputField(name),
      code === 'missing-input'
        ? specs[name]?.type === 'text'
          ? 'Fill this in.'
          : 'Choose one.'
        : `${sentence} ${next}`.replaceAll('`', ''),
    ]),
  );
}
