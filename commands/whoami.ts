import type { Catalog, Group } from '../src/domain/catalog.ts';
import type { Account, Person } from '../src/domain/person.ts';
import type { Text } from '../src/domain/text.ts';
import type { Reply } from '../src/ports/chat.ts';
import { tellPrivately } from './shared/answers.ts';
import { listed } from './shared/faults.ts';
import { type CommandContext, command } from './shared/spec.ts';

/** Says who the asker is taken for. */
export const whoami = command({
  name: 'whoami',
  summary: 'Says who you are here, which accounts are yours, and what you may do.',
  topic: 'looking',
  examples: ['whoami'],
  forms: [[]],
  acts: false,
  async run(context) {
    return context.caller.person.known ? acquaintance(context) : newcomer(context);
  },
});

function acquaintance({ caller, catalog }: CommandContext): Reply {
  const { person, external } = caller;
  const groups = groupsOf(person, catalog);
  const may = external
    ? 'You may look, but not act: you are from outside this workspace.'
    : 'You may ask for deployments, and countersign those that you had no hand in where one of your groups is asked.';
  return tellPrivately('good', ['You are ', { kind: 'strong', text: person.name }, ` (${person.id}).`], [[may]], {
    facts: [
      { label: 'Your accounts', value: [listed(person.accounts.map(accountWords)) || 'none'] },
      { label: 'Your groups', value: [listed(groups.sure) || 'none by configuration'] },
      ...(groups.elsewhere.length === 0 ? [] : [{ label: 'Read when you click', value: [listed(groups.elsewhere)] }]),
      ...(groups.sure.length === 0
        ? []
        : [{ label: 'Asked of you', value: [listed(targetsAsking(groups.sure, catalog)) || 'nowhere'] }]),
    ],
  });
}

function accountWords({ system, id }: Account): string {
  return `${system} ${id}`;
}

/** Groups that the configuration lists, and those whose members somebody else keeps. */
function groupsOf(
  person: Person,
  catalog: Catalog,
): { readonly sure: readonly string[]; readonly elsewhere: readonly string[] } {
  const all: readonly Group[] = Object.values(catalog.groups);
  return {
    sure: all
      .filter(({ source }) => source.kind === 'people' && source.people.includes(person.id))
      .map(({ id }) => `@${id}`),
    elsewhere: all.filter(({ source }) => source.kind !== 'people').map(({ id }) => `@${id}`),
  };
}

function targetsAsking(groups: readonly string[], catalog: Catalog): readonly string[] {
  return Object.values(catalog.services).flatMap((service) =>
    Object.values(service.targets)
      .filter(({ policy }) => policy.rules.some(({ group }) => groups.includes(`@${group}`)))
      .map(({ environment }) => `${service.id} → ${environment}`),
  );
}

/** Exactly what an operator has to write, ready to be copied. */
function newcomer({ caller }: CommandContext): Reply {
  const { account, person } = caller;
  const id = idFrom(person.name);
  const yaml = [
    'people:',
    `  - id: ${id}`,
    `    name: ${JSON.stringify(person.name)}`,
    '    accounts:',
    `      ${account.system}: ${JSON.stringify(account.id)}`,
  ];
  const lines: readonly Text[] = [
    ['You may look. You can countersign nothing, because nobody could tell which commits are yours.'],
    [
      'Ask an operator to put this into the configuration, with your accounts at the source host (e.g. github) beside it:',
    ],
    ...yaml.map((text) => [{ kind: 'code' as const, text }]),
  ];
  return tellPrivately('waiting', [`Nobody has said who ${person.name} is.`], lines, {
    facts: [{ label: 'Your account here', value: [accountWords(account)] }],
  });
}

/** A proposal for an id: the letters and digits of the name. */
function idFrom(name: string): string {
  const letters = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return letters.slice(0, 40) || 'your-name';
}
