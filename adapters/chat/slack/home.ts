import type { HomeView } from '@slack/types';
import type { Announcement } from '../../../src/domain/announcement.ts';
import type { EventShape } from './inbound-shapes.ts';
import { LIMITS } from './limits.ts';
import { type Desk, replyTo } from './reception.ts';
import { render } from './render.ts';
import type { Claim, Workspace } from './workspace.ts';

/**
 * Somebody opened the Home tab of the app: the answer to `home` is put there. Never throws; the tab then keeps what it showed.
 * Source: docs.slack.dev, `app_home_opened` and `views.publish`.
 */
export async function onHomeOpened(desk: Desk, { event_id, event }: EventShape, claim: Claim): Promise<void> {
  // The event also comes for the Messages tab, which shows the conversation by itself.
  if (event.user === undefined || event.tab !== 'home') return;
  const reply = await replyTo(desk, {
    key: event_id,
    claim,
    user: { id: event.user, name: undefined, team: event.user_team ?? event.team },
    origin: { channel: event.channel, user: event.user },
    input: { kind: 'text', text: 'home' },
  });
  if (reply.kind !== 'say') return;
  try {
    await desk.sender.publishHome(event.user, homeView(reply.announcement, desk.workspace()));
  } catch (error) {
    desk.log.error({ error, user: event.user }, 'slack home could not be shown');
  }
}

/** The Home tab's dress of an announcement. A press in a tab comes without a channel to answer in: buttons are left out, links stay. */
export function homeView(announcement: Announcement, workspace: Workspace): HomeView {
  const { blocks } = render({ ...announcement, buttons: [] }, workspace, 0);
  return { type: 'home', blocks: blocks.slice(0, LIMITS.viewBlocks) };
}
