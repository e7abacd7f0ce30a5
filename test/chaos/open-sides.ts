import type { Dice } from './dice.ts';
import type { ChatId, Side } from './sides.ts';
import { slackSide } from './slack-side.ts';
import { teamsSide } from './teams-side.ts';

/** Opens these chats, each with the people of all stories in it. */
export async function openSides(ids: readonly ChatId[], dice: Dice): Promise<readonly Side[]> {
  const opened = ids.map((id) => (id === 'teams' ? teamsSide(dice.fork('teams')) : slackSide(dice)));
  return Promise.all(opened);
}
