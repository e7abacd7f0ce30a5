import type { Catalog, Group } from '../src/domain/catalog.ts';
import { systemWords } from '../src/domain/links.ts';
import { type Account, accountKey, type Link, type Person, personOf } from '../src/domain/person.ts';
import { inLanguage, moment, say, type Voice, words } from '../src/domain/tell/words/say.ts';
import type { Text } from '../src/domain/text.ts';
import type { Reply } from '../src/ports/chat.ts';
import { tellPrivately } from './shared/answers.ts';
import { type CommandContext, command } from './shared/spec.ts';
import { askersVoice } from './shared/voice.ts';

/** Names in one fact. */
const LISTED = 10;

/** Says who the asker is taken for. */
export const whoami = command({
  name: 'whoami',
  summary: 'Says who you are here, which accounts are yours, and what you may do.',
  topic: 'people',
  examples: ['whoami'],
  forms: [[]],
  acts: false,
  async run(context) {
    const voice = await askersVoice(context);
    return context.caller.person.known ? acquaintance(context, voice) : newcomer(context, voice);
  },
});

function acquaintance({ caller, catalog, chats }: CommandContext, voice: Voice): Reply {
  const { person, external } = caller;
  const groups = groupsOf(person, catalog);
  const may = say(voice, external ? 'whoami.outside' : 'whoami.may');
  const accounts = person.accounts.map((account) => known(account, catalog, voice));
  const missing = chats.filter((chat) => !person.accounts.some(({ system }) => system === chat));
  const linked = linkedTo(person, catalog).map(({ account }) => account.system);
  const title = say(voice, 'whoami.known', { name: { kind: 'strong', text: person.name }, id: person.id });
  const asked = several(targetsAsking(groups.sure, catalog), voice);
  return tellPrivately('good', title, [may], {
    ...inLanguage(voice),
    facts: [
      {
        label: words(voice, 'whoami.accounts'),
        value: [several(accounts, voice) || words(voice, 'whoami.accounts.none')],
      },
      ...missing.map((chat) => ({ label: systemWords(chat), value: say(voice, 'whoami.missing') })),
      ...(linked.length === 0 ? [] : [{ label: words(voice, 'whoami.unlink'), value: unlinkWords(linked, voice) }]),
      {
        label: words(voice, 'whoami.groups'),
        value: [several(groups.sure, voice) || words(voice, 'whoami.groups.none')],
      },
      ...(groups.elsewhere.length === 0
        ? []
        : [{ label: words(voice, 'whoami.elsewhere'), value: [several(groups.elsewhere, voice)] }]),
      ...(groups.sure.length === 0
        ? []
        : [{ label: words(voice, 'whoami.asked'), value: [asked || words(voice, 'whoami.asked.nowhere')] }]),
    ],
  });
}

/** The first ten, and how many more there are. */
function several(names: readonly string[], voice: Voice): string {
  const more = names.length - LISTED;
  const rest = more > 0 ? ` ${words(voice, 'list.more', { count: more })}` : '';
  return `${names.slice(0, LISTED).join(', ')}${rest}`;
}

/** An account with how it is known that it is this person's. */
function known(account: Account, { people }: Catalog, voice: Voice): string {
  const link = people.linked?.find((one) => accountKey(one.account) === accountKey(account));
  const called = { account: shortWords(account) };
  if (link !== undefined) {
    const through = shortWords(link.through);
    return words(voice, 'whoami.linked', { ...called, date: moment(voice, link.at), through });
  }
  const configured = personOf(people, account).known;
  return words(voice, configured ? 'whoami.configured' : 'whoami.mail', called);
}

function linkedTo(person: Person, { people }: Catalog): readonly Link[] {
  return people.linked?.filter((one) => one.person === person.id) ?? [];
}

function unlinkWords(systems: readonly string[], voice: Voice): Text {
  const typed = [...new Set(systems)].map((system) => ({ kind: 'code' as const, text: `unlink ${system}` }));
  const lines = typed.flatMap((line, index): Text => (index === 0 ? [line] : [', ', line]));
  return say(voice, 'whoami.unlink.how', { lines });
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
function newcomer({ caller, chats }: CommandContext, voice: Voice): Reply {
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
    say(voice, 'whoami.stranger.may'),
    say(voice, 'whoami.stranger.ask'),
    ...yaml.map((text) => [{ kind: 'code' as const, text }]),
  ];
  const elsewhere = chats.some((chat) => chat !== account.system) ? [say(voice, 'whoami.stranger.link')] : [];
  const title = say(voice, 'whoami.stranger', { name: person.name });
  return tellPrivately('waiting', title, [...elsewhere, ...lines], {
    ...inLanguage(voice),
    facts: [{ label: words(voice, 'whoami.stranger.account'), value: [shortWords(account)] }],
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
