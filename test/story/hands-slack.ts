import type { Fault } from '../fakes/slack/faults.ts';
import { buttonsOf, type FakeSlack, wordsOf } from '../fakes/slack/index.ts';
import { type FakeMessage, type FakeView, latest } from '../fakes/slack/world.ts';
import { until } from '../support/until.ts';
import type { FormWish, Hands, Message, Outage, Press, Weather, Where, Who } from './hands.ts';
import { CHANNELS, type Mode, peopledSlack, slackPart, USERS } from './slack-people.ts';

/** Hands in Slack, and the Slack itself for what only Slack does. */
export interface SlackHands extends Hands {
  readonly id: 'slack';
  readonly slack: FakeSlack;
  /** Who and where, as Slack names them. */
  readonly users: typeof USERS;
  readonly channels: typeof CHANNELS;
  /** The message as the fake has it. */
  fake(message: Message): FakeMessage;
}

export async function slackHands(mode: Mode): Promise<SlackHands> {
  const slack = await peopledSlack();
  const { botToken, appToken, signingSecret, team } = slack.world;
  const fakes = new WeakMap<Message, FakeMessage>();

  function shown(message: FakeMessage): Message {
    const one: Message = {
      id: message.ts,
      under: message.thread,
      broadcast: message.broadcast,
      words: () => wordsOf(message),
      buttons: async () => buttonsOf(message),
      rings: (who) => wordsOf(message).includes(`<@${USERS[who]}>`),
      blocks: () => latest(message).blocks.length,
      raw: () => JSON.stringify(latest(message)),
    };
    fakes.set(one, message);
    return one;
  }

  function fake(message: Message): FakeMessage {
    const found = fakes.get(message);
    if (found === undefined) throw new Error(`${message.id} is no message of this Slack`);
    return found;
  }

  return {
    id: 'slack',
    broadcasts: true,
    copies: 1,
    slack,
    users: USERS,
    channels: CHANNELS,
    fake,
    part: slackPart({ mode, team, apiUrl: slack.apiUrl }),
    secrets: { bot: botToken, app: appToken, signing: signingSecret },
    weather: weatherOf(slack),
    ask: async (who, where, line) => void (await slack.command(USERS[who], CHANNELS[where], line)),
    press: (who, message, what, how) => press(slack, who, fake(message), what, how),
    async aim(who, message, what) {
      const one = fake(message);
      const version = one.versions.length - 1;
      return async () => void (await slack.click(USERS[who], one, what, { version }));
    },
    mention: async (who, where, line, under) => void (await slack.mention(USERS[who], CHANNELS[where], line, under.id)),
    form: (who, where, wish) => form(slack, who, where, wish),
    offered: async (who) => JSON.stringify((await dialogOf(slack, who)).view),
    async fillIn(who, values) {
      const view = await dialogOf(slack, who);
      await slack.submit(view.id, values);
      return !view.open;
    },
    messages: (where) => slack.messages(CHANNELS[where]).map(shown),
    privately: (who) => slack.privately(USERS[who]).map(shown),
    isRoot: (message, id) => message.under === undefined && keyOf(fake(message)).startsWith(`card:${id}@`),
    shouts: (message) => message.raw().match(/<!\w+>|@(?:here|channel|everyone)/g) ?? [],
    bell: (who) => `<@${USERS[who]}>`,
    remove: (where, { id }) => slack.remove({ channel: CHANNELS[where], ts: id }),
    shut: async (where) => slack.archive(CHANNELS[where]),
    redeliverAll: async () => {
      for (const delivery of [...slack.deliveries]) await slack.redeliver(delivery);
    },
    posts: () => slack.calls('chat.postMessage').length,
    calls: () => slack.world.calls.length,
    violations: () =>
      slack.world.calls.flatMap(({ method, outcome }) => (WRONG.has(outcome) ? [`${method}: ${outcome}`] : [])),
    deliverTo: (...urls) =>
      mode === 'http' ? slack.deliverTo(...urls.map((url) => `${url}/slack/events`)) : undefined,
    // What comes through the socket bears no time.
    follow: () => undefined,
    close: () => slack.close(),
  };
}

/** Answers of Slack's to calls that were never right. */
const WRONG: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_arguments',
  'msg_too_long',
  'no_text',
  'unknown_method',
  'invalid_auth',
  'missing_scope',
]);

/** What the bot calls a message. */
export function keyOf({ metadata }: FakeMessage): string {
  return String((metadata?.['event_payload'] as { readonly key?: unknown } | undefined)?.key ?? '');
}

async function press(slack: FakeSlack, who: Who, message: FakeMessage, what: string, how: Press = {}): Promise<void> {
  const user = USERS[who];
  const { answer, asOf } = how;
  if (asOf === undefined) await slack.click(user, message, what);
  else
    await slack.click(user, message, what, { version: message.versions.findIndex(({ text }) => text.includes(asOf)) });
  if (answer === undefined) return;
  const dialog = await until('the question', () => slack.dialogs(user)[0]);
  await slack.submit(dialog.id, { answer });
}

function dialogOf(slack: FakeSlack, who: Who): Promise<FakeView> {
  return until('the form', () => slack.dialogs(USERS[who])[0]);
}

async function form(slack: FakeSlack, who: Who, where: Where, wish: FormWish): Promise<boolean> {
  await slack.command(USERS[who], CHANNELS[where], '');
  const view = await dialogOf(slack, who);
  const services = await slack.suggest(view.id, 'service', wish.service);
  await slack.choose(view.id, 'service', String(services[0]?.['value']));
  const refs = await until('the branches', async () => {
    const found = await slack.suggest(view.id, 'ref', wish.ref);
    return found.length > 0 && found;
  });
  await slack.choose(view.id, 'environment', wish.environment);
  await until('the form to ask for a reason', () => JSON.stringify(view.view).includes('"optional":false'));
  await slack.submit(view.id, { ref: String(refs[0]?.['value']), reason: wish.reason });
  return !view.open;
}

const DOUBTS = { error: '500-after', cut: 'drop-after', garbage: 'garbage' } as const;
const OUT: Readonly<Record<Outage, Fault['kind']>> = { error: '500-before', cut: 'drop-before', silent: 'silent' };

function weatherOf(slack: FakeSlack): Weather {
  const method = 'chat.postMessage';
  return {
    doubtful: (where, answer) => slack.faults.add({ method, channel: CHANNELS[where], kind: DOUBTS[answer] }),
    wait: (where, seconds) => slack.faults.add({ method, channel: CHANNELS[where], kind: '429', retryAfter: seconds }),
    down: (how) => slack.faults.add({ method: '*', kind: OUT[how], times: Number.POSITIVE_INFINITY }),
    up: () => slack.faults.clear(),
  };
}
