import type { Fault } from '../fakes/teams/faults.ts';
import { type FakeTeams, startFakeTeams } from '../fakes/teams/index.ts';
import { viewOf } from '../fakes/teams/views.ts';
import {
  conversation,
  type FakeMessage,
  type FakePerson,
  type Json,
  latest,
  person,
  record,
  records,
  text,
} from '../fakes/teams/world.ts';
import { until } from '../support/until.ts';
import type { ChatPart, FormWish, Hands, Message, Outage, Press, Weather, Where, Who } from './hands.ts';
import { PLACES } from './hands.ts';

const PEOPLE = ['anna', 'ben', 'cleo', 'dina', 'sam'] as const;

/** Hands in Teams, and the Teams itself for what only Teams does. */
export interface TeamsHands extends Hands {
  readonly id: 'teams';
  readonly teams: FakeTeams;
}

/** A Teams with the people of all stories in their three channels, under the names that stories use. */
export async function teamsHands(): Promise<TeamsHands> {
  const teams = await startFakeTeams();
  for (const who of [...PEOPLE, 'stranger'] as const) {
    const name = nameOf(who);
    teams.addPerson({ name, email: `${name}@example.com` });
  }
  const members = [...PEOPLE.map(nameOf), nameOf('stranger')];
  for (const name of PLACES) teams.addConversation({ name, members });
  const view = viewsOf(teams);
  const followed = new Set<string>();

  return {
    id: 'teams',
    broadcasts: false,
    copies: 2,
    teams,
    part: partOf(teams),
    secrets: { teams: teams.world.secret },
    weather: weatherOf(teams),
    ask: async (who, where, line) => void (await teams.say(nameOf(who), where, line)),
    press: (who, message, what, how) => press(teams, who, view.fake(message), what, how),
    aim: (who, message, what) => aim(teams, who, view.fake(message), what),
    mention: async (who, where, line, under) => void (await teams.say(nameOf(who), where, line, { thread: under.id })),
    form: (who, where, wish) => form(teams, who, where, wish),
    async offered(who) {
      const name = nameOf(who);
      const [open] = teams.dialogs(name);
      if (open !== undefined) return JSON.stringify(open.card);
      const fresh = (one: FakeMessage) => !followed.has(one.id) && latestHas(one, 'Open Form');
      const invitation = await until('the invitation', () => teams.privately(name).find(fresh));
      followed.add(invitation.id);
      await teams.press(name, invitation, 'Open Form');
      return JSON.stringify((await until('the form', () => teams.dialogs(name)[0])).card);
    },
    async fillIn(who, values) {
      await teams.fill(nameOf(who), values);
      return teams.dialogs(nameOf(who)).length === 0;
    },
    messages: (where) => teams.messages(where).map(view.shown),
    privately: (who) => teams.privately(nameOf(who)).map(view.shown),
    isRoot: ({ under }, id, owner) => under === undefined && (owner === undefined || owner === id),
    // Only what is listed rings, and only people can be.
    shouts: (message) => ringing(view.fake(message)).filter((id) => !id.startsWith('29:')),
    bell: nameOf,
    remove: (where, { id }) => teams.remove({ conversation: where, id }),
    shut: async (where) => void (await teams.uninstall(where)),
    async redeliverAll() {
      for (const delivery of [...teams.deliveries]) await teams.redeliver(delivery);
    },
    posts: () => teams.calls('create').length + teams.calls('post').length,
    calls: () => teams.world.calls.length + teams.deliveries.length,
    violations: () => teams.world.violations.map(({ where, reasons }) => `${where}: ${reasons.join('; ')}`),
    deliverTo: (...urls) => teams.deliverTo(...urls.map((url) => `${url}/api/messages`)),
    follow: ({ now }) => {
      teams.world.now = now;
    },
    async close() {
      teams.autoRefresh(false);
      await teams.close();
    },
  };
}

function latestHas(message: FakeMessage, words: string): boolean {
  return JSON.stringify(latest(message)).includes(words);
}

/** As people are called in Teams. */
function nameOf(who: Who): string {
  return who === 'stranger' ? 'nobody' : who;
}

function partOf(teams: FakeTeams): ChatPart {
  const { world, serviceUrl, cloud } = teams;
  const aad = (who: Who) => personOf(teams, who).aad;
  const channel = (where: Where) => conversation(world, where).id;
  const settings = {
    appId: world.appId,
    tenant: world.tenant,
    secret: 'file:teams.txt',
    serviceUrls: [serviceUrl],
    cloud,
  };
  const [anna, ben, cleo, dina, sam] = [aad('anna'), aad('ben'), aad('cleo'), aad('dina'), aad('sam')];
  return {
    id: 'teams',
    settings: JSON.stringify(settings),
    accounts: { anna, ben, cleo, dina, sam },
    tenant: world.tenant,
    channels: { deploys: channel('deploys'), shop: channel('shop'), everybody: channel('everybody') },
  };
}

