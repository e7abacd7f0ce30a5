import { randomUUID } from 'node:crypto';
import type { Announcement } from '../../../../src/domain/announcement.ts';
import { frameVoice, words } from '../../../../src/domain/tell/words/say.ts';
import { MAIN_CHANNEL } from '../channels.ts';
import { type Ear, placeOf } from '../chat.ts';
import { type Html, html } from '../markup.ts';
import { card } from '../render.ts';
import { type Frame, layout, readerOf } from './layout.ts';
import { empty } from './pieces.ts';

/** What waits for the viewer and is theirs: the answer to `home`, in their language, without a message of it in any channel. */
export async function mePage(frame: Frame, ear: Ear): Promise<Html> {
  // Nobody says here who they are, and the page of the first of all would be somebody else's.
  const announcement = frame.readOnly ? undefined : await ear.during(asked(frame, ear));
  const voice = frameVoice(announcement ?? {});
  const title = words(voice, 'home.page');
  const body = html`<div class="page"${voice.language !== 'en' && html` lang="${voice.language}"`}>
    <h1>${title}</h1>
    <div id="me" data-live>${content(frame, announcement)}</div>
  </div>`;
  return layout(frame, { title, current: 'me', body });
}

function content(frame: Frame, announcement: Announcement | undefined): Html {
  const { command } = frame.catalog;
  if (frame.readOnly) {
    return empty('Who you are is not known here', html`Type <code>${command} home</code> in the chat for your page.`);
  }
  if (announcement === undefined) return empty('Not ready yet', html`Try again in a moment.`);
  // The page is open already, and presses on it carry no message.
  const links = announcement.links.filter(({ url }) => !url.endsWith('/me'));
  return card('me-card', { ...announcement, links }, { ...readerOf(frame), message: '' });
}

async function asked({ viewer }: Frame, ear: Ear): Promise<Announcement | undefined> {
  const reply = await ear.inbox()?.receive({
    key: `console:me-${randomUUID()}`,
    place: placeOf(MAIN_CHANNEL),
    actor: viewer.account,
    external: false,
    input: { kind: 'text', text: 'home' },
  });
  return reply?.kind === 'say' ? reply.announcement : undefined;
}
