import { type Announcement, type Fact, note, type Section } from '../announcement.ts';
import type { Catalog } from '../catalog.ts';
import { type Deployment, stateWords } from '../deployment.ts';
import { scopeWords } from '../held.ts';
import { type HeldLock, scopeKey } from '../lock.ts';
import { type Person, sameHuman } from '../person.ts';
import type { PersonBook, Preferences } from '../person-book.ts';
import { exclusionOf } from '../policy.ts';
import type { Review } from '../review.ts';
import { askedProgress } from '../rules.ts';
import { counted, type Inline, plain, type Text } from '../text.ts';
import { pageUrl, summary, type TellContext } from './context.ts';

/** Everything that a person's own page is made of, read at one moment. */
export interface Home {
  readonly person: Person;
  /** What has not ended, of everybody. */
  readonly open: readonly Deployment[];
  /** Every lock that stands. */
  readonly locks: readonly HeldLock[];
  /** Reviews that nobody has closed. */
  readonly reviews: readonly Review[];
  /** The books of everybody who ever said anything. */
  readonly books: readonly PersonBook[];
}

/** Lists on one card; more than that is a page's matter. */
const SHOWN = 10;

/** One person's page: what waits for them, what is theirs, and what they asked the bot to heed. The same on every surface. */
export function homeCard(home: Home, context: TellContext): Announcement {
  const { person } = home;
  const waits = home.open.filter((one) => waitsFor(one, home, context));
  const mine = home.open.filter((one) => sameHuman(one.requester, person));
  const locks = home.locks.filter(({ lock }) => sameHuman(lock.by, person));
  const reviews = home.reviews.filter((one) => mayReview(one, person));
  const title: Text = [{ kind: 'strong', text: person.name }, ': ', said(waits.length, reviews.length)];
  const lists = [
    list(
      'Waits for you',
      waits.map((one) => deploymentItem(one, context)),
    ),
    list(
      'Your open deployments',
      mine.map((one) => deploymentItem(one, context)),
    ),
    list(
      'Locks you hold',
      locks.map((one) => lockItem(one)),
    ),
    list(
      'Reviews you may do',
      reviews.map((one) => reviewItem(one, context)),
    ),
  ].filter(({ total }) => total > 0);
  const book = home.books.find((one) => one.person === person.id);
  const words = `${plain(title)} You have ${counted(mine.length, 'open deployment')} and hold ${counted(locks.length, 'lock')}.`;
  return {
    ...note(
      waits.length + reviews.length > 0 ? 'waiting' : 'neutral',
      title,
      summary(words),
      lists.length === 0 ? [['Nothing of yours is under way.']] : [],
    ),
    facts: [...deputyFacts(home, context), ...preferenceFacts(book?.preferences ?? {}, context.catalog.timeZone)],
    sections: lists,
    buttons: waits
      .slice(0, 5)
      .map(({ id }) => ({ label: `Show ${id}`, verb: 'run', value: `status ${id}`, style: 'plain' })),
    links:
      context.catalog.baseUrl === undefined ? [] : [{ label: 'Open Your Page', url: `${context.catalog.baseUrl}/me` }],
    context: ['As of ', { kind: 'time', at: context.now, style: 'clock' }],
  };
}

function said(waits: number, reviews: number): string {
  if (waits + reviews === 0) return 'nothing waits for you.';
  const parts = [
    ...(waits === 0 ? [] : [counted(waits, 'request')]),
    ...(reviews === 0 ? [] : [counted(reviews, 'review')]),
  ];
  return `${parts.join(' and ')} ${waits + reviews === 1 ? 'waits' : 'wait'} for you.`;
}

/** Could this person's countersignature, or one in somebody's stead, still help? As far as was known when it was checked. */
export function waitsFor(
  deployment: Deployment,
  { person, books }: Pick<Home, 'person' | 'books'>,
  { catalog, now }: Pick<TellContext, 'catalog' | 'now'>,
): boolean {
  const { state, findings, countersignatures } = deployment;
  if (state !== 'awaiting-approval' || findings === undefined || !person.known) return false;
  if (exclusionOf(person, findings.excluded) !== undefined) return false;
  if (countersignatures.some(({ by }) => sameHuman(by, person))) return false;
  const heads = [person.id, ...standingFor(person, books, now).map((book) => book.person)];
  const open = askedProgress(deployment).filter(({ rule, by }) => by.length < rule.count);
  return open.some(({ rule }) =>
    [rule.group, ...(rule.instead ?? [])].some((group) => {
      const listed = findings.eligible.find((one) => one.group === group);
      const source = catalog.groups[group]?.source;
      const ids = [
        ...(listed?.may ?? []).map(({ id }) => id),
        ...(listed?.mayNot ?? []).map((one) => one.person.id),
        ...(source?.kind === 'people' ? source.people : []),
      ];
      return heads.some((head) => ids.includes(head));
    }),
  );
}

