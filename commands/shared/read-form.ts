import type { Catalog, Service } from '../../src/domain/catalog.ts';
import * as faults from './faults.ts';
import { spanBehind, wordsEnd } from './flags.ts';
import { inputBehind } from './input-flag.ts';
import { deploymentId, findEnvironment, findService, idTyped } from './names.ts';
import * as scopes from './scopes.ts';
import { endsServices, serviceValue } from './service-value.ts';
import type { Args, CommandSpec, Flag, Form, Slot } from './spec.ts';
import { isSpoken, spokenBehind, switchOf } from './spoken.ts';
import { audienceOf } from './usage.ts';
import { flagOf, isFlag, tidy, type Word } from './words.ts';

/** What was understood of a line, and what was not. */
export interface FormReading {
  readonly args: Args;
  readonly faults: readonly faults.Fault[];
}

interface Reader {
  readonly spec: CommandSpec;
  readonly catalog: Catalog;
  readonly line: string;
  readonly words: readonly Word[];
  /** The next word to read. */
  at: number;
  args: Args;
  readonly faults: faults.Fault[];
}

/** Reads the words behind the verb into the slots of a form. All that is wrong is told, not only the first. */
export function readForm(
  spec: CommandSpec,
  form: Form,
  source: { catalog: Catalog; line: string; words: readonly Word[] },
): FormReading {
  const reader: Reader = { ...source, spec, at: 0, args: {}, faults: [] };
  for (const [index, slot] of form.entries()) {
    readFlags(reader);
    skipFiller(reader, slot);
    readFlags(reader);
    const word = reader.words[reader.at];
    if (word === undefined) {
      if (slot.needed)
        reader.faults.push(faults.missing(spec, slot, reader.catalog, serviceOf(reader), reader.line.length));
      continue;
    }
    const later = form.slice(index + 1);
    if (!slot.needed && !fits(reader, slot, word) && later.some((one) => fits(reader, one, word))) continue;
    readSlot(reader, slot, word);
  }
  readFlags(reader);
  const rest = reader.words[reader.at];
  if (rest !== undefined) reader.faults.push(faults.extra(spec, rest));
  return { args: reader.args, faults: reader.faults };
}

function serviceOf({ args, catalog }: Reader): Service | undefined {
  return args.service === undefined || args.service === '*' ? undefined : catalog.services[args.service];
}

function skipFiller(reader: Reader, slot: Slot): void {
  const word = reader.words[reader.at];
  if (slot.filler !== undefined && word?.quoted === false && word.text.toLowerCase() === slot.filler) reader.at += 1;
}

/** Flags may stand between any two arguments. */
function readFlags(reader: Reader): void {
  for (let word = reader.words[reader.at]; word !== undefined; word = reader.words[reader.at]) {
    const flag = word.quoted ? undefined : flagOf(word.text);
    if (flag === undefined) return;
    reader.at += 1;
    readFlag(reader, word, flag);
  }
}

function readFlag(reader: Reader, word: Word, flag: { readonly name: string; readonly value?: string }): void {
  const known = reader.spec.flags.find(({ name }) => name === flag.name);
  if (known === undefined) {
    reader.faults.push(faults.unknownFlag(reader.spec, word));
    return;
  }
  const again = known.field !== 'inputs' && Object.hasOwn(reader.args, known.field);
  const value = flagValue(reader, known, word, flag.value);
  if (again) reader.faults.push(faults.flagFault(`--${known.name} is given twice.`, 'Give it once.'));
  else if (isFault(value)) reader.faults.push(value);
  else reader.args = { ...reader.args, [known.field]: value };
}

function flagValue(reader: Reader, known: Flag, word: Word, value: string | undefined) {
  if (known.field === 'inputs') return inputBehind(word, value, follower(reader, value), reader.args.inputs);
  if (known.field === 'forMs') return spanBehind(known.name, value ?? follower(reader, value)?.text ?? '');
  if (isSpoken(known.field)) return spokenBehind(known, word, value, follower(reader, value));
  return switchOf(known.name, value);
}

/** Values of inputs are texts, so that none of them can be taken for a fault. */
function isFault(value: unknown): value is faults.Fault {
  return typeof value === 'object' && value !== null && 'refusal' in value && typeof value.refusal === 'object';
}

/** The word behind a flag that has no value of its own; it is then used up. */
function follower(reader: Reader, value: string | undefined): Word | undefined {
  const next = reader.words[reader.at];
  if (value !== undefined || next === undefined || startsFlag(next)) return undefined;
  reader.at += 1;
  return next;
}

function startsFlag(word: Word): boolean {
  return !word.quoted && isFlag(word.text);
}

