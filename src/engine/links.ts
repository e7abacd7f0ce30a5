import type { NewEffect } from '../domain/effect.ts';
import type { NewEntry } from '../domain/event.ts';
import {
  codeOf,
  evolveLinks,
  hashOfCode,
  type Links,
  type Match,
  matchOf,
  NO_LINKS,
  OFFER_MS,
  offerBehind,
  offerRefusal,
  type PeopleEntry,
  type PeopleEvent,
  type Side,
  withLinks,
} from '../domain/links.ts';
import { type Account, personOf } from '../domain/person.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { newerRefusal } from '../domain/refusals.ts';
import { linkedCard } from '../domain/tell/whispers.ts';
import { isNewer } from '../domain/vocabulary.ts';
import type { Ledger } from '../ports/store.ts';
import { no, orUnwritable, type Refused } from './answers.ts';
import type { Caller, LinkAnswer, LinkWish, UnlinkAnswer } from './door.ts';
import { type Kit, now } from './kit.ts';
import { DONE, fenceOf, type Performer } from './performing.ts';
import { type Proposal, transact } from './transact.ts';
import { voiceTo } from './voice.ts';

/** Entries read at once. */
const BATCH = 500;

/** The links as the log has them; what was read once is not read again. */
export interface LinkBook {
  /** As they were when last read. */
  now(): Links;
  /** As they are. */
  read(): Promise<Links>;
}

export function openLinkBook(store: Pick<Ledger, 'entries'>): LinkBook {
  let known = NO_LINKS;
  return {
    now: () => known,
    async read() {
      let links = known;
      for (;;) {
        const batch = await store.entries({ stream: 'people', after: links.seq, limit: BATCH });
        // The name of the stream says of what kind its events are.
        links = batch.reduce((before, entry) => evolveLinks(before, entry as PeopleEntry), links);
        if (batch.length < BATCH) break;
      }
      if (links.seq > known.seq) known = links;
      return links;
    },
  };
}

/** What the people's part of the door works with. */
interface LinkKit extends Kit {
  readonly book: LinkBook;
}

/** Offers a code, or takes one that was typed. Nothing is linked before whoever typed it has pressed once more. */
export function linkAccounts(kit: LinkKit, caller: Caller, wish: LinkWish): Promise<LinkAnswer> {
  const code = codeOf(kit.token());
  return told<LinkAnswer>(kit, () =>
    transact<LinkAnswer>(kit, { key: caller.key }, async () => {
      const links = await kit.book.read();
      const refused = stopped(caller, links);
      if (refused !== undefined) return denied(refused);
      return wish.kind === 'offer' ? offer(kit, caller, links, code) : redeem(kit, caller, links, wish);
    }),
  );
}

/** Whoever is answered finds it so at once on this instance; the others hear of it from the log. */
async function told<T>(kit: LinkKit, work: () => Promise<T | 'duplicate'>) {
  const answer = await orUnwritable<T>(kit, work);
  // It is written already: a log that cannot be read now is read with the next notice.
  await kit.book.read().catch((error: unknown) => kit.log.warn({ error: String(error) }, 'links could not be read'));
  return answer;
}

function stopped(caller: Caller, links: Links): Refusal | undefined {
  if (isNewer(links.needs)) return newerRefusal('What is linked');
  if (!caller.external) return undefined;
  return refusal(
    'external-person',
    'People from outside this workspace may look, but not act.',
    'Ask somebody of the team.',
  );
}

function denied(one: Refusal): Proposal<Refused> {
  return { moves: [], answer: () => no(one) };
}

function offer(kit: LinkKit, caller: Caller, links: Links, code: string): Proposal<LinkAnswer> {
  const refused = offerRefusal(links, caller.account, kit.clock.now());
  if (refused !== undefined) return denied(refused);
  const expiresAt = new Date(kit.clock.now() + OFFER_MS).toISOString();
  const event: PeopleEvent = { type: 'link-offered', account: caller.account, hash: hashOfCode(code), expiresAt };
  return {
    moves: [],
    others: [written(kit, caller, links, event)],
    answer: () => ({ kind: 'offered', code, expiresAt }),
  };
}

