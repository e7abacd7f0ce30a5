import { Agent } from 'node:http';
import type { FakeTeams } from '../fakes/teams/index.ts';
import { envelope, invoke, sceneAt } from '../fakes/teams/invokes.ts';
import { actionNamed, viewOf } from '../fakes/teams/views.ts';
import { conversation, type FakeMessage, type Json, person, record } from '../fakes/teams/world.ts';
import { type Case, pause, percentile, type Row, spread } from './measure.ts';
import type { Hosted } from './programme.ts';
import { type Brought, bareHost, carrier, openTeamsSite, type TeamsSite, teamsChannel } from './teams-site.ts';

const EVERY_MS = 20;
/** Ours and the bare ones take turns, a block of a second each. */
const BLOCK = 50;
const BLOCKS = 12;
const AIM_MS = 10;
const WARM_UP = 100;

/** From the signed request to the end of the answer, for each kind of thing that Teams brings. */
export const teamsAck: Case = {
  name: 'teams-ack',
  about:
    'messages, presses and refreshes of a card at 50 a second from Teams, against a botbuilder application that only answers',
  async run() {
    const site = await openTeamsSite(1);
    const bares: Hosted[] = [];
    try {
      const message = await site.waiting(0);
      const card = viewOf(message, person(site.teams.world, 'cleo').aad) ?? {};
      for (const wish of [{ card }, { talks: true }]) bares.push(await bareHost(site.teams, wish));
      return await measured(site, message, bares);
    } finally {
      await Promise.all(bares.map((one) => one.stop()));
      await site.close();
    }
  },
};

/** One more delivery of a kind, the same each time but for its name. */
type Make = () => Json;

function makers({ world }: FakeTeams, message: FakeMessage) {
  const place = { actor: person(world, 'anna'), home: conversation(world, teamsChannel(0)) };
  const mention = `<at>${world.botName}</at>`;
  let id = Date.now();
  const card = viewOf(message, person(world, 'cleo').aad);
  const approve = actionNamed(card, 'approve');
  const refresh = record(card?.['refresh'])['action'];
  const pressed = (who: string, action: Json, trigger: string) =>
    invoke(world, sceneAt(world, who, message), 'adaptiveCard/action', { action, trigger }, message);
  return {
    message: () => {
      id += 1;
      const base = envelope(world, { ...place, root: message.id });
      const mentioned = { type: 'mention', mentioned: base['recipient'], text: mention };
      return { ...base, type: 'message', id: String(id), text: `${mention} status`, entities: [mentioned] };
    },
    press: () => pressed('anna', record(approve), 'manual'),
    refresh: () => pressed('cleo', record(refresh), 'automatic'),
  } satisfies Record<string, Make>;
}

async function measured(
  { teams, ours: host }: TeamsSite,
  message: FakeMessage,
  bares: readonly Hosted[],
): Promise<readonly Row[]> {
  const agent = new Agent({ keepAlive: true });
  const [ours, bare, talking] = [host, ...bares].map((one) => carrier(teams, one, agent));
  const make = makers(teams, message);
  try {
    const said = await compared(make.message, [ours, bare, talking]);
    const pressed = await compared(make.press, [ours, bare]);
    const refreshed = await compared(make.refresh, [ours, bare]);
    check(teams, pressed);
    return [
      messageRow(said),
      invokeRow(
        'Teams: answer to a refused press',
        pressed,
        'the bare one only speaks; ours decides, and has put the refusal into its log before it answers',
      ),
      invokeRow(
        'Teams: card for one reader',
        refreshed,
        'the bare one holds the very same card ready; ours reads the deployment and draws it',
      ),
    ];
  } finally {
    agent.destroy();
  }
}

/** A quick answer that is no answer, or a command that was never obeyed, would be a lie. */
function check(teams: FakeTeams, [pressed]: Found): void {
  if (teams.calls('target').length === 0) throw new Error('the messages were acknowledged but never obeyed');
  const words = pressed?.find(({ body }) => !body.includes('cannot also approve'))?.body;
  if (words !== undefined) throw new Error(`a press was not refused: ${words}`);
  if (teams.world.violations.length > 0) throw new Error(JSON.stringify(teams.world.violations[0]));
}

type Bring = ReturnType<typeof carrier>;

/** @returns what each of them took, in turn */
async function compared(make: Make, carriers: readonly (Bring | undefined)[]): Promise<Found> {
  const found = carriers.map((): Brought[] => []);
  for (const bring of carriers) if (bring !== undefined) await at50(() => bring(make()), WARM_UP);
  for (let block = 0; block < BLOCKS; block += 1) {
    for (const [index, bring] of carriers.entries())
      if (bring !== undefined) found[index]?.push(...(await at50(() => bring(make()), BLOCK)));
  }
  return found;
}

/** Deliveries begin on time, whether or not the former ones have been answered. */
async function at50(send: () => Promise<Brought>, count: number): Promise<readonly Brought[]> {
  const begin = performance.now();
  const under: Promise<Brought>[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    await pause(Math.max(0, begin + sent * EVERY_MS - performance.now()));
    under.push(send());
  }
  return Promise.all(under);
}

type Found = readonly (readonly Brought[])[];

function messageRow([ours = [], bare = [], talking = []]: Found): Row {
  const row = rowOf([ours, bare]);
  const ratios = [0.5, 0.99].map((share) => percentile(timesOf(ours), share) / percentile(timesOf(bare), share));
  const ratio = Math.max(...ratios);
  return {
    ...row,
    name: 'Teams: acknowledgement of a message',
    ratio,
    aim: '<= 1.5x',
    met: ratio <= 1.5,
    note: `ratio is the worse one of p50 (${ratios[0]?.toFixed(2)}) and p99 (${ratios[1]?.toFixed(2)}); ours goes on to obey "status" after each acknowledgement; a bare one that answers before it acknowledges, as samples do, takes ${percentile(timesOf(talking), 0.5).toFixed(2)} ms`,
  };
}

function invokeRow(name: string, found: Found, note: string): Row {
  const row = rowOf(found);
  const more = row.ours.p50 - row.baseline.p50;
  return {
    ...row,
    name,
    ratio: row.ours.p50 / row.baseline.p50,
    aim: `<= ${AIM_MS} ms more`,
    met: more <= AIM_MS,
    note: `${more.toFixed(1)} ms more at p50, which the aim is about; ${note}`,
  };
}

function rowOf([ours, bare]: Found) {
  return { unit: 'ms', ours: spread(timesOf(ours)), baseline: spread(timesOf(bare)) };
}

function timesOf(all: readonly Brought[] = []): readonly number[] {
  return all.map(({ ms }) => ms);
}
