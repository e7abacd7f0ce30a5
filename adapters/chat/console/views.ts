import { localWords } from '../../../src/calendar/moments.ts';
import { closureAt } from '../../../src/calendar/windows.ts';
import { type Deployment, knowsState, STATE_NAMES } from '../../../src/domain/deployment.ts';
import { deploymentStream } from '../../../src/domain/event.ts';
import { locksOver, spokenLock } from '../../../src/domain/held.ts';
import { queuePlaceOf } from '../../../src/domain/queue.ts';
import { emptyTarget, type Target } from '../../../src/domain/target.ts';
import type { TellContext } from '../../../src/domain/tell/context.ts';
import { tell } from '../../../src/domain/tell/index.ts';
import { type Clock, isoNow } from '../../../src/ports/clock.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Reading } from '../../../src/ports/reading.ts';
import type { DeploymentView } from './pages/deployment.ts';
import type { DeploymentsView, Filter } from './pages/deployments.ts';
import type { TargetView } from './pages/targets.ts';

const PAGE_SIZE = 30;
/** Entries of one deployment on its page. */
const MOST_ENTRIES = 500;
/** A provider that is slower keeps its log for the next look, not the page from the reader. */
const LOG_PATIENCE_MS = 1500;
const COMING = ['running', 'rolling-back', 'queued', 'awaiting-approval'] as const;

export async function targetViews(reading: Reading, clock: Clock): Promise<ReadonlyMap<string, TargetView>> {
  const [targets, coming, books] = await Promise.all([
    reading.targets(),
    reading.deployments({ open: true, limit: 200 }),
    reading.scopes(),
  ]);
  const known = new Map(targets.map((one) => [`${one.service}/${one.environment}`, one]));
  const pairs = Object.values(reading.catalog().services).flatMap(({ id, targets: settings }) =>
    Object.keys(settings).map((environment) => ({ service: id, environment })),
  );
  const views = pairs.map(async ({ service, environment }): Promise<[string, TargetView]> => {
    const key = `${service}/${environment}`;
    const target = known.get(key) ?? emptyTarget(service, environment);
    const current = target.current === undefined ? undefined : await reading.deployment(target.current.deployment);
    const here = coming.filter((one) => one.service === service && one.environment === environment && isComing(one));
    const sorted = here.sort((one, other) => COMING.indexOf(rank(one)) - COMING.indexOf(rank(other)));
    const lock = spokenLock(locksOver(target, regionsOf(reading, target), books), isoNow(clock));
    return [key, { target, current, coming: sorted, ...(lock === undefined ? {} : { lock }) }];
  });
  return new Map(await Promise.all(views));
}

function regionsOf(reading: Reading, { service, environment }: Target): readonly string[] {
  return reading.catalog().services[service]?.targets[environment]?.regions ?? [];
}

/** What a newer version is at work on in a state that this one does not know is coming too. */
function isComing({ state }: Deployment): boolean {
  return !knowsState(state) || COMING.some((one) => one === state);
}

function rank({ state }: Deployment): (typeof COMING)[number] {
  return COMING.find((one) => one === state) ?? 'awaiting-approval';
}

/** Words that are no filter are passed over. */
export function filterOf(query: URLSearchParams): Filter {
  const [service, environment, state, before] = ['service', 'environment', 'state', 'before'].map(
    (name) => query.get(name) ?? '',
  );
  const wished = state === 'open' ? state : STATE_NAMES.find((name) => name === state);
  return {
    ...(service ? { service } : {}),
    ...(environment ? { environment } : {}),
    ...(wished === undefined ? {} : { state: wished }),
    ...(/^[1-9]\d{0,14}$/.test(before ?? '') ? { before: Number(before) } : {}),
  };
}

export async function deploymentsView(reading: Reading, filter: Filter): Promise<DeploymentsView> {
  const { state, ...rest } = filter;
  const states = state === undefined ? {} : state === 'open' ? { open: true as const } : { states: [state] };
  const found = await reading.deployments({ ...rest, ...states, limit: PAGE_SIZE + 1 });
  return { filter, deployments: found.slice(0, PAGE_SIZE), more: found.length > PAGE_SIZE };
}

export async function deploymentView(reading: Reading, clock: Clock, id: string): Promise<DeploymentView | undefined> {
  const deployment = await reading.deployment(id);
  if (deployment === undefined) return undefined;
  const [entries, log, more] = await Promise.all([
    reading.entries({ stream: deploymentStream(deployment.id), limit: MOST_ENTRIES }),
    logOf(reading, clock, deployment),
    around(reading, clock, deployment),
  ]);
  const now = isoNow(clock);
  const announcement = tell(deployment, 'engineering', {
    catalog: reading.catalog(),
    now,
    ...more,
  });
  return { deployment, announcement, entries, log, now };
}

async function logOf(reading: Reading, clock: Clock, deployment: Deployment): Promise<DeploymentView['log']> {
  if (deployment.run === undefined) return { kind: 'words', text: 'No run yet.' };
  const late = Symbol('late');
  let settle = (): void => undefined;
  const patience = new Promise<typeof late>((resolve) => {
    settle = clock.at(clock.now() + LOG_PATIENCE_MS, () => resolve(late));
  });
  try {
    const text = await Promise.race([reading.logs(deployment), patience]);
    if (text === late) return { kind: 'words', text: 'The log is still on its way. Reload the page in a moment.' };
    if (text === undefined) return { kind: 'words', text: 'The provider keeps no log that can be read here.' };
    return text.trim() === '' ? { kind: 'words', text: 'The run has printed nothing yet.' } : { kind: 'lines', text };
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    return { kind: 'words', text: `The log could not be read: ${error.message}` };
  } finally {
    settle();
  }
}

/** What stands around a deployment: its place in the queue, the calendar, the locks that whoever decides should know of, the review that it left. */
async function around(
  reading: Reading,
  clock: Clock,
  deployment: Deployment,
): Promise<Pick<TellContext, 'queue' | 'locks' | 'review' | 'closure'>> {
  if (deployment.state !== 'queued' && deployment.state !== 'awaiting-approval') {
    const review = await reading.review(deployment.id);
    return review === undefined ? {} : { review };
  }
  const { service, environment } = deployment;
  const [target, others, books] = await Promise.all([
    reading.target(service, environment),
    reading.deployments({ service, environment, states: ['running', 'queued'], limit: 200 }),
    reading.scopes(),
  ]);
  const locks = locksOver(target, regionsOf(reading, target), books);
  if (deployment.state === 'awaiting-approval') return { locks };
  const queue = queuePlaceOf(deployment, others, { locks, now: isoNow(clock) });
  return { queue, ...closureOver(reading, clock, deployment) };
}

/** The calendar keeps its target closed now. */
function closureOver(
  reading: Reading,
  clock: Clock,
  { service, environment }: Deployment,
): Pick<TellContext, 'closure'> {
  const { calendar, timeZone = 'Etc/UTC' } = reading.catalog();
  const found = closureAt(calendar, { service, environment }, clock.now());
  if (found?.until === undefined) return found === undefined ? {} : { closure: found };
  return { closure: { ...found, opens: localWords(found.until, timeZone) } };
}
