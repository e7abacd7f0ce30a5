import { canonicalHash } from '../domain/canonical.ts';
import type {
  Catalog,
  Environment,
  Group,
  GroupSource,
  PipelineUse,
  Service,
  TargetSettings,
} from '../domain/catalog.ts';
import { targetKey } from '../domain/catalog.ts';
import type { Person } from '../domain/person.ts';
import { accountsOf } from './checks-doubles.ts';
import { policyOf } from './policy.ts';
import type { Configuration, GroupWish } from './schema.ts';
import { type ServiceWish, type TargetWish, targetWishes } from './service-schema.ts';

const DEFAULT_TIMEOUT_MS = 3_600_000;

/** A configuration without faults, as the rest of the programme knows it. */
export function catalogOf(configuration: Configuration, uses: ReadonlyMap<string, PipelineUse>): Catalog {
  const services = mapped(configuration.services, (id, wish) => serviceOf(id, wish, configuration, uses));
  const groups = mapped(configuration.groups, groupOf);
  const people = { all: configuration.people.map(personOf) };
  const { baseUrl, command } = configuration;
  return {
    version: versionOf(configuration, { services, groups, people }),
    services,
    environments: environmentsOf(configuration),
    groups,
    people,
    subscriptions: configuration.announce,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    command,
  };
}

/**
 * A hash of everything that decides: who may countersign, how many, and what then runs where. Titles, aliases, addresses of
 * pages and the order of people change nothing about an approval that was given, so they do not count.
 */
function versionOf(configuration: Configuration, parts: Pick<Catalog, 'services' | 'groups' | 'people'>): string {
  const services = mapped(parts.services, (_id, { repository, targets }) => ({
    repository,
    targets: mapped(targets, (_environment, { url: _url, ...target }) => target),
  }));
  const people = Object.fromEntries(parts.people.all.map(({ id, accounts }) => [id, accounts]));
  const { sources, providers } = configuration;
  return canonicalHash({ services, groups: parts.groups, people, sources, providers });
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
  const { aliases, repository, defaultRef, contact, flags } = wish;
  const targets: Record<string, TargetSettings> = {};
  for (const [environment, target] of targetWishes(wish)) {
    const pipeline = uses.get(targetKey(id, environment));
    if (pipeline !== undefined) targets[environment] = targetOf(environment, target, pipeline, configuration);
  }
  const title = wish.title ?? id;
  return { id, title, aliases, repository, defaultRef, ...(contact === undefined ? {} : { contact }), targets, flags };
}

function targetOf(
  environment: string,
  wish: TargetWish,
  pipeline: PipelineUse,
  configuration: Configuration,
): TargetSettings {
  const around = configuration.environments[environment] ?? undefined;
  return {
    environment,
    policy: policyOf([wish.approval, around?.approval, configuration.approval]),
    pipeline,
    ...(wish.url === undefined ? {} : { url: wish.url }),
    customerFacing: wish.customerFacing ?? around?.customerFacing ?? false,
    rollbackOnFailure: wish.rollbackOnFailure ?? around?.rollbackOnFailure ?? false,
    timeoutMs: wish.timeout ?? around?.timeout ?? DEFAULT_TIMEOUT_MS,
  };
}

function groupOf(id: string, wish: GroupWish): Group {
  return { id, source: groupSource(wish) };
}

function groupSource(wish: GroupWish): GroupSource {
  if ('people' in wish) return { kind: 'people', people: wish.people };
  if ('team' in wish) return { kind: 'team', source: wish.source, id: wish.team };
  if ('chat' in wish) return { kind: 'chat', chat: wish.chat, id: wish.id };
  return { kind: 'chat', chat: 'slack', id: wish.slackUserGroup };
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