/** Books of the people in whose stead somebody decides now. */
function standingFor(person: Person, books: readonly PersonBook[], now: string): readonly PersonBook[] {
  return books.filter(
    ({ delegation }) =>
      delegation !== undefined && sameHuman(delegation.to, person) && delegation.from <= now && now < delegation.until,
  );
}

/** May they close a review: known, and without a part in what is looked at? */
export function mayReview({ barred, closed }: Review, person: Person): boolean {
  return person.known && closed === undefined && !barred.some((one) => sameHuman(one, person));
}

/** How a review stands in a list. */
export function reviewItem(review: Review, { catalog, now }: Pick<TellContext, 'catalog' | 'now'>): Text {
  const late = review.dueAt < now;
  return [
    idInline(review.deployment, catalog),
    ` · ${review.service} → ${review.environment} (${review.causes.join(', ')}) · ${late ? 'was due ' : 'due '}`,
    { kind: 'time', at: review.dueAt, style: 'date' },
  ];
}

function deploymentItem({ id, service, environment, state, requester, since }: Deployment, context: TellContext): Text {
  return [
    idInline(id, context.catalog),
    ' ',
    { kind: 'strong', text: stateWords(state).word },
    ` · ${service} → ${environment} · by ${requester.name} · since `,
    { kind: 'time', at: since, style: 'date' },
  ];
}

function lockItem({ scope, lock }: HeldLock): Text {
  const until: Text =
    lock.expiresAt === undefined ? [] : [' · until ', { kind: 'time', at: lock.expiresAt, style: 'date' }];
  return [{ kind: 'strong', text: scopeWords(scopeKey(scope)) }, `: ${lock.reason}`, ...until];
}

function idInline(id: string, catalog: Catalog): Inline {
  const url = pageUrl({ id }, { catalog });
  return url === undefined ? { kind: 'strong', text: id } : { kind: 'link', text: id, url };
}

function list(title: string, items: readonly Text[]): Section {
  return { title, items: items.slice(0, SHOWN), total: items.length };
}

function deputyFacts({ person, books }: Home, { catalog, now }: TellContext): readonly Fact[] {
  const own = books.find((one) => one.person === person.id)?.delegation;
  const mine: readonly Fact[] =
    own === undefined || own.until <= now
      ? []
      : [{ label: 'Decides for you', value: [`${own.to.name}, `, ...span(own)] }];
  const others = standingFor(person, books, now).map((book): Fact => {
    const name = catalog.people.all.find(({ id }) => id === book.person)?.name ?? book.person;
    return {
      label: 'You decide for',
      value: [name, ...(book.delegation === undefined ? [] : [', ', ...span(book.delegation)])],
    };
  });
  return [...mine, ...others];
}

function span({ from, until }: { readonly from: string; readonly until: string }): Text {
  return ['from ', { kind: 'time', at: from, style: 'date' }, ' until ', { kind: 'time', at: until, style: 'date' }];
}

const MENTION_WORDS = {
  all: 'whenever you are named',
  needed: 'only when it cannot go on without you',
  none: 'never',
} as const;

/** What somebody asked the bot to heed, in words. `zone`: the team's time zone, which counts for whoever has not said their own. */
export function preferenceFacts({ mentions, quiet, timeZone }: Preferences, zone = 'Etc/UTC'): readonly Fact[] {
  return [
    { label: 'You are rung', value: [MENTION_WORDS[mentions ?? 'all']] },
    { label: 'Quiet hours', value: [quiet === undefined ? 'none' : `${quiet.from} to ${quiet.to}`] },
    { label: 'Your time zone', value: [timeZone ?? `${zone} (the team's)`] },
  ];
}
