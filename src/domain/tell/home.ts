import { type Announcement, type Fact, note, type Section } from '../announcement.ts';
import type { Catalog } from '../catalog.ts';
import type { Deployment } from '../deployment.ts';
import { type HeldLock, scopeKey } from '../lock.ts';
import { type Person, sameHuman } from '../person.ts';
import type { Delegation, PersonBook, Preferences } from '../person-book.ts';
import type { Review } from '../review.ts';
import { type Circle, waitsForWord } from '../standing.ts';
import { type Inline, plain, type Text } from '../text.ts';
import { asPart, trainIn } from '../train.ts';
import { pageUrl, summary, type TellContext } from './context.ts';
import { causesSaid, inLanguage, moment, say, scopeSaid, stateSaid, type Voice, voiceOf, words } from './words/say.ts';

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
  /** Who is in the groups that are asked, where it could be read now. */
  readonly rosters?: NonNullable<Circle['rosters']>;
}

/** Lists on one card; more than that is a page's matter. */
const SHOWN = 10;

/** One person's page: what waits for them, what is theirs, and what they asked the bot to heed. The same on every surface. */
export function homeCard(home: Home, context: Pick<TellContext, 'catalog' | 'now'>): Announcement {
  const { person } = home;
  const preferences = home.books.find((one) => one.person === person.id)?.preferences ?? {};
  const { catalog } = context;
  const voice = voiceOf(preferences, catalog, context.now);
  const waits = home.open.filter((one) =>
    waitsForWord(asPart(one, trainIn(one, home.open)), person, { ...context, ...home }),
  );
  const mine = home.open.filter((one) => sameHuman(one.requester, person));
  const locks = home.locks.filter(({ lock }) => sameHuman(lock.by, person));
  const reviews = home.reviews.filter((one) => mayReview(one, person));
  const show = (one: Deployment) => deploymentItem(one, catalog, voice);
  const lists = [
    list(words(voice, 'home.list.waits'), waits, show),
    list(words(voice, 'home.list.open'), mine, show),
    list(words(voice, 'home.list.locks'), locks, (one) => lockItem(one, voice)),
    list(words(voice, 'home.list.reviews'), reviews, (one) => reviewItem(one, catalog, voice)),
  ].filter(({ total }) => total > 0);
  const title = titleOf(person, waits.length, reviews.length, voice);
  const have = words(voice, 'home.have', {
    deployments: words(voice, 'home.deployments', { count: mine.length }),
    locks: words(voice, 'home.locks', { count: locks.length }),
  });
  const tone = waits.length + reviews.length > 0 ? 'waiting' : 'neutral';
  const idle: readonly Text[] = lists.length === 0 ? [say(voice, 'home.idle')] : [];
  return {
    ...inLanguage(voice),
    ...note(tone, title, summary(`${plain(title)} ${have}`), idle),
    facts: [...deputyFacts(home, context, voice), ...preferenceFacts(preferences, catalog, voice)],
    sections: lists,
    buttons: waits.slice(0, 5).map(({ id }) => ({
      label: words(voice, 'home.show', { id }),
      verb: 'run',
      value: `status ${id}`,
      style: 'plain',
    })),
    links: catalog.baseUrl === undefined ? [] : [{ label: words(voice, 'home.open'), url: `${catalog.baseUrl}/me` }],
    context: say(voice, 'home.asOf', { time: moment(voice, context.now, 'clock') }),
  };
}

function titleOf({ name: called }: Person, waits: number, reviews: number, voice: Voice): Text {
  const name: Inline = { kind: 'strong', text: called };
  if (waits + reviews === 0) return say(voice, 'home.nothingWaits', { name });
  const requested = words(voice, 'home.requests', { count: waits });
  const reviewed = words(voice, 'home.reviews', { count: reviews });
  const both = words(voice, 'and', { one: requested, other: reviewed });
  const what = reviews === 0 ? requested : waits === 0 ? reviewed : both;
  return say(voice, 'home.waits', { name, what, count: waits + reviews });
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
export function reviewItem(review: Review, catalog: Catalog, voice: Voice): Text {
  const { deployment, service, environment, causes, dueAt } = review;
  return say(voice, dueAt < voice.now ? 'reviews.itemLate' : 'reviews.item', {
    ...{ id: idInline(deployment, catalog), service, environment },
    ...{ causes: causesSaid(voice, causes), time: moment(voice, dueAt) },
  });
}

function deploymentItem(deployment: Deployment, catalog: Catalog, voice: Voice): Text {
  const { id, service, environment, state, requester, since } = deployment;
  return say(voice, 'home.deployment', {
    ...{ id: idInline(id, catalog), state: { kind: 'strong', text: stateSaid(voice, state) } },
    ...{ service, environment, requester: requester.name, time: moment(voice, since) },
  });
}

function lockItem({ scope: closed, lock: { reason, expiresAt } }: HeldLock, voice: Voice): Text {
  const scope: Inline = { kind: 'strong', text: scopeSaid(voice, scopeKey(closed)) };
  if (expiresAt === undefined) return say(voice, 'home.lock', { scope, reason });
  return say(voice, 'home.lockUntil', { scope, reason, time: moment(voice, expiresAt) });
}

function idInline(id: string, catalog: Catalog): Inline {
  const url = pageUrl({ id }, { catalog });
  return url === undefined ? { kind: 'strong', text: id } : { kind: 'link', text: id, url };
}

function list<Item>(title: string, all: readonly Item[], show: (one: Item) => Text): Section {
  return { title, items: all.slice(0, SHOWN).map(show), total: all.length };
}

function deputyFacts(
  { person, books }: Home,
  { catalog, now }: Pick<TellContext, 'catalog' | 'now'>,
  voice: Voice,
): readonly Fact[] {
  const own = books.find((one) => one.person === person.id)?.delegation;
  const span = (name: string, { from, until }: Delegation) =>
    say(voice, 'home.span', { name, from: moment(voice, from), until: moment(voice, until) });
  const mine: readonly Fact[] =
    own === undefined || own.until <= now
      ? []
      : [{ label: words(voice, 'home.deputy'), value: span(own.to.name, own) }];
  const others = standingFor(person, books, now).map(({ person: id, delegation }): Fact => {
    const name = catalog.people.all.find((one) => one.id === id)?.name ?? id;
    return {
      label: words(voice, 'home.deputyOf'),
      value: delegation === undefined ? [name] : span(name, delegation),
    };
  });
  return [...mine, ...others];
}

/** What somebody asked the bot to heed, in words. What they have not said is as the team has it. */
export function preferenceFacts(
  { mentions = 'all', quiet, timeZone, language }: Preferences,
  catalog: Pick<Catalog, 'timeZone'>,
  voice: Voice,
): readonly Fact[] {
  const teams = (value: string) => words(voice, 'prefs.team', { value });
  const spoken = words(voice, 'prefs.language.own');
  const span = quiet === undefined ? words(voice, 'prefs.quiet.none') : words(voice, 'prefs.quiet.span', quiet);
  return [
    { label: words(voice, 'prefs.mentions'), value: [words(voice, `prefs.mentions.${mentions}`)] },
    { label: words(voice, 'prefs.quiet'), value: [span] },
    { label: words(voice, 'prefs.timezone'), value: [timeZone ?? teams(catalog.timeZone ?? 'Etc/UTC')] },
    { label: words(voice, 'prefs.language'), value: [language === undefined ? teams(spoken) : spoken] },
  ];
}
