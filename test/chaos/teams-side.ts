import type { Fault } from '../fakes/teams/faults.ts';
import { type CallKind, type FakeMessage, person, record, text } from '../fakes/teams/world.ts';
import type { Message, Where, Who } from '../story/hands.ts';
import { teamsHands } from '../story/hands-teams.ts';
import type { Dice } from './dice.ts';
import { openGate } from './gate.ts';
import { type ChatAim, lately, type Posted, type Pressing, type Side } from './sides.ts';

/** What may befall a call: refused in all the ways that pass by, or taken with an answer that never comes right. */
const SQUALLS: readonly [Squall, ...Squall[]] = [
  { kind: 'status', status: 429 },
  { kind: 'status', status: 412 },
  { kind: 'status', status: 502 },
  { kind: 'status', status: 504 },
  { kind: 'status-after', status: 502 },
  { kind: 'status-after', status: 504 },
  { kind: 'cut-after' },
  { kind: 'cut-after' },
  { kind: 'cut-before' },
  { kind: 'garbage' },
];
type Squall = Pick<Fault, 'kind' | 'status'>;
const LATE_MS = 60;
const ROOTS = /\/v3\/conversations$/;
const REPLIES = /\/v3\/conversations\/[^/]+\/activities(?:\/[^/]+)?$/;

export async function teamsSide(dice: Dice): Promise<Side> {
  const hands = await teamsHands();
  const { teams } = hands;
  const limited = dice.chance(0.25);
  const insists = dice.chance(0.5);
  teams.limits(limited);
  teams.retry(insists);
  const held = (where: Where, { id }: Pick<Message, 'id'>) => teams.message({ conversation: where, id });

  async function press(who: Who, where: Where, message: Message, verb: string, { answer, old }: Pressing) {
    const fake = held(where, message);
    if (fake === undefined) return;
    if (!fake.views.has(person(teams.world, who).aad)) await teams.look(who, fake);
    const acted = await (old === true ? teams.submit(who, fake, verb) : teams.press(who, fake, verb));
    if (acted.outcome.kind === 'dialog' && answer !== undefined) await teams.fill(who, { answer });
  }

  function posted(message: FakeMessage): Posted {
    const { id, thread, versions } = message;
    const [first] = versions;
    const call = teams.world.calls.find(({ body }) => body === first?.activity || body['activity'] === first?.activity);
    return { id, at: first?.at ?? 0, isReply: thread !== undefined, lost: call !== undefined && call.status !== 201 };
  }

  return {
    id: 'teams',
    hands,
    weather: `teams${limited ? ' with its limits' : ''}${insists ? ', insisting' : ''}`,
    canLook: false,
    press,
    async look(who, where, message) {
      const fake = held(where, message);
      if (fake !== undefined) await teams.look(who, fake);
    },
    async redeliver(own) {
      const delivery = lately(teams.deliveries, own);
      if (delivery !== undefined) await teams.redeliver(delivery);
    },
    squall(own) {
      const call = own.pick(['create', 'create', 'post', 'update', 'member'] as const);
      teams.faults.add({ call, ...own.pick(SQUALLS) });
    },
    slowly(aim) {
      const begun = teams.world.calls.length;
      const kinds = KINDS[aim];
      if (aim !== 'look') for (const call of kinds) teams.faults.add({ call, kind: 'late', ms: LATE_MS });
      return () => teams.world.calls.slice(begun).some(({ kind }) => kinds.includes(kind));
    },
    heard: () =>
      teams.deliveries.flatMap(({ activity, status }) =>
        status === 200 ? [text(record(activity['from'])['aadObjectId'])] : [],
      ),
    posted: (where) => teams.messages(where).map(posted),
    told: (who) =>
      hands.privately(who).map((message, index) => ({
        words: message.words(),
        at: teams.privately(who)[index]?.versions[0]?.at ?? 0,
      })),
    troubles: () => teams.world.calls.filter(({ status }) => status === 0 || status >= 400).map(({ at }) => at),
    views: (where, id) => {
      const fake = held(where, { id });
      return fake === undefined ? [] : [...fake.views.values()].map((card) => text(card['fallbackText']));
    },
    async gate() {
      const { origin } = new URL(teams.serviceUrl);
      const gate = await openGate({ to: origin });
      // What people do is told with the address at which the bot is to answer.
      teams.world.serviceUrl = `${gate.url}/teams/`;
      return gate;
    },
    behind(gate, caller) {
      const settings = record(JSON.parse(hands.part.settings));
      const cloud = { ...record(settings['cloud']), login: gate.login(caller, '/login') };
      const own = { ...settings, serviceUrls: [`${gate.url}/teams/`], cloud };
      return { part: { ...hands.part, settings: JSON.stringify(own) }, secrets: hands.secrets };
    },
    isAt: (aim, { method, path }) =>
      aim === 'edit' ? method === 'PUT' : method === 'POST' && (ROOTS.test(path) || REPLIES.test(path)),
  };
}

const KINDS: Readonly<Record<ChatAim, readonly CallKind[]>> = {
  post: ['create'],
  edit: ['update'],
  look: ['member', 'members'],
};
