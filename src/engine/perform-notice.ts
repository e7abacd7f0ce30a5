import { isOn } from '../domain/delegation.ts';
import type { Notice } from '../domain/notice.ts';
import type { Person } from '../domain/person.ts';
import { noticeCard } from '../domain/tell/notices.ts';
import { commonVoice } from '../domain/tell/words/say.ts';
import type { Outgoing } from '../ports/chat.ts';
import { type Kit, now } from './kit.ts';
import { chatOf, earlier } from './perform-chat.ts';
import { DONE, fenceOf, type Performer } from './performing.ts';
import { heldUntil } from './quiet.ts';
import { voiceTo } from './voice.ts';

/** Tells a person, on the first of their chats that this installation has, or a place. Nobody to be reached: nothing is told. */
export const notice: Performer<'notice'> = async (kit, _groups, effect, work) => {
  const { to } = effect;
  const voice = 'place' in to ? commonVoice(now(kit)) : await voiceTo(kit, to.person);
  const announcement = noticeCard(effect.notice, { catalog: kit.catalog() }, voice);
  const message: Outgoing = { key: work.key, announcement, revision: 0 };
  if ('place' in to) {
    const chat = chatOf(kit, to.place);
    const found = await earlier(chat, to.place, message, work, new Date(work.due).toISOString());
    return { kind: 'done', handle: found ?? (await chat.post(to.place, message, fenceOf(work))) };
  }
  if (await isOutdated(kit, effect.notice, to.person)) return DONE;
  const held = await heldUntil(kit, effect.notice, to.person);
  if (held !== undefined)
    return {
      kind: 'later',
      due: held,
      error: 'quiet hours',
      courtesy: true,
      untouched: true,
      ...(work.inDoubtSince === undefined ? {} : { inDoubt: true }),
    };
  const account = to.person.accounts.find(({ system }) => kit.chats.has(system));
  const chat = account === undefined ? undefined : kit.chats.get(account.system);
  if (account === undefined || chat === undefined) return DONE;
  await chat.whisper(account, message, undefined, fenceOf(work));
  return DONE;
};

/** The end of a delegation that was held until the morning, while a new one has begun, which was told at once. */
async function isOutdated(kit: Kit, notice: Notice, to: Person): Promise<boolean> {
  if (notice.kind !== 'delegation-ended') return false;
  const { delegation } = await kit.store.personBook(notice.by.id);
  return delegation !== undefined && delegation.to.id === to.id && isOn(delegation, now(kit));
}
