import type { Catalog } from '../../src/domain/catalog.ts';
import type { Account, Person } from '../../src/domain/person.ts';
import { type Refusal, refusal } from '../../src/domain/refusal.ts';
import { clip } from '../../src/domain/text.ts';
import { nearest } from './names.ts';

/** A person that was named, and the words behind the name. */
export interface NamedPerson {
  readonly person: Person;
  readonly rest: string;
}

/** No name has more words. */
const MOST_WORDS = 6;

/**
 * Finds the person that a text begins with: by id, by name, by e-mail address, or as the chats hand a mention over (`@U0123456`,
 * `@anna`, the name alone). Upper and lower case are the same; the longest name wins.
 * @param near an account of whoever typed it: ids of their chat are understood in their workspace only
 */
export function findPerson({ people }: Catalog, text: string, near: Account): NamedPerson | Refusal {
  const quoted = /^"([^"]+)"\s*(.*)$/s.exec(text);
  const words = quoted === null ? text.split(/\s+/) : [quoted[1] ?? ''];
  for (let many = Math.min(words.length, MOST_WORDS); many > 0; many -= 1) {
    const typed = words.slice(0, many).join(' ').replace(/^@/, '').replace(/,$/, '').toLowerCase();
    const found = people.all.filter((person) => isCalled(person, typed, near));
    const rest = quoted === null ? words.slice(many).join(' ') : (quoted[2] ?? '');
    if (found[0] !== undefined && found.length === 1) return { person: found[0], rest };
    if (found.length > 1) {
      const sentence = `More than one person is called "${clip(typed, 60)}".`;
      return refusal('delegate-unknown', sentence, `Name one by id: ${found.map(({ id }) => id).join(', ')}.`);
    }
  }
  return unknown(people.all, words[0]?.replace(/^@/, '') ?? '');
}

function isCalled({ id, name, accounts }: Person, typed: string, near: Account): boolean {
  if (id.toLowerCase() === typed || name.toLowerCase() === typed) return true;
  return accounts.some((own) => {
    const here = own.system === near.system && (own.tenant === undefined || own.tenant === near.tenant);
    return (here || own.system === 'email') && own.id.toLowerCase() === typed;
  });
}

function unknown(all: readonly Person[], typed: string): Refusal {
  const named = all.map(({ id, name }) => ({ id, aliases: [name, ...name.split(' ')] }));
  const near = nearest(typed, named);
  const next =
    near.length === 0 ? 'Name somebody of the configuration by id or name.' : `Did you mean ${near.join(' or ')}?`;
  return refusal('delegate-unknown', `Nobody here is known as "${clip(typed, 60)}".`, next);
}
