import type { Announcement } from '../domain/announcement.ts';
import { type Audience, type Place, placeKey } from '../domain/catalog.ts';
import { happen } from '../domain/decide.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Topic } from '../domain/effect.ts';
import { deploymentStream, type Entry } from '../domain/event.ts';
import { urgencyOf } from '../domain/preferences.ts';
import { refusal } from '../domain/refusal.ts';
import { rulesOf } from '../domain/rules.ts';
import { introduction, tell } from '../domain/tell/index.ts';
import { reply } from '../domain/tell/replies.ts';
import { isWhispered, whisperCard } from '../domain/tell/whispers.ts';
import type { ChatPlatform, MessageHandle, Outgoing } from '../ports/chat.ts';
import { type FailureKind, PortFailure } from '../ports/failure.ts';
import type { Work } from '../ports/store.ts';
import { configured } from './admission.ts';
import { tellContext } from './context.ts';
import { cardKey } from './effects.ts';
import { type Groups, membersInstead } from './groups.ts';
import { type Kit, now } from './kit.ts';
import { markBroken } from './locks-and-places.ts';
import { DONE, fenceOf, type HeldWork, leaseLost, type Outcome, type Performer, settled } from './performing.ts';
import { cardNow } from './picture.ts';
import { hearings, subscriptionsOf } from './places.ts';
import { asWanted } from './quiet.ts';
import { report } from './report.ts';
import { membersOf } from './train-rows.ts';
import { voiceTo } from './voice.ts';

/** A terminal picture is worth a day of trying; with pauses of five minutes that is this often. */
const MOST_TRIES = 300;

export function chatOf(kit: Kit, place: Place): ChatPlatform {
  const chat = kit.chats.get(place.chat);
  if (chat !== undefined) return chat;
  throw new PortFailure(`The chat "${place.chat}" is not set up.`, {
    port: 'chat',
    kind: 'not-found',
    retryable: false,
    code: 'chat_not_set_up',
  });
}

/** Makes the root message show the row as it is now. Posts once, edits ever after. */
export const card: Performer<'card'> = async (kit, _groups, effect, work) => {
  const { place, audience } = effect;
  const deployment = await kit.store.deployment(effect.deployment);
  if (deployment === undefined) return DONE;
  const message = await messageOf(kit, deployment, place, audience, work.key);
  try {
    return { kind: 'done', handle: await show(chatOf(kit, place), place, message, work, deployment.requestedAt) };
  } catch (error) {
    if (!(error instanceof PortFailure) || (error.details.retryable && work.attempts < MOST_TRIES)) throw error;
    if (!work.stands()) throw leaseLost(error.details.inDoubt);
    return undelivered(kit, deployment, effect, work, error);
  }
};

/** A train is told in the words that the place wants now: those of one member may not be those of another. */
async function messageOf(
  kit: Kit,
  deployment: Deployment,
  place: Place,
  audience: Audience,
  key: string,
): Promise<Outgoing> {
  const whole = deployment.train === undefined ? undefined : await cardNow(kit, deployment, place, key, audience);
  if (whole !== undefined) return whole;
  const announcement = tell(deployment, audience, await tellContext(kit, deployment));
  return { key, announcement, revision: deployment.revision };
}

async function show(
  chat: ChatPlatform,
  place: Place,
  message: Outgoing,
  work: HeldWork,
  since: string,
): Promise<MessageHandle> {
  const { handle } = work;
  const fence = fenceOf(work);
  if (handle === undefined)
    return (await earlier(chat, place, message, work, since)) ?? (await chat.post(place, message, fence));
  try {
    await chat.update(handle, handle.continued === true ? continued(message) : message, fence);
    return handle;
  } catch (error) {
    // Somebody deleted the message: the deployment still needs one. A place that is gone fails again at the post.
    if (!(error instanceof PortFailure) || error.details.kind !== 'gone') throw error;
  }
  const next = continued(message);
  const found = (await earlier(chat, place, next, work, since)) ?? (await chat.post(place, next, fence));
  return { ...found, continued: true };
}

function continued(message: Outgoing): Outgoing {
  const { announcement } = message;
  return { ...message, announcement: { ...announcement, context: [...announcement.context, ' · continued'] } };
}

/** A former attempt may have posted although it seemed to fail: look before posting again, and bring what is there up to date. */
export async function earlier(
  chat: ChatPlatform,
  place: Place,
  message: Outgoing,
  work: HeldWork,
  since: string,
): Promise<MessageHandle | undefined> {
  if (work.inDoubtSince === undefined) return undefined;
  const found = await chat.find(place, message.key, since);
  if (found === 'none' || found === 'cannot-look') return undefined;
  await chat.update(found, message, fenceOf(work));
  return found;
}

/** Nothing can be delivered there. If nobody can see the request anywhere, nobody can approve it: better a loud no than a silent wait. */
async function undelivered(
  kit: Kit,
  deployment: Deployment,
  effect: { place: Place; audience: Audience },
  work: Work,
  error: PortFailure,
): Promise<Outcome> {
  const code = error.details.code ?? error.details.kind;
  kit.log.warn({ deployment: deployment.id, place: placeKey(effect.place), code }, 'a card could not be delivered');
  if (LOST.has(error.details.kind)) await markBroken(kit, effect.place, code);
  await report(kit, {
    deployment: deployment.id,
    settles: { ...settled(work), outcome: { kind: 'given-up', error: code } },
    decide: async (row) => {
      const told = { type: 'card-undelivered' as const, place: effect.place, code };
      if (effect.audience !== 'engineering' || !(await isUnseen(kit, row, effect.place))) return happen(told);
      const why = refusal(
        'card-undeliverable',
        `The request could not be shown to anybody (${code}).`,
        'Invite the bot to the channel, then ask again.',
      );
      return happen(told, { type: 'refused', refusals: [why] });
    },
  });
  return { kind: 'reported' };
}

