import { type Account, accountKey } from '../domain/person.ts';
import type { Checked, CheckFrame } from './checks.ts';
import type { Path, Problem } from './problem.ts';

/** Two people of one id, or one account of two people: then nobody could say who has clicked. */
export function peopleTwice(frame: CheckFrame): Checked {
  const faults: Problem[] = [];
  const ids = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const [index, person] of frame.configuration.people.entries()) {
    const at: Path = ['people', index];
    if (ids.has(person.id)) faults.push(twice([...at, 'id'], `There are two people with the id "${person.id}"`));
    ids.set(person.id, person.id);
    for (const [account, path] of accountsOf(person.accounts, [...at, 'accounts'])) {
      const key = accountKey(account);
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, person.id);
      else if (owner !== person.id) faults.push(sharedAccount(path, account, owner));
    }
  }
  return { faults, warnings: [] };
}

/** Ids and aliases are one space of names for services, and another for environments. */
export function namesTwice(frame: CheckFrame): Checked {
  const { services, environments } = frame.configuration;
  return {
    faults: [...aliasesTwice('services', services), ...aliasesTwice('environments', environments)],
    warnings: [],
  };
}

/** The accounts as they are written, one or a list for each system, each with its place. */
export function* accountsOf(
  accounts: Readonly<Record<string, string | readonly string[]>>,
  at: Path,
): Generator<readonly [Account, Path]> {
  for (const [system, ids] of Object.entries(accounts)) {
    if (typeof ids === 'string') yield [{ system, id: ids }, [...at, system]];
    else for (const [index, id] of ids.entries()) yield [{ system, id }, [...at, system, index]];
  }
}

type Named = Readonly<Record<string, { readonly aliases: readonly string[] } | null>>;

function* aliasesTwice(kind: 'services' | 'environments', all: Named): Generator<Problem> {
  const owners = new Map(Object.keys(all).map((id) => [id, id]));
  for (const [id, one] of Object.entries(all)) {
    for (const [index, alias] of (one?.aliases ?? []).entries()) {
      const owner = owners.get(alias);
      const path: Path = [kind, id, 'aliases', index];
      if (owner !== undefined) yield twice(path, `The name "${alias}" already stands for "${owner}"`);
      owners.set(alias, id);
    }
  }
}

function twice(path: Path, message: string): Problem {
  return { path, at: 'value', message, remedy: 'Choose another name.' };
}

function sharedAccount(path: Path, account: Account, owner: string): Problem {
  const message = `This ${account.system} account already belongs to "${owner}"`;
  return { path, at: 'value', message, remedy: 'One account is one human: leave it with one of the two.' };
}
