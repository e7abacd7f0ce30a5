import type { Hands } from './hands.ts';
import { slackHands } from './hands-slack.ts';
import { teamsHands } from './hands-teams.ts';

/** A chat, and the way it reaches the programme where there are several. */
export type ChatKind = 'slack-socket' | 'slack-http' | 'teams';

/** The chats that one story is told in: in the first everything is done and seen; a further one is there and must not disturb. */
export interface Chats {
  /** For the names of tests. */
  readonly name: string;
  readonly chats: readonly ChatKind[];
}

/** Both at once. */
export const BOTH: Chats = { name: 'Slack beside Microsoft Teams', chats: ['slack-socket', 'teams'] };

/** Every chat by every way, for the main job. */
export const CHATS: readonly Chats[] = [
  { name: 'Slack by socket', chats: ['slack-socket'] },
  { name: 'Slack by http', chats: ['slack-http'] },
  { name: 'Microsoft Teams', chats: ['teams'] },
  BOTH,
];

/** Every chat once, for what does not hang on the way in. */
export const PLATFORMS: readonly Chats[] = [
  { name: 'Slack', chats: ['slack-socket'] },
  { name: 'Microsoft Teams', chats: ['teams'] },
];

export async function handsOf(kind: ChatKind): Promise<Hands> {
  if (kind === 'teams') return teamsHands();
  return slackHands(kind === 'slack-http' ? 'http' : 'socket');
}
