import type { Service } from '../../src/domain/catalog.ts';
import { type InputSpecs, shape } from '../../src/domain/inputs.ts';
import { clip, type Text } from '../../src/domain/text.ts';

const SHAPE_SHOWN = 60;

/** ` · takes region=eu|us (required), dry-run=true|false (else false)`; nothing where nothing is handed in. */
export function takesText(specs: InputSpecs = {}): Text {
  const each = Object.entries(specs).map(([name, spec], index): Text => {
    const otherwise = spec.byDefault === undefined ? '' : ` (else ${clip(spec.byDefault, SHAPE_SHOWN)})`;
    const needed = spec.required && spec.byDefault === undefined ? ' (required)' : otherwise;
    const code = { kind: 'code' as const, text: `${name}=${clip(shape(spec), SHAPE_SHOWN)}` };
    return [index === 0 ? ' · takes ' : ', ', code, needed];
  });
  return each.flat();
}

/** Names of all that a service takes in any of its environments. */
export function takenNames({ targets }: Service): readonly string[] {
  return [...new Set(Object.values(targets).flatMap(({ inputs = {} }) => Object.keys(inputs)))];
}
