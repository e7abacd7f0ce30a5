import { sha256 } from './canonical.ts';
import { type Account, accountKey, type Link, type People, type Person, personOf } from './person.ts';
import { type Refusal, refusal } from './refusal.ts';

/** What people say of their accounts. Of a code only the hash is written, so that nobody can take it out of the log. */
export type PeopleEvent =
  /** Whoever types the code elsewhere owns this account too. A newer offer of an account replaces its older one. */
  | { readonly type: 'link-offered'; readonly account: Account; readonly hash: string; readonly expiresAt: string }
  /** Somebody typed the code: from now on nobody else can use it, even if many saw it being typed. */
  | { readonly type: 'link-claimed'; readonly account: Account; readonly hash: string }
  /** Whoever uses `account` counts as the person from now on; `with` is the account that proved it. */
  | {
      readonly type: 'account-linked';
      readonly person: string;
      readonly account: Account;
      readonly with: Account;
      readonly hash: string;
    }
  | { readonly type: 'account-unlinked'; readonly person: string; readonly account: Account };

interface Offer {
  readonly account: Account;
  readonly hash: string;
  readonly expiresAt: string;
  readonly claimedBy?: Account;
}

/** All that the stream `people` says: a fold, kept in memory. */
export interface Links {
  /** Of the newest entry in it. */
  readonly seq: number;
  readonly version: number;
  /** The highest vocabulary of its entries. */
  readonly needs: number;
  readonly links: readonly Link[];
  readonly offers: readonly Offer[];
  /** When each account made codes lately, milliseconds since 1970. */
  readonly lately: Readonly<Record<string, readonly number[]>>;
}

export const NO_LINKS: Links = { seq: 0, version: 0, needs: 1, links: [], offers: [], lately: {} };

/** A code can be used for so long, in milliseconds. */
export const OFFER_MS = 600_000;
/** Codes that one account can have made within the life of one: each is an entry in the log. */
const MOST_OFFERS = 5;

/** What the fold needs of an entry of the stream `people`. */
export interface PeopleEntry {
  readonly seq: number;
  readonly version: number;
  readonly format: number;
  readonly at: string;
  readonly event: PeopleEvent;
}

/** What the links are after an entry; pure, total. What a newer version says in other words is passed over. */
export function evolveLinks(before: Links, { seq, version, format, at, event }: PeopleEntry): Links {
  const base: Links = { ...before, seq, version, needs: Math.max(before.needs, format) };
  switch (event.type) {
    case 'link-offered': {
      const { account, hash, expiresAt } = event;
      const others = before.offers.filter((one) => one.expiresAt > at && !sameKey(one.account, account));
      return { ...base, offers: [...others, { account, hash, expiresAt }], lately: offered(before, account, at) };
    }
    case 'link-claimed':
      return {
        ...base,
        offers: before.offers.map((one) => (one.hash === event.hash ? { ...one, claimedBy: event.account } : one)),
      };
    case 'account-linked': {
      const { person, account, with: through, hash } = event;
      const others = before.links.filter((one) => !sameKey(one.account, account));
      const offers = before.offers.filter((one) => one.hash !== hash);
      return { ...base, offers, links: [...others, { person, account, through, at }] };
    }
    case 'account-unlinked':
      return { ...base, links: before.links.filter((one) => !sameKey(one.account, event.account)) };
    default:
      return base;
  }
}

function offered({ lately }: Links, account: Account, at: string): Links['lately'] {
  const now = Date.parse(at);
  const recent = Object.entries(lately)
    .map(([key, times]) => [key, times.filter((time) => time > now - OFFER_MS)] as const)
    .filter(([, times]) => times.length > 0);
  const kept = Object.fromEntries(recent);
  const key = accountKey(account);
  return { ...kept, [key]: [...(kept[key] ?? []), now] };
}

function sameKey(one: Account, other: Account): boolean {
  return accountKey(one) === accountKey(other);
}

/**
 * The links that count. The configuration wins: neither an account that it gives to somebody nor a person whom it does not know
 * (any more) is touched by a link.
 */
function effectiveLinks(people: People, { links }: Links): readonly Link[] {
  return links.filter(
    ({ person, account }) => people.all.some(({ id }) => id === person) && !personOf(people, account).known,
  );
}

/** Everybody of the configuration, with the accounts that were linked to them. */
export function withLinks(people: People, links: Links): People {
  const linked = effectiveLinks(people, links);
  if (linked.length === 0) return people;
  const all = people.all.map((person) => {
    const more = linked.filter((one) => one.person === person.id).map(({ account }) => account);
    return more.length === 0 ? person : { ...person, accounts: [...person.accounts, ...more] };
  });
  return { all, linked };
}

