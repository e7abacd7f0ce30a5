import type { Catalog } from '../src/domain/catalog.ts';
import { type Account, type People, type Person, personOf, sameHuman } from '../src/domain/person.ts';
import type { ChatPlatform } from '../src/ports/chat.ts';
import { PortFailure } from '../src/ports/failure.ts';
import type { Log } from '../src/ports/log.ts';

/**
 * Who is behind an account: by the configuration or a link, else by the e-mail address that the platform has verified. What the
 * platform cannot be asked stays unknown, so that nobody countersigns by mistake.
 */
export function identifier(
  catalog: () => Catalog,
  chats: ReadonlyMap<string, ChatPlatform>,
  log: Log,
): (account: Account) => Promise<Person> {
  return async (account) => {
    const person = personOf(catalog().people, account);
    const profile = chats.get(account.system)?.profile;
    if (profile === undefined) return person;
    try {
      const { email, name, external } = await profile(account);
      const { people } = catalog();
      if (person.known) return email === undefined || external ? person : withAddress(people, person, email);
      const named = { ...person, name };
      if (email === undefined || external) return named;
      const found = personOf(people, { system: 'email', id: email });
      return found.known ? { ...found, accounts: [...found.accounts, account] } : named;
    } catch (error) {
      if (!(error instanceof PortFailure)) throw error;
      log.warn({ account: account.id, error: error.message }, 'a profile could not be read');
      return person;
    }
  };
}

/**
 * Commits under an address that the platform has verified are this person's too, even if the configuration does not list it: without
 * this, authors could approve their own work. It only takes rights away, so an address that is somebody else's is left alone.
 */
function withAddress(people: People, person: Person, email: string): Person {
  const address = { system: 'email', id: email };
  const owner = personOf(people, address);
  return owner.known || sameHuman(owner, person) ? person : { ...person, accounts: [...person.accounts, address] };
}
