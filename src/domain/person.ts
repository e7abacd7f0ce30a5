/** One handle of a human (or machine) in one outside system, e.g. Slack user `U7` of team `T1`, GitHub login `anna`. */
export interface Account {
  /** `slack`, `console`, `github`, `email`, ... */
  readonly system: string;
  /** Workspace, enterprise or tenant, where ids are unique only within it. */
  readonly tenant?: string;
  readonly id: string;
  /** The name shown there; never used to identify anybody. */
  readonly name?: string;
}

/**
 * A human being, whatever handles that human uses. `known` is false for an account that the configuration
 * ties to nobody: such a person may look and ask where allowed, but can never countersign.
 */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly known: boolean;
  readonly accounts: readonly Account[];
}

/** The bot itself, as actor of what it does by itself (expiry, polling, automatic rollback). */
export const BOT: Person = { id: 'countersign', name: 'Countersign', known: true, accounts: [] };

/** An account that counts as a person's because both sides said so. */
export interface Link {
  readonly person: string;
  readonly account: Account;
  readonly through: Account;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** Everybody the configuration knows; looked up by account or id. */
export interface People {
  readonly all: readonly Person[];
  /** Which of their accounts are theirs by a link, not by configuration. */
  readonly linked?: readonly Link[];
}

/** Systems whose ids are the same in capitals: addresses and logins. */
const CASELESS: ReadonlySet<string> = new Set(['email', 'github', 'gitlab']);
/** An id of this form is a number, and its letters are digits. Source: RFC 9562, section 4. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A stable key of an account. */
export function accountKey(account: Account): string {
  const caseless = CASELESS.has(account.system) || UUID.test(account.id);
  const id = caseless ? account.id.toLowerCase() : account.id;
  return `${account.system}:${account.tenant ?? ''}:${id}`;
}

/**
 * The person behind an account. A configured account without tenant fits any tenant of that system, because one
 * installation serves one workspace. Nobody found: a stranger, known by the account alone.
 */
export function personOf(people: People, account: Account): Person {
  const found = people.all.find((person) => person.accounts.some((own) => sameAccount(own, account)));
  return found ?? stranger(account);
}

/** Somebody no configuration speaks of. */
export function stranger(account: Account): Person {
  return { id: accountKey(account), name: account.name ?? account.id, known: false, accounts: [account] };
}

/** Are these two one human? Compares people, not handles. */
export function sameHuman(one: Person, other: Person): boolean {
  return one.id === other.id || one.accounts.some((own) => other.accounts.some((theirs) => sameAccount(own, theirs)));
}

function sameAccount(own: Account, other: Account): boolean {
  if (own.tenant === undefined || other.tenant === undefined) {
    return accountKey({ ...own, tenant: '' }) === accountKey({ ...other, tenant: '' });
  }
  return accountKey(own) === accountKey(other);
}
