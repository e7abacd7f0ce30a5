import type { Catalog } from '../../../src/domain/catalog.ts';
import { type Account, type Person, personOf } from '../../../src/domain/person.ts';
import { CONSOLE } from './chat.ts';

/** Somebody one can be in the console. */
export interface Viewer {
  readonly account: Account;
  readonly person: Person;
  /** Groups the configuration puts the person in, in words. */
  readonly hint: string;
}

export const COOKIE = 'countersign_as';

/** Everybody with a console account, and a guest whom no configuration speaks of. */
export function viewers(catalog: Catalog): readonly Viewer[] {
  const accounts = catalog.people.all.flatMap((person) =>
    person.accounts
      .filter((account) => account.system === CONSOLE)
      .map(({ system, id }) => ({ system, id, name: person.name })),
  );
  const guest = accounts.some(({ id }) => id === 'guest') ? [] : [{ system: CONSOLE, id: 'guest', name: 'Guest' }];
  return [...accounts, ...guest].map((account) => {
    const person = personOf(catalog.people, account);
    return { account, person, hint: person.known ? groupsOf(catalog, person) : 'unknown to the configuration' };
  });
}

/** Who the page says it is, else who the cookie says, else the first of all. */
export function viewerOf(catalog: Catalog, request: Request, named?: string | null): Viewer {
  const all = viewers(catalog);
  const wish = named ?? cookie(request, COOKIE);
  const found = all.find(({ account }) => account.id === wish) ?? all[0];
  if (found === undefined) throw new Error('The console knows at least the guest.');
  return found;
}

export function cookieFor(viewer: Viewer): string {
  return `${COOKIE}=${encodeURIComponent(viewer.account.id)}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict`;
}

function cookie(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined) return decoded(value);
  }
  return undefined;
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

function groupsOf(catalog: Catalog, person: Person): string {
  const groups = Object.values(catalog.groups).filter(
    ({ source }) => source.kind === 'people' && source.people.includes(person.id),
  );
  return groups.map(({ id }) => id).join(', ');
}
