import type { Catalog, Service } from '../../src/domain/catalog.ts';
import { inQuotes } from '../../src/domain/quoted.ts';
import { type Refusal, refusal } from '../../src/domain/refusal.ts';
import { clip } from '../../src/domain/text.ts';
import { environmentsOf, idTyped, nearest } from './names.ts';
import type { CommandSpec, Slot } from './spec.ts';
import { MODE_WORDS, usageOf } from './usage.ts';
import { LINE_LIMIT, type Word } from './words.ts';

/** Something in a line that cannot be obeyed, and what could stand there instead. */
export interface Fault {
  readonly refusal: Refusal;
  /** Nothing was said, so a form can ask for it; what was said wrongly is a different matter. */
  readonly missing?: boolean;
  /** Stretch of the line that the candidates would replace; empty stretches take an insertion. */
  readonly span?: { readonly start: number; readonly end: number };
  readonly candidates?: readonly string[];
}

/** What somebody typed, short enough to be shown back. */
export function shown(text: string): string {
  return `"${clip(text, 60)}"`;
}

/** Names in a sentence; a long list ends with how many more there are. */
export function listed(names: readonly string[], most = 10): string {
  const more = names.length - most;
  return names.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

export function tooLong(length: number): Refusal {
  const sentence = `A command has at most ${LINE_LIMIT} characters; this one has ${length}.`;
  return refusal('bad-arguments', sentence, 'Shorten it, or use the form, which has room for a long reason.');
}

/** A name as it can stand in a line: in quotes where it could be read as something else. */
export function asWord(name: string): string {
  return /^[\p{L}\p{N}*][^\s"']*$/u.test(name) && idTyped(name) === undefined ? name : inQuotes(name);
}

export function unknownService(catalog: Catalog, name: string, word: Word, ref?: string): Fault {
  const services = Object.values(catalog.services);
  const known =
    services.length === 0 ? 'No service is configured yet.' : `Known: ${listed(services.map(({ id }) => id))}.`;
  const suffix = ref === undefined ? '' : `@${ref}`;
  return {
    refusal: refusal('unknown-service', `There is no service ${shown(name)}.`, `${known} \`services\` shows them all.`),
    span: word,
    candidates: nearest(name, services).map((id) => asWord(`${id}${suffix}`)),
  };
}

export function unknownEnvironment(catalog: Catalog, service: Service | undefined, word: Word): Fault {
  const known = environmentsOf(catalog, service);
  const sentence =
    service === undefined
      ? `There is no environment ${shown(word.text)}.`
      : `${service.id} has no environment ${shown(word.text)}.`;
  return {
    refusal: refusal('unknown-environment', sentence, `Known: ${listed(known.map(({ id }) => id))}.`),
    span: word,
    candidates: nearest(word.text, known).map(asWord),
  };
}

/** The first word of a line is neither a command nor a service. */
export function unknownFirst(catalog: Catalog, commands: readonly CommandSpec[], word: Word, isTarget: boolean): Fault {
  const [name, ref] = splitOnce(word.text, '@');
  const services = Object.values(catalog.services);
  const verbs = commands.map((spec) => ({ id: spec.name, aliases: spec.aliases }));
  const isVerb = (id: string) => verbs.some((verb) => verb.id === id.toLowerCase());
  const named = ref === undefined ? [...verbs, ...services.filter(({ id }) => !isVerb(id))] : services;
  const candidates = nearest(name, named).map((id) => {
    if (ref === undefined) return isVerb(id) ? id : asWord(id);
    // A service that bears a verb's name is reached behind `run`.
    return `${isVerb(id) ? 'run ' : ''}${asWord(`${id}@${ref}`)}`;
  });
  const known = `\`help\` shows the commands, \`services\` the services${services.length === 0 ? '' : ` (${listed(services.map(({ id }) => id))})`}.`;
  const found = isTarget
    ? refusal('unknown-service', `There is no service ${shown(name)}.`, known)
    : refusal('unknown-command', `There is no command or service ${shown(name)}.`, known);
  return { refusal: found, span: word, candidates };
}

export function unknownFlag(spec: CommandSpec, word: Word): Fault {
  const names = spec.flags.map(({ name }) => name);
  const known =
    names.length === 0 ? `\`${spec.name}\` takes none` : `Known: ${names.map((name) => `--${name}`).join(', ')}`;
  return {
    refusal: refusal(
      'bad-arguments',
      `There is no flag ${shown(word.text)}.`,
      `${known}; words that begin with dashes go into quotes.`,
    ),
    span: word,
    candidates: [],
  };
}

export function flagFault(sentence: string, next: string): Fault {
  return { refusal: refusal('bad-arguments', sentence, next) };
}

export function unclosed(word: Word): Fault {
  return {
    refusal: refusal(
      'bad-arguments',
      `The quote before ${shown(word.text)} is not closed.`,
      'Put a quote behind its last word too.',
    ),
  };
}

export function extra(spec: CommandSpec, word: Word): Fault {
  const quotes = spec.flags.some(({ field }) => field === 'reason')
    ? ' A reason of several words goes into quotes.'
    : '';
  const next = `Type it like this: \`${usageOf(spec)}\`.${quotes}`;
  return { refusal: refusal('bad-arguments', `It is not clear what ${shown(word.text)} means here.`, next) };
}

export function noDeployment(word: Word): Fault {
  const next = 'An id looks like D-1042; `list` shows what is open, `history` what has ended.';
  return { refusal: refusal('unknown-deployment', `${shown(word.text)} is no id of a deployment.`, next) };
}

export function badCount(word: Word, max: number): Fault {
  const next = `Give a number from 1 to ${max}.`;
  return {
    refusal: refusal('bad-arguments', `${shown(word.text)} is not a number that can be shown.`, next),
    span: word,
    candidates: [],
  };
}

export function badMode(word: Word): Fault {
  const typed = word.text.replace(/^mode:/i, '');
  const known = MODE_WORDS.map((id) => ({ id, aliases: [] }));
  return {
    refusal: refusal(
      'bad-arguments',
      `There is no mode ${shown(typed)}.`,
      `Known: ${MODE_WORDS.map((mode) => `mode:${mode}`).join(', ')}.`,
    ),
    span: word,
    candidates: nearest(typed, known).map((mode) => `mode:${mode}`),
  };
}

/** A needed argument was not given. `end`: where the line could go on. */
export function missing(
  spec: CommandSpec,
  slot: Slot,
  catalog: Catalog,
  service: Service | undefined,
  end: number,
): Fault {
  const next = `Type it like this: \`${usageOf(spec)}\`.`;
  if (slot.kind === 'words') {
    return {
      missing: true,
      refusal: refusal('missing-reason', `\`${spec.name}\` needs a reason that others can read later.`, next),
    };
  }
  if (slot.kind !== 'environment') {
    const what = slot.kind === 'deployment' ? 'the id of a deployment' : `the ${slot.label}`;
    return { missing: true, refusal: refusal('bad-arguments', `\`${spec.name}\` needs ${what}.`, next) };
  }
  const environments = environmentsOf(catalog, service).map(({ id }) => id);
  return {
    missing: true,
    refusal: refusal(
      'missing-environment',
      'It was not said which environment.',
      `Known: ${listed(environments)}. ${next}`,
    ),
    span: { start: end, end },
    candidates: service === undefined ? [] : environments.slice(0, 3).map((id) => ` ${asWord(id)}`),
  };
}

/** Splits at the first sign only: a ref may hold further ones. */
export function splitOnce(text: string, sign: string): readonly [string, string?] {
  const at = text.indexOf(sign);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