/** Could this word be meant for this slot? Asked only to pass over optional slots. */
function fits({ catalog }: Reader, slot: Slot, { text, quoted }: Word): boolean {
  switch (slot.kind) {
    case 'service':
    case 'service-ref':
    case 'service-refs':
      return findService(catalog, faults.splitOnce(text, '@')[0]) !== undefined;
    case 'scope':
      return scopes.isWide(catalog, { text, quoted, start: 0, end: 0, unclosed: false });
    case 'environment':
      return findEnvironment(catalog, text) !== undefined;
    case 'deployment':
      return !quoted && idTyped(text) !== undefined;
    case 'count':
      return !quoted && /^\d+$/.test(text);
    case 'mode':
      return !quoted && /^mode:/i.test(text);
    case 'to':
      return !quoted && text.toLowerCase() === 'to';
    case 'word':
    case 'words':
      return true;
  }
}

function readSlot(reader: Reader, slot: Slot, word: Word): void {
  if (slot.kind === 'words') {
    readWords(reader, slot, word);
    return;
  }
  if (slot.kind === 'service-refs') {
    readServices(reader, slot, word);
    return;
  }
  if (slot.kind === 'to' && !fits(reader, slot, word)) return;
  reader.at += 1;
  if (word.unclosed) {
    reader.faults.push(faults.unclosed(word));
    return;
  }
  const read = valueIn(reader, slot, word);
  if ('refusal' in read) reader.faults.push(read);
  else reader.args = { ...reader.args, ...read };
}

/** Services one after the other, up to `to` or to what is an environment and no service. Each that is unknown is told. */
function readServices(reader: Reader, slot: Slot, first: Word): void {
  const services: { readonly service: string; readonly ref?: string }[] = [];
  for (
    let word: Word | undefined = first;
    word !== undefined && !endsServices(reader.catalog, word, reader.words.slice(reader.at + 1));
    word = nextWord(reader)
  ) {
    reader.at += 1;
    const read = word.unclosed
      ? faults.unclosed(word)
      : serviceValue(reader.catalog, { ...slot, kind: 'service-ref' }, word);
    if ('refusal' in read) reader.faults.push(read);
    else services.push({ service: read.service ?? '', ...(read.ref === undefined ? {} : { ref: read.ref }) });
  }
  reader.args = { ...reader.args, services };
}

function nextWord(reader: Reader): Word | undefined {
  readFlags(reader);
  return reader.words[reader.at];
}

/** The rest of the line as it was typed; quotes around all of it are not part of it. */
function readWords(reader: Reader, slot: Slot, word: Word): void {
  const end = wordsEnd(reader.spec, reader.words, reader.at);
  const alone = reader.at === end - 1;
  const text =
    alone && word.quoted && !word.unclosed ? word.text : reader.line.slice(word.start, reader.words[end]?.start);
  reader.at = end;
  const value = tidy(text);
  if (value !== '') reader.args = { ...reader.args, [slot.field]: value };
  else if (slot.needed)
    reader.faults.push(faults.missing(reader.spec, slot, reader.catalog, undefined, reader.line.length));
}

function valueIn(reader: Reader, slot: Slot, word: Word): Args | faults.Fault {
  const { text, quoted } = word;
  switch (slot.kind) {
    case 'service':
    case 'service-ref':
    case 'service-refs':
      return serviceValue(reader.catalog, slot, word);
    case 'scope':
      return scopes.scopeValue(reader.catalog, word);
    case 'environment':
      return environmentValue(reader, slot, word);
    case 'deployment': {
      const id = quoted ? undefined : idTyped(text);
      return id === undefined ? faults.noDeployment(word) : { deployment: id };
    }
    case 'count': {
      const max = slot.max ?? 1;
      const count = !quoted && /^\d{1,4}$/.test(text) ? Number(text) : 0;
      return count >= 1 && count <= max ? { count } : faults.badCount(word, max);
    }
    case 'mode': {
      const mode = /^mode:/i.test(text) ? audienceOf(text.slice('mode:'.length).toLowerCase()) : undefined;
      return mode === undefined ? faults.badMode(word) : { mode };
    }
    case 'to':
      return toValue(reader);
    case 'word':
    case 'words':
      return { [slot.field]: text };
  }
}

function environmentValue(reader: Reader, slot: Slot, word: Word): Args | faults.Fault {
  if (slot.every === true && word.text === '*') return { environment: '*' };
  const service = serviceOf(reader);
  const environment = findEnvironment(reader.catalog, word.text);
  const there = environment !== undefined && (service === undefined || Object.hasOwn(service.targets, environment.id));
  return there ? { environment: environment.id } : faults.unknownEnvironment(reader.catalog, service, word);
}

function toValue(reader: Reader): Args | faults.Fault {
  const word = reader.words[reader.at];
  if (word === undefined)
    return faults.flagFault(
      'Nothing stands behind "to".',
      'Name a deployment (D-1042), a ref or a commit that ran there before.',
    );
  reader.at += 1;
  if (word.unclosed) return faults.unclosed(word);
  return { to: word.quoted ? word.text : (idLike(word.text) ?? word.text) };
}

/** A bare number, or a d with many digits, could be the beginning of a commit: only what is clearly an id is taken for one. */
function idLike(text: string): string | undefined {
  return /^d?\d{7,}$|^\d+$/i.test(text) ? undefined : deploymentId(text);
}
