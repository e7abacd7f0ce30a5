import { noticeCard } from '../domain/tell/notices.ts';
import type { Outgoing } from '../ports/chat.ts';
import { now } from './kit.ts';
import { chatOf, earlier } from './perform-chat.ts';
import { DONE, fenceOf, type Performer } from './performing.ts';
import { heldUntil } from './quiet.ts';

/** Tells a person, on the first of their chats that this installation has, or a place. Nobody to be reached: nothing is told. */
export const notice: Performer<'notice'> = async (kit, _groups, effect, work) => {
  const { to } = effect;
  const context = { catalog: kit.catalog(), now: now(kit) };
  const message: Outgoing = { key: work.key, announcement: noticeCard(effect.notice, context), revision: 0 };
  if ('place' in to) {
    const chat = chatOf(kit, to.place);
    const found = await earlier(chat, to.place, message, work, new Date(work.due).toISOString());
    return { kind: 'done', handle: found ?? (await chat.post(to.place, message, fenceOf(work))) };
  }
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
