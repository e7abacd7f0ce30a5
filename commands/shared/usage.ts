import { AUDIENCES } from '../../src/domain/catalog.ts';
import type { CommandSpec, Flag, Form, Slot } from './spec.ts';

/** Other words for audiences that people may type behind `mode:`. */
export const MODE_WORDS = ['engineering', 'card', 'line', 'broadcast', 'digest'] as const;
/** `card` is what people call the engineers' message. */
export function audienceOf(word: string): (typeof AUDIENCES)[number] | undefined {
  return word === 'card' ? 'engineering' : AUDIENCES.find((one) => one === word);
}

/** How a command is typed, one line per form, e.g. `rollback <service> <env> [to <ref|D-1042>] [--reason "…"]`. */
export function usageLines(spec: CommandSpec): readonly string[] {
  const flags = spec.flags.map(flagUsage);
  return spec.forms.map((form) => [...(spec.verbless ? [] : [spec.name]), ...form.map(slotUsage), ...flags].join(' '));
}

/** The same on one line. */
export function usageOf(spec: CommandSpec): string {
  return usageLines(spec).join('  |  ');
}

function flagUsage({ name, field, value }: Flag): string {
  if (field === 'inputs') return `[--${name} ${value}]...`;
  return value === undefined ? `[--${name}]` : `[--${name} ${value}]`;
}

function slotUsage(slot: Slot): string {
  const filler = slot.filler === undefined ? '' : `[${slot.filler}] `;
  return filler + (slot.needed ? neededUsage(slot) : `[${optionalUsage(slot)}]`);
}

function neededUsage(slot: Slot): string {
  if (slot.kind === 'deployment') return slot.label;
  if (slot.kind === 'service-refs') return `<${slot.label}>[@<ref>]...`;
  return slot.kind === 'service-ref' ? `<${slot.label}>[@<ref>]` : `<${slot.label}${slot.every === true ? '|*' : ''}>`;
}

function optionalUsage(slot: Slot): string {
  if (slot.kind === 'to') return 'to <ref|D-1042>';
  if (slot.kind === 'mode') return `mode:${MODE_WORDS.join('|')}`;
  return slot.kind === 'count' ? `${slot.label}<=${slot.max ?? ''}` : slot.label;
}

/** What a chat platform shows beside the command while somebody types it (Slack: at most 1,000 characters). */
export function usageHint(commands: readonly CommandSpec[]): string {
  const verbless = commands
    .filter((spec) => spec.verbless)
    .flatMap((spec) => spec.forms.map((form) => slotsUsage(form)));
  const verbs = commands.filter((spec) => !spec.verbless).map((spec) => spec.name);
  return [...verbless, ...verbs].join(' | ');
}

function slotsUsage(form: Form): string {
  return form.map(slotUsage).join(' ');
}