function viewsOf(teams: FakeTeams) {
  const fakes = new WeakMap<Message, FakeMessage>();

  function fake(message: Message): FakeMessage {
    const found = fakes.get(message);
    if (found === undefined) throw new Error(`${message.id} is no message of this Teams`);
    return found;
  }

  function shown(message: FakeMessage): Message {
    const one: Message = {
      id: message.id,
      under: message.thread,
      broadcast: false,
      words: () => teams.words(message),
      // What unfolds to ask once more is a button as well.
      buttons: async (who) => {
        const card = await cardFor(teams, who, message);
        return records(card?.['actions']).map((action) => text(action['title']));
      },
      rings: (who) => ringing(message).includes(personOf(teams, who).mri),
      blocks: () => records(viewOf(message)?.['body']).length,
      raw: () => JSON.stringify(latest(message)),
    };
    fakes.set(one, message);
    return one;
  }

  return { fake, shown };
}

function personOf({ world }: FakeTeams, who: Who): FakePerson {
  return person(world, nameOf(who));
}

function ringing(message: FakeMessage): readonly string[] {
  const entities = records(record(viewOf(message)?.['msteams'])['entities']);
  return entities.map((entity) => text(record(entity['mentioned'])['id']));
}

/** The card in the view that this person's client shows, having asked for it as clients do when a card comes into sight. */
async function cardFor(teams: FakeTeams, who: Who, message: FakeMessage): Promise<Json | undefined> {
  const name = nameOf(who);
  await teams.settled();
  const { aad } = personOf(teams, who);
  await teams.look(name, message);
  return viewOf(message, aad);
}

async function press(teams: FakeTeams, who: Who, message: FakeMessage, what: string, how: Press = {}): Promise<void> {
  const { answer, asOf } = how;
  const go = await aim(teams, who, message, what, asOf);
  await go();
  if (answer !== undefined) await teams.fill(nameOf(who), { answer });
}

/** `asOf`: in the view that this person got when the card had these words. */
async function aim(teams: FakeTeams, who: Who, message: FakeMessage, what: string, asOf?: string) {
  const now = await cardFor(teams, who, message);
  const card = asOf === undefined ? now : formerView(teams, who, message, asOf);
  const name = pressable(card, what);
  return async () => {
    // The client was told of no change since.
    if (card !== undefined) message.views.set(personOf(teams, who).aad, card);
    await teams.press(nameOf(who), message, name);
  };
}

/** What unfolds below a button is pressed in its place: it asks once more. */
function pressable(card: Json | undefined, what: string): string {
  const button = records(card?.['actions']).find(({ title }) => title === what);
  const [inner] = records(record(button?.['card'])['actions']);
  return inner === undefined ? what : text(inner['title']);
}

/** The view that this person's client got when the card had these words. */
function formerView(teams: FakeTeams, who: Who, message: FakeMessage, words: string): Json {
  const former = teams.deliveries.findLast(({ activity, body }) => {
    const isTheirs = text(record(activity['from'])['name']) === nameOf(who) && activity['replyToId'] === message.id;
    return isTheirs && JSON.stringify(body ?? '').includes(words);
  });
  if (former === undefined) throw new Error(`${who} never saw "${words}"`);
  return record(record(former.body)['value']);
}

async function form(teams: FakeTeams, who: Who, where: Where, wish: FormWish): Promise<boolean> {
  const name = nameOf(who);
  const before = teams.privately(name).length;
  await teams.say(name, where, '');
  const invitation = await until('the invitation', () => teams.privately(name)[before]);
  await teams.press(name, invitation, 'Open Form');
  const dialog = await until('the form', () => teams.dialogs(name)[0]);
  const { service, environment, ref, reason } = wish;
  const offered = records(dialog.card['body']).find(({ id }) => id === 'service');
  const starts = ({ title, value }: Json) => [title, value].some((one) => text(one).toLowerCase().includes(service));
  const found = records(offered?.['choices']).find(starts);
  teams.type(name, { service: text(found?.['value']) });
  const [branch] = await teams.typeahead(name, 'ref', ref);
  await teams.fill(name, { environment, ref: text(branch?.['value']), reason });
  return teams.dialogs(name).length === 0;
}

const DOUBTS = { error: 'status-after', cut: 'cut-after', garbage: 'garbage' } as const;
const OUT: Readonly<Record<Outage, Fault['kind']>> = { error: 'status', cut: 'cut-before', silent: 'hang-before' };

function weatherOf(teams: FakeTeams): Weather {
  const call = 'create';
  const at = (where: Where) => ({ call, conversation: partOf(teams).channels[where] }) as const;
  return {
    doubtful: (where, answer) => teams.faults.add({ ...at(where), kind: DOUBTS[answer] }),
    wait: (where, seconds) => teams.faults.add({ ...at(where), kind: 'status', status: 429, retryAfter: seconds }),
    down: (how) => teams.faults.add({ call: '*', kind: OUT[how], times: Number.POSITIVE_INFINITY }),
    up: () => teams.faults.clear(),
  };
}
