import { faultText } from '../../src/config/load.ts';
import type { Configuration, ConfigurationParts } from '../../src/config/schema.ts';
import type { LoadedWhole } from '../../src/config/watch.ts';
import type { Catalog } from '../../src/domain/catalog.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Store } from '../../src/ports/store.ts';
import { placed } from '../build.ts';
import { followInstallation, oneAtATime } from './follow.ts';
import { type Named, putInForce, readNamed, type Standing, saysTheSame, standingOf, wasInForce } from './log.ts';
import { type Claim, whatCounts } from './rule.ts';

interface InForceParts {
  readonly store: Pick<Store, 'commit' | 'newest' | 'entries' | 'listen' | 'deployments' | 'setWakeups'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly parts: ConfigurationParts;
  /** Other instances may work on the same database. */
  readonly shared: boolean;
  /** The file of this instance. */
  readonly file: LoadedWhole;
}

/** What an operator should know of an instance. */
export interface Report {
  /** The version in force for all instances, as the log names it. */
  readonly version: string;
  /** Why this instance takes no work and no commands, without a full stop. */
  readonly aside?: string;
  /** The file of this instance says something else than what is in force. */
  readonly superseded: boolean;
  /** Sections of the configuration in force that this instance takes only with a restart. */
  readonly foreign: readonly Section[];
}

/** The one configuration that all instances of an installation decide under, as this instance has it. */
export interface InForce {
  /** What this instance decides under now; the adapters are made from what it is when the instance starts. */
  readonly configuration: Configuration;
  readonly catalog: Catalog;
  report(): Report;
  /** Puts the file in force or joins the others, and follows them from then on. Throws when the log cannot be written. */
  begin(): Promise<void>;
  /** Somebody wants this file in force, for all instances. Throws when the log cannot be written. */
  put(file: LoadedWhole): Promise<void>;
  /** Returns when nothing is under way. */
  stop(): Promise<void>;
}

/** The parts of the configuration that adapters are made from at the start. */
const BUILT = ['chats', 'sources', 'providers', 'command'] as const;
type Section = (typeof BUILT)[number];

/** Compare-and-set is tried so often; only other instances that start at the same moment get in between. */
const MOST_TRIES = 100;

interface State {
  file: LoadedWhole;
  /** What is decided under: the last that could be read. */
  current: LoadedWhole;
  catalog: Catalog;
  superseded: boolean;
  named?: Named;
  aside?: string | undefined;
}

/** Finds out what is in force, without changing anything yet. */
export async function openInForce(parts: InForceParts): Promise<InForce> {
  const { file, store, clock, log } = parts;
  const state: State = { file, current: file, catalog: placed(file.catalog, file.configuration), superseded: false };
  const standing = await standingOf(store);
  const counts = whatCounts(await claimOf(parts, state, standing, 'start'));
  if (standing.named !== undefined && counts !== 'file') take(parts, state, standing.named);
  const built = state.current.configuration;
  const foreign = () => BUILT.filter((one) => differ(built[one], state.current.configuration[one]));
  const line = oneAtATime();
  let end = () => {};

  /** Does what may bring another configuration; whatever waits is looked at under that one at once. */
  function moved(work: () => Promise<void>): Promise<void> {
    return line(async () => {
      const before = state.named?.seq;
      await work();
      if (state.named?.seq === before) return;
      if (foreign().length > 0)
        log.warn({ sections: foreign() }, 'restart this instance: it was built from a former configuration');
      await wakeWaiting(parts);
    });
  }

  async function look(): Promise<void> {
    const { named } = await standingOf(store);
    if (named !== undefined && named.seq !== state.named?.seq) take(parts, state, named);
  }

  function looked(): void {
    moved(look).catch((error: unknown) =>
      log.error({ error: String(error) }, 'it could not be read which configuration is in force'),
    );
  }

  return {
    get configuration() {
      return state.current.configuration;
    },
    get catalog() {
      return state.catalog;
    },
    report: () => reportOf(state, foreign()),
    async begin() {
      if (parts.shared) end = followInstallation(store, clock, looked);
      await moved(() => settle(parts, state, 'start'));
    },
    async put(next) {
      await moved(() => {
        state.file = next;
        return settle(parts, state, 'change');
      });
    },
    async stop() {
      end();
      await line(async () => undefined);
    },
  };
}

async function claimOf(
  { store, parts, shared }: InForceParts,
  { file }: State,
  { named }: Standing,
  occasion: Claim['occasion'],
): Promise<Claim> {
  const savedAt = file.saved === undefined ? {} : { savedAt: file.saved.at };
  if (named === undefined) return { occasion, shared, former: false, ...savedAt };
  const same = saysTheSame(file, named, parts);
  const former = !same && shared && occasion === 'start' && (await wasInForce(store, file, parts));
  const present = { same, known: named.text !== undefined, since: named.since };
  return { occasion, shared, present, former, ...savedAt };
}

/** Reads, decides and writes until nobody was faster. */
async function settle(parts: InForceParts, state: State, occasion: Claim['occasion']): Promise<void> {
  const { store, clock } = parts;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const standing = await standingOf(store);
    const counts = whatCounts(await claimOf(parts, state, standing, occasion));
    const now = counts === 'file' ? await putInForce(store, clock, state.file, standing.version) : standing.named;
    if (now !== undefined) return take(parts, state, now);
  }
  throw new Error('The configuration could not be put in force: others were faster every time. Try again.');
}

/** Decides under what the log names from now on, or stands aside when that cannot be read. */
function take(parts: InForceParts, state: State, named: Named): void {
  const { log } = parts;
  const fresh = named.seq !== state.named?.seq;
  const own = saysTheSame(state.file, named, parts.parts);
  const read = own ? state.file : readFor(parts, state, named);
  state.named = named;
  state.superseded = !own;
  const version = named.catalog;
  if (read?.ok !== true) {
    const faults = read?.faults.map((fault) => faultText(read.file, fault));
    const why = faults?.[0] ?? 'its text was not written down';
    state.aside = `the configuration in force, ${version.slice(0, 12)}, cannot be read here: ${why.replace(/\.$/, '')}`;
    if (fresh) log.error({ version, faults }, 'this instance stands aside: it cannot read the configuration in force');
    return;
  }
  state.aside = undefined;
  state.current = read;
  state.catalog = placed(read.catalog, read.configuration);
  if (fresh) log.info({ version }, own ? 'the configuration file is in force' : 'another configuration is in force');
  if (own || !fresh) return;
  const remedy = 'Save the file anew or send SIGHUP to put it in force for all instances.';
  log.warn({ file: state.file.file, version, remedy }, 'the configuration file of this instance is not in force');
}

/** A version without a text (older logs) can only be recognised. */
function readFor({ parts }: InForceParts, { current }: State, named: Named): ReturnType<typeof readNamed> {
  if (named.text === undefined && named.catalog === current.catalog.version) return current;
  return readNamed(named, parts);
}

function reportOf({ named, file, aside, superseded }: State, foreign: readonly Section[]): Report {
  const version = named?.catalog ?? file.catalog.version;
  return { version, superseded, foreign, ...(aside === undefined ? {} : { aside }) };
}

function differ(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}

async function wakeWaiting({ store, clock }: InForceParts): Promise<void> {
  const waiting = await store.deployments({ states: ['awaiting-approval', 'queued'], limit: 10_000 });
  await store.setWakeups(waiting.map(({ id }) => ({ key: id, due: clock.now() })));
}
