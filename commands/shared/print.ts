import { inputFlags, inQuotes } from '../../src/domain/quoted.ts';
import { asWord } from './faults.ts';
import { deploymentId } from './names.ts';
import { spanTyped } from './span.ts';
import type { Args, CommandSpec, Field, Form, Slot } from './spec.ts';
import { isFlag, wordsOf } from './words.ts';

/**
 * The line that is read back as this very command.
 * @throws RangeError when no form of the command holds these arguments: a bug of ours
 */
export function print(spec: CommandSpec, args: Args): string {
  const flagged: readonly Field[] = spec.flags.map(({ field }) => field);
  const given = (Object.keys(args) as Field[]).filter((field) => args[field] !== undefined && !flagged.includes(field));
  const form = spec.forms.find((one) => holds(one, given));
  if (form === undefined) throw new RangeError(`No form of "${spec.name}" holds ${given.join(', ')}.`);
  const slots = form.map((slot) => printSlot(spec, slot, args)).filter((text) => text !== undefined);
  const flags = spec.flags
    .map(({ name, field }) =>
      field === 'inputs'
        ? inputFlags(args.inputs ?? {}) || undefined
        : printFlag(name, field === 'forMs' && args.forMs !== undefined ? spanTyped(args.forMs) : args[field]),
    )
    .filter((text) => text !== undefined);
  // Words run to the first flag that the command knows.
  return [spec.name, ...slots, ...flags].join(' ');
}

function holds(form: Form, given: readonly Field[]): boolean {
  const fields: Field[] = form.flatMap((slot) =>
    slot.kind === 'service-ref' ? [slot.field, 'ref' as const] : [slot.field],
  );
  const needed = form.filter((slot) => slot.needed).map((slot) => slot.field);
  return given.every((field) => fields.includes(field)) && needed.every((field) => given.includes(field));
}

function printSlot(spec: CommandSpec, slot: Slot, args: Args): string | undefined {
  const value = args[slot.field];
  if (value === undefined) return undefined;
  switch (slot.kind) {
    case 'service-ref':
      return asWord(args.ref === undefined ? String(value) : `${value}@${args.ref}`);
    case 'service-refs':
      return (args.services ?? [])
        .map(({ service, ref }) => asWord(ref === undefined ? service : `${service}@${ref}`))
        .concat('to')
        .join(' ');
    case 'service':
    case 'environment':
    case 'word':
      return asWord(String(value));
    case 'words':
      return printWords(spec, String(value));
    case 'mode':
      return `mode:${value}`;
    case 'to':
      return `to ${deploymentId(String(value)) === value ? value : asWord(String(value))}`;
    case 'scope':
    case 'deployment':
    case 'count':
      return String(value);
  }
}

/** A quote in the words and one behind a later flag must not find each other. */
const QUOTES = /["'\u201C\u201D\u201E\u201F\u00AB\u00BB\u2033\uFF02\u2018\u2019\u201A\u201B\u2032\uFF07]/;

/** Words stay as they are unless their beginning would be read as a quote or a flag, or a flag of the command would end them. */
function printWords({ flags }: CommandSpec, text: string): string {
  const words = wordsOf(text);
  const flagged = flags.length > 0 && (QUOTES.test(text) || words.some((word) => isFlag(word.text)));
  return words[0]?.quoted === true || isFlag(text) || flagged ? inQuotes(text) : text;
}

function printFlag(name: string, value: Args[Field]): string | undefined {
  if (value === undefined || value === false) return undefined;
  return value === true ? `--${name}` : `--${name} ${inQuotes(String(value))}`;
}