async function redeem(
  kit: LinkKit,
  caller: Caller,
  links: Links,
  { code, confirmed }: Extract<LinkWish, { kind: 'redeem' }>,
): Promise<Proposal<LinkAnswer>> {
  const hash = hashOfCode(code);
  const found = offerBehind(links, hash, caller.account, kit.clock.now());
  if ('code' in found) return denied(found);
  const [offerer, redeemer] = await Promise.all([
    surely(kit, links, { account: found.account, external: false }),
    surely(kit, links, caller),
  ]);
  const match = matchOf(offerer, redeemer);
  if ('code' in match) return denied(match);
  if (confirmed && found.claimedBy !== undefined) return joined(kit, caller, links, hash, match, { offerer, redeemer });
  const claim: PeopleEvent = { type: 'link-claimed', account: caller.account, hash };
  return {
    moves: [],
    others: found.claimedBy === undefined ? [written(kit, caller, links, claim)] : [],
    answer: () => ({ kind: 'confirm', ...match, other: offerer.account, code }),
  };
}

function joined(
  kit: LinkKit,
  caller: Caller,
  links: Links,
  hash: string,
  match: Match,
  { offerer, redeemer }: { readonly offerer: Side; readonly redeemer: Side },
): Proposal<LinkAnswer> {
  const { person, known, fresh } = match;
  const event: PeopleEvent = { type: 'account-linked', person: person.id, account: fresh, with: known, hash };
  const key = `linked:${hash}`;
  const { name } = person;
  const effect = { kind: 'linked', to: offerer.account, other: redeemer.account, person: name, fresh } as const;
  const news: NewEffect = { key, lane: key, mode: 'once', effect, due: kit.clock.now() };
  return {
    moves: [],
    others: [written(kit, caller, links, event)],
    effects: [news],
    answer: () => ({ kind: 'linked', ...match, other: offerer.account }),
  };
}

/**
 * Who is behind an account, and never "nobody" only because the platform could not be asked: that would let an account whose owner is
 * known by e-mail be taken for a stranger's.
 * @throws PortFailure when the platform cannot be asked now
 */
async function surely(
  kit: Kit,
  links: Links,
  { account, external }: { readonly account: Account; readonly external: boolean },
): Promise<Side> {
  const profile = await kit.chats.get(account.system)?.profile?.(account);
  const present = personOf(withLinks(kit.catalog().people, links), account);
  const person = present.known ? present : await kit.identify(account);
  if (profile === undefined) return { account, person, external };
  return { account: { ...account, name: profile.name }, person, external: external || profile.external };
}

/** Takes back what `link` has brought; it can only take rights away. */
export function unlinkAccounts(kit: LinkKit, caller: Caller, system: string): Promise<UnlinkAnswer> {
  return told<UnlinkAnswer>(kit, () =>
    transact<UnlinkAnswer>(kit, { key: caller.key }, async () => {
      const links = await kit.book.read();
      const refused = stopped(caller, links);
      if (refused !== undefined) return denied(refused);
      const own = links.links.filter(({ person }) => caller.person.known && person === caller.person.id);
      const gone = own.filter(({ account }) => account.system === system.toLowerCase());
      if (gone.length === 0) return denied(notLinked(system, own));
      const events = gone.map(({ person, account }) => ({ type: 'account-unlinked', person, account }) as const);
      return {
        moves: [],
        others: events.map((event) => written(kit, caller, links, event)),
        answer: () => ({ kind: 'unlinked', accounts: gone.map(({ account }) => account) }),
      };
    }),
  );
}

function notLinked(system: string, own: Links['links']): Refusal {
  const systems = [...new Set(own.map(({ account }) => account.system))].join(', ');
  const next = systems === '' ? 'What the configuration says only an operator can change.' : `Linked: ${systems}.`;
  return refusal('not-linked', `No ${system} account was linked to you with \`link\`.`, next);
}

function written(
  kit: Kit,
  caller: Caller,
  { version }: Links,
  event: PeopleEvent,
): { readonly entry: NewEntry; readonly version: number } {
  return { entry: { stream: 'people', event, by: caller.person, at: now(kit) }, version };
}

/** Tells whoever made the code what became of it. Somebody who cannot be reached sees it with `whoami`. */
export const linked: Performer<'linked'> = async (kit, _groups, effect, work) => {
  const { to, other } = effect;
  const chat = kit.chats.get(to.system);
  if (chat === undefined) return DONE;
  // They are one person by now; which of the two accounts the configuration knows does not matter.
  const { people } = kit.catalog();
  const [first, second] = [personOf(people, to), personOf(people, other)];
  const announcement = linkedCard(effect, await voiceTo(kit, first.known ? first : second));
  await chat.whisper(to, { key: work.key, announcement, revision: 0 }, undefined, fenceOf(work));
  return DONE;
};