// 32 signs that nobody takes for another when reading aloud or copying by hand: the alphabet of Douglas Crockford's base 32.
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 12;

/**
 * A code of 60 bits out of an unguessable token, e.g. `K7M3-XQ2P-9ATB`. So long that nobody has to count wrong ones: a million tries
 * a second for ten minutes find one of a thousand open codes with a chance of 1 to 1.9 million.
 */
export function codeOf(token: string): string {
  const bytes = Buffer.from(sha256(`link ${token}`), 'hex');
  const signs = [...bytes.subarray(0, CODE_LENGTH)].map((byte) => SIGNS[byte % SIGNS.length]);
  return signs.join('').replace(/(.{4})(?=.)/g, '$1-');
}

/** What is written of a code, however it was typed: in small letters, without dashes, with O for 0. */
export function hashOfCode(typed: string): string {
  const signs = typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return sha256(`code ${signs.replaceAll('O', '0').replace(/[IL]/g, '1')}`);
}

/** Why an account can be given no code now. */
export function offerRefusal(links: Links, account: Account, now: number): Refusal | undefined {
  const recent = (links.lately[accountKey(account)] ?? []).filter((time) => time > now - OFFER_MS);
  if (recent.length < MOST_OFFERS) return undefined;
  const sentence = `You have been given ${MOST_OFFERS} codes within ten minutes.`;
  return refusal('link-too-often', sentence, 'Use the newest one, or wait ten minutes.');
}

/** The offer behind a code that an account typed. Expired, used, claimed by others and never made: the answer is the same. */
export function offerBehind(links: Links, hash: string, by: Account, now: number): Offer | Refusal {
  const found = links.offers.find((one) => one.hash === hash);
  const open = found !== undefined && Date.parse(found.expiresAt) > now;
  if (!open || (found.claimedBy !== undefined && !sameKey(found.claimedBy, by)))
    return refusal(
      'link-code-unknown',
      'This code is not good, or no longer: each works once, for one account, for ten minutes.',
      'Type `link` in the other chat and use the code that you get there.',
    );
  if (!sameKey(found.account, by)) return found;
  return refusal(
    'link-same-account',
    'This code was made for this very account.',
    'Type it to the bot in the other chat, with your account there.',
  );
}

/** An account and who is known to be behind it. */
export interface Side {
  readonly account: Account;
  readonly person: Person;
  /** From another organisation, or a guest. */
  readonly external: boolean;
}

/** What two sides come to: the account that nobody knew becomes one of the known person's. */
export interface Match {
  readonly person: Person;
  readonly known: Account;
  readonly fresh: Account;
}

/** Do these two make one human? Exactly one of them must be known, for the other to become that person's. */
export function matchOf(one: Side, other: Side): Match | Refusal {
  if (one.external || other.external)
    return refusal(
      'external-person',
      'Accounts of people from outside cannot be linked.',
      'Use an account of your own organisation.',
    );
  if (one.person.known && other.person.known) return bothKnown(one.person, other.person);
  if (one.person.known) return { person: one.person, known: one.account, fresh: other.account };
  if (other.person.known) return { person: other.person, known: other.account, fresh: one.account };
  return refusal(
    'link-nobody-known',
    'The configuration knows neither of these two accounts, so it cannot be told whose they are.',
    'Ask an operator to add one of them under `people`; `whoami` shows what to add. Then link the other.',
  );
}

function bothKnown(one: Person, other: Person): Refusal {
  if (one.id === other.id)
    return refusal('already-linked', `Both accounts already belong to ${one.name}.`, 'Nothing needs to be done.');
  return refusal(
    'link-two-people',
    `These accounts belong to two people, ${one.name} (${one.id}) and ${other.name} (${other.id}).`,
    'If they are one human, ask an operator to make one entry of the two under `people`.',
  );
}

/** `Teams account "Anna" (29:1x)`. */
export function accountWords({ system, id, name }: Account): string {
  const own = systemWords(system);
  return name === undefined || name === id ? `${own} account ${id}` : `${own} account "${name}" (${id})`;
}

/** A system by the name that people know it by. */
export function systemWords(system: string): string {
  return SYSTEM_WORDS[system] ?? `${system.slice(0, 1).toUpperCase()}${system.slice(1)}`;
}

/** Those whose name is more than their id with a capital. */
const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  console: 'console',
  github: 'GitHub',
  gitlab: 'GitLab',
  email: 'e-mail',
};
