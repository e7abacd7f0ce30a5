import type { Catalog, Group } from '../src/domain/catalog.ts';
import { systemWords } from '../src/domain/links.ts';
import { type Account, accountKey, type Link, type Person, personOf } from '../src/domain/person.ts';
import type { Text } from '../src/domain/text.ts';
import type { Reply } from '../src/ports/chat.ts';
import { tellPrivately } from './shared/answers.ts';
import { listed } from './shared/faults.ts';
import { type CommandContext, command } from './shared/spec.ts';

/** Says who the asker is taken for. */
export const whoami = command({
  name: 'whoami',
  summary: 'Says who you are here, which accounts are yours, and what you may do.',
  topic: 'people',
  examples: ['whoami'],
  forms: [[]],
  acts: false,
  async run(context) {
    return context.caller.person.known ? acquaintance(context) : newcomer(context);
  },
});

function acquaintance({ caller, catalog, chats }: CommandContext): Reply {
  const { person, external } = caller;
  const groups = groupsOf(person, catalog);
  const may = external
    ? 'You may look, but not act: you are from outside this workspace.'
    : 'You may ask for deployments, and countersign those that you had no hand in where one of your groups is asked.';
  const accounts = person.accounts.map((account) => known(account, catalog));
  const missing = chats.filter((chat) => !person.accounts.some(({ system }) => system === chat));
  const linked = linkedTo(person, catalog).map(({ account }) => account.system);
  return tellPrivately('good', ['You are ', { kind: 'strong', text: person.name }, ` (${person.id}).`], [[may]], {
    facts: [
      { label: 'Your accounts', value: [listed(accounts) || 'none'] },
      ...missing.map((chat) => ({ label: systemWords(chat), value: unknownThere() })),
      ...(linked.length === 0 ? [] : [{ label: 'Take a link back', value: unlinkWords(linked) }]),
      { label: 'Your groups', value: [listed(groups.sure) || 'none by configuration'] },
      ...(groups.elsewhere.length === 0 ? [] : [{ label: 'Read when you click', value: [listed(groups.elsewhere)] }]),
      ...(groups.sure.length === 0
        ? []
        : [{ label: 'Asked of you', value: [listed(targetsAsking(groups.sure, catalog)) || 'nowhere'] }]),
    ],
  });
}

/** An account with how it is known that it is this person's. */
function known(account: Account, { people }: Catalog): string {
  const link = people.linked?.find((one) => accountKey(one.account) === accountKey(account));
  if (link !== undefined) {
    return `${shortWords(account)} (linked on ${link.at.slice(0, 10)} through ${shortWords(link.through)})`;
  }
  const configured = personOf(people, account).known;
  return `${shortWords(account)} (${configured ? 'by configuration' : 'by its verified e-mail address'})`;
}

function linkedTo(person: Person, { people }: Catalog): readonly Link[] {
  return people.linked?.filter((one) => one.person === person.id) ?? [];
}

function unknownThere(): Text {
  return [
    'no account known yet. If you have one, write to the bot there, with ',
    { kind: 'code', text: 'whoami' },
    '; if it does not know you, type ',
    { kind: 'code', text: 'link' },
    ' here.',
  ];
}

function unlinkWords(systems: readonly string[]): Text {
  const lines = [...new Set(systems)].map((system) => ({ kind: 'code' as const, text: `unlink ${system}` }));
  return [
    ...lines.flatMap((line, index) => (index === 0 ? [line] : [', ', line])),
    ": it then counts as a stranger's.",
  ];
}

function shortWords({ system, id }: Account): string {
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
function newcomer({ caller, chats }: CommandContext): Reply {
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
  const elsewhere: readonly Text[] = chats.some((chat) => chat !== account.system)
    ? [
        [
          'Are you known in another chat of this bot? Then type ',
          { kind: 'code', text: 'link' },
          ' there and the code that you get here: this account becomes yours at once, without an operator.',
        ],
      ]
    : [];
  return tellPrivately('waiting', [`Nobody has said who ${person.name} is.`], [...elsewhere, ...lines], {
    facts: [{ label: 'Your account here', value: [shortWords(account)] }],
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
