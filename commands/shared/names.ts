import { distance } from 'fastest-levenshtein';
import type { Catalog, Environment, Service } from '../../src/domain/catalog.ts';

/** Something that people call by an id or an alias. */
export interface Named {
  readonly id: string;
  readonly aliases: readonly string[];
}

/** The one of this name; upper and lower case are the same, and an id wins over another one's alias. */
export function findNamed<T extends Named>(all: readonly T[], typed: string): T | undefined {
  const word = typed.toLowerCase();
  return (
    all.find(({ id }) => id.toLowerCase() === word) ??
    all.find(({ aliases }) => aliases.some((alias) => alias.toLowerCase() === word))
  );
}

export function findService({ services }: Catalog, typed: string): Service | undefined {
  return findNamed(Object.values(services), typed);
}

export function findEnvironment({ environments }: Catalog, typed: string): Environment | undefined {
  return findNamed(Object.values(environments), typed);
}

/** On the road to production. */
export function environmentsOf(catalog: Catalog, service?: Service): readonly Environment[] {
  return Object.values(catalog.environments)
    .filter(({ id }) => service === undefined || Object.hasOwn(service.targets, id))
    .sort((one, other) => one.order - other.order);
}

/** `D-1042`, `d1042`, `#1042` and `1042` are one id; nothing when it is none. */
export function deploymentId(typed: string): string | undefined {
  const number = /^(?:d[-\u2010-\u2015\u2212]?|#)?0*([1-9]\d{0,8})$/i.exec(typed)?.[1];
  return number === undefined ? undefined : `D-${number}`;
}

/** `T-7`, also in small letters; nothing when it is no id of a train. A bare number is a deployment's. */
function trainTyped(typed: string): string | undefined {
  const number = /^t[-\u2010-\u2015\u2212]0*([1-9]\d{0,8})$/i.exec(typed)?.[1];
  return number === undefined ? undefined : `T-${number}`;
}

/** What an id may stand for in a line: a deployment, or a train of them. */
export function idTyped(typed: string): string | undefined {
  return deploymentId(typed) ?? trainTyped(typed);
}

/** How many mistakes of typing may lie between a word and the name it was meant to be. */
const MISTAKES = 2;

/** At most three names that may have been meant, the nearest first: little mistakes, swapped letters, beginnings, aliases. */
export function nearest(typed: string, all: readonly Named[], limit = 3): readonly string[] {
  const word = typed.toLowerCase();
  if (word === '') return [];
  return all
    .map(({ id, aliases }) => ({
      id,
      far: Math.min(...[id, ...aliases].map((name) => farness(word, name.toLowerCase()))),
    }))
    .filter(({ far }) => far <= MISTAKES)
    .sort((one, other) => one.far - other.far || one.id.localeCompare(other.id))
    .slice(0, limit)
    .map(({ id }) => id);
}

/** Mistakes between two words; swapping two neighbours is one. A beginning counts half a mistake. */
function farness(word: string, name: string): number {
  if (word === name) return 0;
  if (word.length >= 2 && (name.startsWith(word) || (name.length >= 2 && word.startsWith(name)))) return 0.5;
  const mistakes = swapped(word, name) ? 1 : distance(word, name);
  // With as many mistakes as letters, nothing of the name is left to recognise.
  return mistakes < Math.max(word.length, name.length) ? mistakes : Number.POSITIVE_INFINITY;
}

function swapped(word: string, name: string): boolean {
  if (word.length !== name.length) return false;
  const at = [...word].findIndex((letter, index) => letter !== name[index]);
  return at >= 0 && word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2) === name;
}