/** Failures that trying again will not mend: somebody must let the bot in first. */
const LOST: ReadonlySet<FailureKind> = new Set(['gone', 'forbidden', 'not-found']);

/** Does a request wait for people of whom nobody can see it? */
async function isUnseen(kit: Kit, row: Deployment, lost: Place): Promise<boolean> {
  const waits = row.state === 'requested' || row.state === 'checking' || row.state === 'awaiting-approval';
  const asks = row.plan === undefined ? configured(kit, row) !== undefined : rulesOf(row.plan).length > 0;
  if (!waits || !asks) return false;
  const heard = hearings(row, kit.catalog(), await kit.store.placeBooks());
  return !heard.some(({ place, audience }) => audience === 'engineering' && placeKey(place) !== placeKey(lost));
}

const LOUD: ReadonlySet<Topic> = new Set(['failed', 'rolling-back', 'rolled-back', 'hotfix-asked', 'glass-broken']);

/** Says something new under the root message, in the order of the log. */
export const replyUnder: Performer<'reply'> = async (kit, groups, effect, work) => {
  const { place, audience, topic } = effect;
  const deployment = await kit.store.deployment(effect.deployment);
  if (deployment === undefined || (await isStale(kit, topic, deployment))) return DONE;
  const chat = chatOf(kit, place);
  const under = await kit.store.handle(cardKey(deployment, effect));
  if (under === undefined && work.attempts < 10)
    return {
      kind: 'later',
      due: kit.clock.now() + 500 * (work.attempts + 1),
      error: 'the root message is not there yet',
    };
  const announcement = await asWanted(
    kit,
    await spoken(kit, groups, deployment, topic, effect.entry, audience),
    urgencyOf(topic),
  );
  const message: Outgoing = {
    key: work.key,
    announcement,
    revision: deployment.revision,
    ...(under === undefined ? {} : { under }),
    broadcast: LOUD.has(topic),
  };
  const found = await earlier(chat, place, message, work, deployment.requestedAt);
  return { kind: 'done', handle: found ?? (await chat.post(place, message, fenceOf(work))) };
};

const CALLS: ReadonlySet<Topic> = new Set(['approval-needed', 'reminder', 'nudge', 'escalated']);

/** A call for approvers that comes after the decision would only disturb. */
async function isStale(kit: Kit, topic: Topic, deployment: Deployment): Promise<boolean> {
  if (!CALLS.has(topic)) return false;
  const rows = deployment.train === undefined ? [deployment] : await membersOf(kit.store, deployment);
  return rows.every(({ state }) => state !== 'awaiting-approval');
}

async function entryOf(kit: Kit, { id }: Deployment, version: number): Promise<Entry | undefined> {
  const entries = await kit.store.entries({ stream: deploymentStream(id), limit: 1000 });
  return entries.find((one) => one.version === version);
}

async function spoken(
  kit: Kit,
  groups: Groups,
  deployment: Deployment,
  topic: Topic,
  version: number,
  audience: Audience,
): Promise<Announcement> {
  const entry = await entryOf(kit, deployment, version);
  const context = await tellContext(kit, deployment);
  const members = CALLS.has(topic) ? await membersInstead(kit, groups, deployment) : {};
  return reply(deployment, topic, entry, audience, { ...context, members });
}

/** Tells one person, where that person is: on the chat the request came from if possible. */
export const whisper: Performer<'whisper'> = async (kit, groups, effect, work) => {
  const deployment = await kit.store.deployment(effect.deployment);
  if (deployment === undefined) return DONE;
  const accounts = effect.to.accounts.filter(({ system }) => kit.chats.has(system));
  const account = accounts.find(({ system }) => system === deployment.origin?.chat) ?? accounts[0];
  const chat = account === undefined ? undefined : kit.chats.get(account.system);
  if (account === undefined || chat === undefined) return DONE;
  const { topic } = effect;
  const announcement = isWhispered(topic)
    ? whisperCard(
        deployment,
        topic,
        await entryOf(kit, deployment, effect.entry),
        { catalog: kit.catalog() },
        await voiceTo(kit, effect.to),
      )
    : await spoken(kit, groups, deployment, topic, effect.entry, 'engineering');
  const where = deployment.origin?.chat === account.system ? deployment.origin : undefined;
  await chat.whisper(account, { key: work.key, announcement, revision: deployment.revision }, where, fenceOf(work));
  return DONE;
};

export const intro: Performer<'intro'> = async (kit, _groups, effect, work) => {
  const books = await kit.store.placeBooks();
  const heard = subscriptionsOf(kit.catalog(), books).filter(({ place }) => placeKey(place) === placeKey(effect.place));
  const chat = chatOf(kit, effect.place);
  const message = {
    key: work.key,
    announcement: introduction(heard, chat.command ?? kit.catalog().command),
    revision: 0,
  };
  const found = await earlier(chat, effect.place, message, work, now(kit));
  return { kind: 'done', handle: found ?? (await chat.post(effect.place, message, fenceOf(work))) };
};
