import { type Audience, CADENCES, type Catalog, MOMENTS, type SubscriptionTerms } from '../../src/domain/catalog.ts';
import type { Person } from '../../src/domain/person.ts';
import { KINDS } from '../../src/domain/plan.ts';
import { type Refusal, refusal } from '../../src/domain/refusal.ts';
import { listed, shown } from './faults.ts';
import type { Args, Flag } from './spec.ts';

/** The flags of `subscribe`. Several words go behind one flag with commas between them. */
export const TERM_FLAGS: readonly Flag[] = [
  { name: 'cadence', field: 'cadence', value: CADENCES.join('|') },
  { name: 'events', field: 'events', value: 'started,failed' },
  { name: 'refs', field: 'refs', value: 'main,release' },
  { name: 'people', field: 'people', value: 'anna,ben' },
  { name: 'kinds', field: 'kinds', value: 'hotfix' },
];

/** What a subscription is narrowed down to; or all that is wrong with the words behind its flags. */
export type TermsRead =
  | { readonly kind: 'read'; readonly terms: SubscriptionTerms }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/** Reads the words behind the flags of `subscribe`. Nothing is guessed: a word that means nothing is refused with those that do. */
export function termsOf(
  args: Pick<Args, 'cadence' | 'events' | 'refs' | 'people' | 'kinds'>,
  audience: Audience,
  catalog: Catalog,
): TermsRead {
  const refusals: Refusal[] = [];
  const heed = <Value>(read: Refusal | Value): Value | undefined => {
    if (!isRefusal(read)) return read;
    refusals.push(read);
    return undefined;
  };
  const given = <Value>(typed: string | undefined, read: (typed: string) => Refusal | Value) =>
    typed === undefined ? undefined : heed(read(typed));
  const cadence = given(args.cadence, (typed) => cadenceOf(typed, audience));
  const moments = given(args.events, (typed) => chosen('events', typed, MOMENTS));
  const refs = given(args.refs, (typed) => wordsIn('refs', typed));
  const people = given(args.people, (typed) => peopleOf(typed, catalog.people.all));
  const kinds = given(args.kinds, (typed) => chosen('kinds', typed, KINDS));
  if (refusals.length > 0) return { kind: 'refused', refusals };
  return {
    kind: 'read',
    terms: {
      ...(cadence === undefined ? {} : { cadence }),
      ...(moments === undefined ? {} : { moments }),
      ...(refs === undefined ? {} : { refs }),
      ...(people === undefined ? {} : { people }),
      ...(kinds === undefined ? {} : { kinds }),
    },
  };
}

function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'code' in value;
}

function cadenceOf(typed: string, audience: Audience): Refusal | (typeof CADENCES)[number] {
  const found = CADENCES.find((one) => one === typed.toLowerCase());
  if (found === undefined) return unknown('cadence', typed, CADENCES);
  if (audience === 'digest') return found;
  return refusal('bad-arguments', 'Only a digest comes at a cadence.', 'Add `mode:digest`, or leave `--cadence` out.');
}

function chosen<Word extends string>(name: string, typed: string, known: readonly Word[]): Refusal | readonly Word[] {
  const words = wordsIn(name, typed.toLowerCase());
  if (isRefusal(words)) return words;
  const odd = words.find((word) => !known.some((one) => one === word));
  return odd === undefined ? known.filter((one) => words.includes(one)) : unknown(name, odd, known);
}

/** Ids of people, who may also be typed by name or with an @ before it. An id wins over another one's name. */
function peopleOf(typed: string, all: readonly Person[]): Refusal | readonly string[] {
  const words = wordsIn('people', typed);
  if (isRefusal(words)) return words;
  const found: string[] = [];
  for (const word of words) {
    const wish = word.replace(/^@/, '').toLowerCase();
    const named = all.filter(({ name }) => name.toLowerCase() === wish);
    const person = all.find(({ id }) => id.toLowerCase() === wish) ?? (named.length === 1 ? named[0] : undefined);
    if (person === undefined)
      return unknown(
        'people',
        word,
        all.map(({ id }) => id),
      );
    found.push(person.id);
  }
  return [...new Set(found)];
}

function wordsIn(name: string, typed: string): Refusal | readonly string[] {
  const words = [...new Set(typed.split(',').map((word) => word.trim()))].filter((word) => word !== '');
  if (words.length > 0) return words;
  const example = TERM_FLAGS.find((flag) => flag.name === name)?.value ?? '';
  return refusal('bad-arguments', `--${name} names nothing.`, `Type it like this: \`--${name} ${example}\`.`);
}

function unknown(name: string, typed: string, known: readonly string[]): Refusal {
  const next = known.length === 0 ? 'The configuration names nobody yet.' : `Known: ${listed(known)}.`;
  return refusal('bad-arguments', `${shown(typed)} means nothing behind --${name}.`, next);
}
