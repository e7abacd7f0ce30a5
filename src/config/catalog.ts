import type { CalendarRules } from '../domain/calendar.ts';
import { canonicalHash } from '../domain/canonical.ts';
import type { Catalog, Environment, Group, PipelineUse, Service, TargetSettings } from '../domain/catalog.ts';
import { targetKey } from '../domain/catalog.ts';
import type { Person } from '../domain/person.ts';
import { calendarOf } from './calendar-schema.ts';
import { accountsOf } from './checks-doubles.ts';
import { type GroupWish, groupSource } from './group-schema.ts';
import type { Configuration } from './schema.ts';
import { type ServiceWish, targetWishes } from './service-schema.ts';
import { targetOf } from './target.ts';

/** A configuration without faults, as the rest of the programme knows it. */
export function catalogOf(configuration: Configuration, uses: ReadonlyMap<string, PipelineUse>): Catalog {
  const services = mapped(configuration.services, (id, wish) => serviceOf(id, wish, configuration, uses));
  const groups = mapped(configuration.groups, groupOf);
  const people = { all: configuration.people.map(personOf) };
  const { baseUrl, command, timeZone, language } = configuration;
  const calendar = configuration.calendar && calendarOf(configuration.calendar, timeZone);
  const timed = calendar === undefined ? {} : { calendar };
  return {
    version: versionOf(configuration, { services, groups, people, ...timed }),
    services,
    environments: environmentsOf(configuration),
    groups,
    people,
    subscriptions: configuration.announce,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    command,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(language === undefined ? {} : { language }),
    ...timed,
  };
}

/**
 * A hash of everything that decides: who may do what, who must countersign, when it is closed, and what then runs where. Titles, aliases, addresses of
 * pages and the order of people change nothing about an approval that was given, so they do not count.
 */
function versionOf(
  configuration: Configuration,
  parts: Pick<Catalog, 'services' | 'groups' | 'people' | 'calendar'>,
): string {
  const services = mapped(parts.services, (_id, { repository, targets, flags }) => ({
    repository,
    ...(asksForMigrations(targets) ? { migrations: flags.migration } : {}),
    targets: mapped(targets, (_environment, { url: _url, ...target }) => target),
  }));
  const people = Object.fromEntries(parts.people.all.map(({ id, accounts }) => [id, accounts]));
  const { sources, providers } = configuration;
  const calendar = parts.calendar === undefined ? {} : { calendar: untitled(parts.calendar) };
  return canonicalHash({ services, groups: parts.groups, people, sources, providers, ...calendar });
}

/** Which files count as migrations decides only where a rule asks for it. */
function asksForMigrations(targets: Service['targets']): boolean {
  return Object.values(targets).some(({ policy }) => policy.further?.some(({ when }) => when.migrations === true));
}

function untitled({ freezes, hours }: CalendarRules) {
  const plain = ({ title: _title, ...rule }: CalendarRules['hours'][number]) => rule;
  return { freezes: freezes.map(plain), hours: hours.map(plain) };
}

function environmentsOf({ environments }: Configuration): Readonly<Record<string, Environment>> {
  const ids = Object.keys(environments);
  return mapped(environments, (id, wish) => ({
    id,
    title: wish?.title ?? id,
    aliases: wish?.aliases ?? [],
    order: wish?.order ?? ids.indexOf(id),
  }));
}

function serviceOf(
  id: string,
  wish: ServiceWish,
  configuration: Configuration,
  uses: ReadonlyMap<string, PipelineUse>,
): Service {
  const { aliases, repository, defaultRef, contact, team, flags, pullRequestComments } = wish;
  const targets: Record<string, TargetSettings> = {};
  for (const [environment, target] of targetWishes(wish)) {
    const pipeline = uses.get(targetKey(id, environment));
    if (pipeline !== undefined)
      targets[environment] = targetOf({ service: id, environment, pipeline }, target, configuration);
  }
  return {
    id,
    title: wish.title ?? id,
    aliases,
    repository,
    defaultRef,
    ...(contact === undefined ? {} : { contact }),
    ...(team === undefined ? {} : { team }),
    ...(pullRequestComments === true ? { pullRequestComments } : {}),
    targets,
    flags,
  };
}

function groupOf(id: string, wish: GroupWish): Group {
  return { id, source: groupSource(wish) };
}

function personOf({ id, name, accounts }: Configuration['people'][number]): Person {
  return { id, name, known: true, accounts: [...accountsOf(accounts, [])].map(([account]) => account) };
}

function mapped<From, To>(
  all: Readonly<Record<string, From>>,
  change: (id: string, one: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(all).map(([id, one]) => [id, change(id, one)]));
}
