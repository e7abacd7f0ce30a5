import type { Catalog } from '../../src/domain/catalog.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import { type Fault, splitOnce, tooLong, unknownFirst } from './faults.ts';
import { findEnvironment, findNamed, findService, idTyped } from './names.ts';
import { readForm } from './read-form.ts';
import { isWide } from './scopes.ts';
import type { Args, CommandSpec, Form } from './spec.ts';
import { LINE_LIMIT, normalise, type Word, wordsOf } from './words.ts';

/** What a line can be understood against. */
export interface Vocabulary {
  readonly commands: readonly CommandSpec[];
  readonly catalog: Catalog;
  /** The longest line, in characters. Default: what people may type. */
  readonly limit?: number;
}

export type Parsed =
  | { readonly kind: 'command'; readonly spec: CommandSpec; readonly args: Args }
  /** Not all was said that a request needs, and nothing was said wrongly: the form asks for the rest. */
  | { readonly kind: 'form'; readonly args: Args }
  /** `suggestions` are whole lines that might have been meant. They are offered, never run. */
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[]; readonly suggestions: readonly string[] };

const SUGGESTIONS = 3;

/**
 * Understands a command line. Pure and total: any text gives one of the three answers. The same for what is typed behind the
 * command, said to the bot in a thread, or held by a button.
 */
export function parse(text: string, vocabulary: Vocabulary): Parsed {
  const line = normalise(text);
  if (line.length > (vocabulary.limit ?? LINE_LIMIT))
    return { kind: 'refused', refusals: [tooLong(line.length)], suggestions: [] };
  const words = wordsOf(line);
  const first = words[0];
  if (first === undefined) return { kind: 'form', args: {} };
  const verb = verbOf(first, vocabulary.commands);
  if (verb !== undefined) return understand(verb, { line, words: words.slice(1) }, vocabulary);
  const verbless = vocabulary.commands.find((spec) => spec.verbless);
  const stray = strayFirst(first, words, vocabulary);
  if (stray !== undefined) return refuse(line, [stray]);
  if (verbless === undefined)
    return refuse(line, [unknownFirst(vocabulary.catalog, vocabulary.commands, first, false)]);
  return understand(verbless, { line, words }, vocabulary);
}

function verbOf(word: Word, commands: readonly CommandSpec[]): CommandSpec | undefined {
  if (word.quoted) return undefined;
  const found = findNamed(
    commands.map((spec) => ({ id: spec.name, aliases: spec.aliases, spec })),
    word.text,
  );
  return found?.spec;
}

/**
 * A first word that is neither verb nor service. Where it was most likely a service, the rest of the line is read as well, so that
 * a second mistake is told at once; where it was most likely a verb, the rest means nothing yet.
 */
function strayFirst(first: Word, words: readonly Word[], { catalog, commands }: Vocabulary): Fault | undefined {
  const [name] = splitOnce(first.text, '@');
  if (first.text.startsWith('-') || first.unclosed || findService(catalog, name) !== undefined) return undefined;
  const isTarget = words.some((word) => findEnvironment(catalog, word.text) !== undefined);
  const fault = unknownFirst(catalog, commands, first, isTarget);
  const [best] = fault.candidates ?? [];
  const likelyService = best !== undefined && !commands.some((spec) => spec.name === best);
  return likelyService && words.length > 1 && !isTarget ? undefined : fault;
}

function understand(
  spec: CommandSpec,
  said: { line: string; words: readonly Word[] },
  { catalog }: Vocabulary,
): Parsed {
  const { args, faults } = readForm(spec, formFor(spec, said.words[0], catalog), { ...said, catalog });
  if (faults.length === 0) return { kind: 'command', spec, args };
  const asks = spec.verbless && faults.every((fault) => fault.missing === true);
  if (asks && isHeldByForm(args)) return { kind: 'form', args };
  return refuse(said.line, faults);
}

/** What the form has no field for, or none before the environment is chosen, would be lost there. */
function isHeldByForm({ at, override, inputs, dryRun }: Args): boolean {
  return [at, override, inputs, dryRun].every((said) => said === undefined);
}

/** An id or a scope chooses the form that begins with one. */
function formFor(spec: CommandSpec, word: Word | undefined, catalog: Catalog): Form {
  const wide =
    word !== undefined && isWide(catalog, word) ? spec.forms.find((form) => form[0]?.kind === 'scope') : undefined;
  if (wide !== undefined) return wide;
  const isId = word !== undefined && !word.quoted && idTyped(word.text) !== undefined;
  const byId = (form: Form) => form[0]?.kind === 'deployment';
  const found = isId ? spec.forms.find(byId) : spec.forms.find((form) => !byId(form));
  return found ?? spec.forms[0] ?? [];
}

function refuse(line: string, faults: readonly Fault[]): Parsed {
  return { kind: 'refused', refusals: faults.map((fault) => fault.refusal), suggestions: corrections(line, faults) };
}

/** Whole lines with every fault mended; none when one of them cannot be. */
function corrections(line: string, faults: readonly Fault[]): readonly string[] {
  if (faults.some(({ span, candidates = [] }) => span === undefined || candidates.length === 0)) return [];
  const many = Math.min(SUGGESTIONS, Math.max(...faults.map(({ candidates = [] }) => candidates.length)));
  const lines = Array.from({ length: many }, (_, index) => mended(line, faults, index));
  return [...new Set(lines)].filter((one) => one !== line && one.length <= LINE_LIMIT);
}

function mended(line: string, faults: readonly Fault[], index: number): string {
  const fromBehind = faults.toSorted((one, other) => (other.span?.start ?? 0) - (one.span?.start ?? 0));
  let result = line;
  for (const { span, candidates = [] } of fromBehind) {
    const candidate = candidates[Math.min(index, candidates.length - 1)] ?? '';
    if (span !== undefined) result = result.slice(0, span.start) + candidate + result.slice(span.end);
  }
  return result;
}
