import { runEnded } from '../domain/run.ts';
import { outsideCard } from '../domain/tell/outside.ts';
import { PortFailure } from '../ports/failure.ts';
import { chatOf, earlier } from './perform-chat.ts';
import { DONE, fenceOf, type Performer } from './performing.ts';

/** Shows in a place that something was started past us: posts once, and edits that message when the run has ended. */
export const outsideRun: Performer<'outside-run'> = async (kit, _groups, effect, work) => {
  const { place, outside, spots } = effect;
  const chat = chatOf(kit, place);
  const message = {
    key: work.key,
    announcement: outsideCard(outside, spots),
    revision: runEnded(outside.state) ? 1 : 0,
  };
  const fence = fenceOf(work);
  if (work.handle === undefined) {
    const found = await earlier(chat, place, message, work, outside.began);
    return { kind: 'done', handle: found ?? (await chat.post(place, message, fence)) };
  }
  try {
    await chat.update(work.handle, message, fence);
  } catch (error) {
    // Somebody took the message away: they have read it.
    if (!(error instanceof PortFailure) || error.details.kind !== 'gone') throw error;
  }
  return DONE;
};
