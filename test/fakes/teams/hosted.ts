import { teams } from '../../../adapters/chat/teams/index.ts';
import type { Inbox } from '../../../src/ports/chat.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Reading } from '../../../src/ports/reading.ts';
import type { Records } from '../../../src/ports/records.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { serveRoutes } from '../../support/serve-routes.ts';
import { type Instance, type Logged, logInto } from '../instance.ts';
import { sharedRecords } from '../records.ts';
import { type FakeTeams, type FakeTeamsOptions, startFakeTeams } from './index.ts';

/** The real adapter in front of a fake Teams, with a few people and channels. */
export interface Hosted extends Instance {
  readonly fake: FakeTeams;
}

export interface HostOptions {
  readonly teams?: FakeTeamsOptions;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
  /** What the adapter keeps; absent: books in memory that all instances share. */
  readonly records?: Records;
  /** Leaves starting to the test. */
  readonly idle?: boolean;
}

/** One instance in front of a Teams of its own. */
export async function hostTeams(inbox: Inbox, options: HostOptions = {}): Promise<Hosted> {
  const { fake, instances, close } = await hostInstances([inbox], options);
  const [instance] = instances;
  if (instance === undefined) throw new Error('no instance was made');
  return { ...instance, fake, close };
}

/** Several instances in front of one Teams, one for each inbox, which hands what happens to any one of them. */
export async function hostInstances(
  inboxes: readonly Inbox[],
  options: HostOptions = {},
): Promise<{ readonly fake: FakeTeams; readonly instances: readonly Instance[]; close(): Promise<void> }> {
  const fake = await peopled(options.teams);
  const shared = sharedRecords();
  const instances: Instance[] = [];
  for (const inbox of inboxes)
    instances.push(await joining(fake, inbox, options.records ?? shared.instance(), options));
  fake.deliverTo(...instances.map(({ url }) => url));
  const close = async () => {
    fake.autoRefresh(false);
    await fake.settled();
    await Promise.all(instances.map((instance) => instance.close()));
    await fake.close();
  };
  return { fake, instances, close };
}

/** anna, ben, cleo and the guest gina are in the channels `deploys` and `support` and in the group `crew`; dora is in none. */
async function peopled(options: FakeTeamsOptions | undefined): Promise<FakeTeams> {
  const fake = await startFakeTeams(options);
  for (const name of ['anna', 'ben', 'cleo', 'dora']) fake.addPerson({ name });
  fake.addPerson({ name: 'gina', role: 'guest' });
  const members = ['anna', 'ben', 'cleo', 'gina'];
  fake.addConversation({ name: 'deploys', members });
  fake.addConversation({ name: 'support', members });
  fake.addConversation({ name: 'crew', kind: 'group', members });
  return fake;
}

async function joining(fake: FakeTeams, inbox: Inbox, records: Records, options: HostOptions): Promise<Instance> {
  const logged: Logged[] = [];
  const settings = teams.settings.parse({ ...settingsFor(fake), ...options.settings });
  const { chat, routes } = await teams.create(settings, toolsFor(fake, logged, records, options.clock));
  const web = await serveRoutes(routes);
  if (options.idle !== true) await chat.start(inbox);
  const close = async () => {
    await chat.stop();
    await web.close();
  };
  return { chat, logged, url: `${web.origin}/api/messages`, close };
}

/** The adapter's settings for this Teams; the secret is under `env:TEAMS`. */
function settingsFor({ world, serviceUrl, cloud }: FakeTeams) {
  return { appId: world.appId, tenant: world.tenant, secret: 'env:TEAMS', serviceUrls: [serviceUrl], cloud };
}

function toolsFor(fake: FakeTeams, logged: Logged[], records: Records, clock: Clock = systemClock()) {
  return {
    clock,
    log: logInto(logged),
    secrets: { read: async (reference: string) => (reference === 'env:TEAMS' ? fake.world.secret : '') },
    dataFolder: '',
    name: 'Countersign',
    command: '/deploy',
    // The adapter shows what it is given, and reads nothing by itself.
    reading: {} as Reading,
    records,
  };
}
