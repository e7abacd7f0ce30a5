import { type FakeSlack, startFakeSlack } from '../fakes/slack/index.ts';
import type { ChatPart } from './hands.ts';

/** Ids of the people and channels of all stories at Slack. */
export const USERS = { anna: 'U1', ben: 'U2', cleo: 'U3', dina: 'U4', sam: 'U5', stranger: 'U9' } as const;
export const CHANNELS = { deploys: 'C1', shop: 'C2', everybody: 'C3' } as const;

export type Mode = 'socket' | 'http';

/** A Slack with the people of all stories in their three channels. */
export async function peopledSlack(): Promise<FakeSlack> {
  const slack = await startFakeSlack();
  for (const [who, id] of Object.entries(USERS)) {
    const name = who === 'stranger' ? 'nobody' : who;
    slack.addUser({ id, name, email: `${name}@example.com` });
  }
  const members = Object.values(USERS);
  for (const [name, id] of Object.entries(CHANNELS)) slack.addChannel({ id, name, members });
  return slack;
}

/** Slack's part of the configuration; its secrets are in `bot.txt`, `app.txt` and `signing.txt`. */
export function slackPart({ mode, team, apiUrl }: { mode: Mode; team: string; apiUrl: string }): ChatPart {
  const secret = mode === 'http' ? 'signingSecret: file:signing.txt' : 'appToken: file:app.txt';
  const { stranger: _, ...accounts } = USERS;
  return {
    id: 'slack',
    settings: `{ mode: ${mode}, botToken: 'file:bot.txt', ${secret}, team: ${team}, apiUrl: '${apiUrl}' }`,
    accounts,
    tenant: team,
    channels: CHANNELS,
  };
}
