import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsText, writeSecrets } from '../story/settings.ts';
import { type OwnDatabase, ownDatabase } from '../support/postgres.ts';
import { type PostgresProxy, startProxy } from '../support/postgres-proxy.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import type { Dice } from './dice.ts';
import { type Gate, openGate } from './gate.ts';
import { ACCESS, governedRules } from './governance.ts';
import type { ChatId } from './sides.ts';
import { type Subject, subjectOf } from './subject.ts';
import { HOOK, type Outside, outsideOf, type Surroundings } from './town.ts';

/** A load balancer notices after so long that a backend answers nothing, in milliseconds. */
const HEALTH_CHECK_MS = 2000;
/** A programme that does not start because the database is away is started again so often, as a supervisor would. */
const START_TRIES = 20;
const START_PAUSE_MS = 500;

/** One of several programmes on one database, with a network of its own to it. */
export interface Instance {
  readonly number: number;
  /** Its configuration and its data. */
  readonly folder: string;
  readonly subject: Subject;
  readonly network: PostgresProxy;
  /** Something is being done to it. */
  under: boolean;
  /** By `performance.now`. */
  frozenAt: number | undefined;
  /** Starts it until it is ready. */
  start(): Promise<void>;
}

/** Several instances of the programme, their database, and what is outside. */
export interface City extends Surroundings {
  readonly instances: readonly Instance[];
  readonly database: OwnDatabase;
  /** Everything that the instances ask of GitHub and of the chats, in their order, goes through these. */
  readonly gates: { readonly github: Gate; readonly chats: readonly Gate[] };
  close(): Promise<void>;
}

export interface CityWish {
  readonly instances: number;
  /** Address of a PostgreSQL server: of any database that its user may connect to. */
  readonly server: string;
  /** Slack alone when absent. */
  readonly chats?: readonly ChatId[];
  readonly dice: Dice;
  /** See `Surroundings`; not when absent. */
  readonly governed?: boolean;
}

export async function foundCity(wish: CityWish): Promise<City> {
  const { instances: count, server, chats = ['slack'], dice, governed = false } = wish;
  const { close: closeOutside, ...outside } = await outsideOf({ chats, dice, governed });
  const { sides, github } = outside;
  const database = await ownDatabase(server);
  const numbers = Array.from({ length: count }, (_, number) => number);
  const tokens = numbers.map((number) => `ghp_of_instance_${number}`);
  const gates = {
    github: await openGate({ to: github.url, token: github.doorkeeper.token, tokens }),
    chats: await Promise.all(sides.map((side) => side.gate(count))),
  };
  const home = mkdtempSync(join(tmpdir(), 'countersign-chaos-'));
  const instances: Instance[] = [];
  for (const number of numbers) {
    const folder = mkdtempSync(join(home, 'instance-'));
    instances.push(await instanceOf({ number, folder, outside, database, gates, token: tokens[number] ?? '' }));
  }
  const balancer = await balance(outside, instances, dice);
  return {
    ...outside,
    instances,
    database,
    gates,
    up: () => instances.some(({ subject, frozenAt }) => subject.up() && frozenAt === undefined),
    async close() {
      for (const { subject, network } of instances) {
        await subject.kill();
        await network.close();
      }
      await Promise.all([balancer, gates.github, ...gates.chats].map((one) => one.close()));
      await Promise.all([closeOutside(), database.drop()]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

interface InstanceWish extends Pick<City, 'database' | 'gates'> {
  readonly number: number;
  readonly folder: string;
  readonly outside: Omit<Outside, 'close'>;
  /** Its own at GitHub. */
  readonly token: string;
}

/** What differs between instances is how they are known to those outside: the configuration is one. */
async function instanceOf(wish: InstanceWish): Promise<Instance> {
  const { number, folder, outside, gates, token } = wish;
  const database = new URL(wish.database.url);
  const network = await startProxy({ host: database.hostname, port: Number(database.port || 5432) });
  database.host = `127.0.0.1:${network.port}`;
  writeSecrets(folder, { github: token, hook: HOOK, database: database.href });
  const chats = outside.sides.flatMap((side, index) => {
    const gate = gates.chats[index];
    return gate === undefined ? [] : [side.behind(gate, number)];
  });
  for (const { secrets } of chats) writeSecrets(folder, secrets);
  const text = settingsText({
    chats: chats.map(({ part }) => part),
    code: { kind: 'github', url: gates.github.url },
    count: outside.count,
    more: `database: 'file:database.txt'\n${outside.governed ? ACCESS : ''}`,
    ...(outside.governed ? { rules: governedRules() } : {}),
  });
  const config = join(folder, 'countersign.yaml');
  writeFileSync(config, text);
  const subject = await subjectOf(folder, config);
  const start = () => started(subject);
  return { number, folder, subject, network, under: false, frozenAt: undefined, start };
}

async function started(subject: Subject): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await subject.begin().ready;
    } catch (error) {
      if (tries === START_TRIES) throw error;
      await subject.kill();
      await new Promise((resolve) => setTimeout(resolve, START_PAUSE_MS));
    }
  }
}

async function balance(
  { sides, github }: Omit<Outside, 'close'>,
  all: readonly Instance[],
  dice: Dice,
): Promise<Balancer> {
  const healthy = () => all.filter(({ subject, frozenAt }) => subject.up() && !longFrozen(frozenAt));
  const balancer = await startBalancer(() => healthy().map(({ subject }) => subject.url), dice.fork('balancer'));
  for (const { hands } of sides) hands.deliverTo(balancer.url);
  github.postman.target = { url: `${balancer.url}/webhooks/runs`, secret: HOOK };
  return balancer;
}

function longFrozen(since: number | undefined): boolean {
  return since !== undefined && performance.now() - since > HEALTH_CHECK_MS;
}
