import { wordsOf } from '../fakes/slack/index.ts';
import { keyOf, slackHands } from '../story/hands-slack.ts';
import { type Mode, slackPart } from '../story/slack-people.ts';
import type { Dice } from './dice.ts';
import { openGate } from './gate.ts';
import { type ChatAim, lately, type Side } from './sides.ts';

const METHODS: Readonly<Record<ChatAim, string>> = {
  post: 'chat.postMessage',
  edit: 'chat.update',
  look: 'conversations.history',
};
const SQUALLS = ['500-after', '500-before', 'drop-after', 'drop-before', '429'] as const;
const LATE_MS = 60;

export async function slackSide(dice: Dice): Promise<Side> {
  const mode = dice.pick<Mode>(['socket', 'http']);
  const hands = await slackHands(mode);
  const { slack, channels, users } = hands;
  const { botToken, team } = slack.world;
  const tokenOf = (caller: number) => `xoxb-of-instance-${caller}`;

  return {
    id: 'slack',
    hands,
    weather: `slack by ${mode}`,
    canLook: true,
    press: (who, _where, message, verb, { answer }) =>
      hands.press(who, message, verb, answer === undefined ? {} : { answer }),
    // What a card shows in Slack is the same for everybody.
    look: async () => undefined,
    async redeliver(own) {
      const delivery = lately(slack.deliveries, own);
      if (delivery !== undefined) await slack.redeliver(delivery);
    },
    squall(own) {
      const method = METHODS[own.pick<ChatAim>(['post', 'post', 'edit'])];
      slack.faults.add({ method, kind: own.pick(SQUALLS), retryAfter: 1 });
    },
    slowly(aim) {
      const begun = slack.world.calls.length;
      const method = METHODS[aim];
      if (aim !== 'look') slack.faults.add({ method, kind: 'late', ms: LATE_MS });
      const fits = (outcome: string) => aim === 'look' || outcome === 'late';
      return () => slack.world.calls.slice(begun).some((call) => call.method === method && fits(call.outcome));
    },
    posted: (where) =>
      slack.messages(channels[where]).map((message) => ({
        id: message.ts,
        key: keyOf(message),
        at: message.versions[0]?.at ?? 0,
        isReply: message.thread !== undefined,
        lost: false,
      })),
    told: (who) =>
      slack.privately(users[who]).map((message) => ({ words: wordsOf(message), at: message.versions[0]?.at ?? 0 })),
    troubles: () => slack.world.calls.filter(({ outcome }) => outcome !== 'ok').map(({ at }) => at),
    heard: () => [],
    views: () => [],
    gate: (callers) =>
      openGate({
        to: slack.apiUrl,
        token: botToken,
        tokens: Array.from({ length: callers }, (_, index) => tokenOf(index)),
      }),
    behind: (gate, caller) => ({
      part: slackPart({ mode, team, apiUrl: `${gate.url}/api/` }),
      secrets: { ...hands.secrets, bot: tokenOf(caller) },
    }),
    isAt: (aim, { path }) => path.endsWith(`/${METHODS[aim]}`),
  };
}
