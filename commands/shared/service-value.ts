import type { Catalog } from '../../src/domain/catalog.ts';
import { refusal } from '../../src/domain/refusal.ts';
import * as faults from './faults.ts';
import { findEnvironment, findService } from './names.ts';
import type { Args, Slot } from './spec.ts';
import { isFlag, type Word } from './words.ts';

/** The service of a word, with the ref behind its @ where the slot takes one. */
export function serviceValue(catalog: Catalog, slot: Slot, word: Word): Args | faults.Fault {
  if (slot.every === true && word.text === '*') return { service: '*' };
  const [name, ref] = slot.kind === 'service-ref' ? faults.splitOnce(word.text, '@') : ([word.text] as const);
  const service = findService(catalog, name);
  if (service === undefined) return faults.unknownService(catalog, name, word, ref);
  if (ref === undefined) return { service: service.id };
  if (ref !== '') return { service: service.id, ref };
  return {
    refusal: refusal(
      'unknown-ref',
      `Nothing stands behind the @ of ${service.id}.`,
      `Name a branch, a tag or a commit, e.g. \`${service.id}@${service.defaultRef}\`.`,
    ),
  };
}

/** Does the list of a train's services end before this word: at `to`, or at an environment? `rest`: the words behind it. */
export function endsServices(catalog: Catalog, { text, quoted }: Word, rest: readonly Word[]): boolean {
  if (!quoted && text.toLowerCase() === 'to') return true;
  if (findEnvironment(catalog, text) === undefined) return false;
  const last = rest.every((word) => !word.quoted && isFlag(word.text));
  return last || findService(catalog, faults.splitOnce(text, '@')[0]) === undefined;
}
