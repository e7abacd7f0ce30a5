import { asWord } from './faults.ts';
import { deploymentId } from './names.ts';
import type { Args, CommandSpec, Field, Form, Slot } from './spec.ts';
import { inQuotes, isFlag, wordsOf } from './words.ts';

/**
 * The line that is read back as this very command.
 * @throws RangeError when no form of the command holds these arguments: a bug of ours
 */
export function print(spec: CommandSpec, args: Args): string {
  const flagged: readonly Field[] = spec.flags.map(({ field }) => field);
  const given = (Object.keys(args) as Field[]).filter((field) => args[field] !== undefined && !flagged.includes(field));
  const form = spec.forms.find((one) => holds(one, given));
  if (form === undefined) throw new RangeError(`No form of "${spec.name}" holds ${given.join(', ')}.`);
  const slots = form.map((slot) => printSlot(slot, args)).filter((text) => text !== undefined);
  const flags = spec.flags.map(({ name, field }) => printFlag(name, args[field])).filter((text) => text !== undefined);
  // Flags go before a reason that runs to the end of the line; no command has both.
  return [spec.name, ...slots, ...flags].join(' ');
}

function holds(form: Form, given: readonly Field[]): boolean {
  const fields: Field[] = form.flatMap((slot) =>
    slot.kind === 'service-ref' ? [slot.field, 'ref' as const] : [slot.field],
  );
  const needed = form.filter((slot) => slot.needed).map((slot) => slot.field);
  return given.every((field) => fields.includes(field)) && needed.every((field) => given.includes(field));
}

function printSlot(slot: Slot, args: Args): string | undefined {
  const value = args[slot.field];
  if (value === undefined) return undefined;
  switch (slot.kind) {
    case 'service-ref':
      return asWord(args.ref === undefined ? String(value) : `${value}@${args.ref}`);
    case 'service':
    case 'environment':
    case 'word':
      return asWord(String(value));
    case 'words':
      return printWords(String(value));
    case 'mode':
      return `mode:${value}`;
    case 'to':
      return `to ${deploymentId(String(value)) === value ? value : asWord(String(value))}`;
    case 'deployment':
    case 'count':
      return String(value);
  }
}

/** Words stay as they are unless their beginning would be read as a quote or a flag. */
function printWords(text: string): string {
  const quoted = wordsOf(text)[0]?.quoted ?? false;
  return quoted || isFlag(text) ? inQuotes(text) : text;
}

function printFlag(name: string, value: Args[Field]): string | undefined {
  if (value === undefined || value === false) return undefined;
  return value === true ? `--${name}` : `--${name} ${inQuotes(String(value))}`;
}
