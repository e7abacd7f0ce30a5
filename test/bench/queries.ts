import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../../bin/assemble.ts';
import { openStates } from '../../bin/readiness.ts';
import { createInbox } from '../../commands/index.ts';
import { OPEN_STATES } from '../../src/domain/deployment.ts';
import { askDora, type DoraFilter, lastDays } from '../../src/domain/dora.ts';
import type { Inbox } from '../../src/ports/chat.ts';
import { systemClock } from '../../src/system/clock.ts';
import { localText, makeHome } from './installation.ts';
import { type Case, percentile, type Row, say, spread, timed } from './measure.ts';
import { LARGE, writeHistory } from './million.ts';
import { assembled } from './programme.ts';

const SMALL = 1000;
/** How many of the newest wait for approval. */
export const WAITING = 20;
const TIMES = 60;

/** A question asked of the programme, in a way that fails when the answer is not one. */
type Ask = () => Promise<unknown>;

/** What people and machines ask, with a thousand deployments in the file and with a million. */
export const queries: Case = {
  name: 'queries',
  about: `commands, pages and the engine's questions with ${LARGE} deployments in the file, against ${SMALL}`,
  async run() {
    const small = await asked(SMALL);
    const large = await asked(LARGE);
    return [...large].map(([name, samples]) => rowOf(name, samples, small.get(name) ?? []));
  },
};

function rowOf(name: string, large: readonly number[], small: readonly number[]): Row {
  const [ours, baseline] = [spread(large), spread(small)];
  const p95 = percentile(large, 0.95);
  const ratio = ours.p50 / baseline.p50;
  return { name, unit: 'ms', ours, baseline, ratio, aim: '<= 10x, p95 <= 50 ms', met: ratio <= 10 && p95 <= 50 };
}

async function asked(count: number): Promise<ReadonlyMap<string, readonly number[]>> {
  const home = makeHome();
  try {
    const took = await timed(() => writeHistory(home.folder, { count, waiting: WAITING }));
    const { size } = statSync(join(home.folder, 'countersign.db'));
    say(`queries: ${count} deployments written in ${(took / 1000).toFixed(1)} s, ${(size / 2 ** 20).toFixed(0)} MB`);
    const program = await assembled(home.folder, localText());
    try {
      return await measuredAll(questionsOf(program, count));
    } finally {
      await program.stop();
    }
  } finally {
    home.remove();
  }
}

/** Samples of each question in milliseconds, after it was asked often enough to be warm. */
export async function measuredAll(
  questions: Readonly<Record<string, Ask>>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const found = new Map<string, number[]>();
  for (const [name, ask] of Object.entries(questions)) {
    for (let warm = 0; warm < 20; warm += 1) await ask();
    const samples: number[] = [];
    for (let one = 0; one < TIMES; one += 1) samples.push(await timed(ask));
    found.set(name, samples);
  }
  return found;
}

/** Everything that is asked of a programme with so many deployments in its database. */
export function questionsOf(program: Program, count: number): Readonly<Record<string, Ask>> {
  const middle = Math.floor(count / 2);
  return { ...commandsOf(program, middle, count), ...pagesOf(program, middle), ...inwards(program, middle) };
}

function commandsOf(program: Program, middle: number, count: number): Readonly<Record<string, Ask>> {
  const inbox = inboxOf(program);
  const lines = [
    'status',
    'status web',
    'dora',
    'dora web production 90',
    'status web production',
    `status D-${middle}`,
    `why D-${middle}`,
    `why D-${count}`,
    'why web production',
    'home',
    'locks',
    'reviews',
    'history',
    'history web production 50',
    'history legacy',
    'list',
  ];
  const named = (line: string) => line.replace(`D-${middle}`, 'D-n').replace(`D-${count}`, 'D-n, which waits');
  return Object.fromEntries(lines.map((line) => [named(line), () => said(inbox, line)]));
}

function inboxOf({ store, engine }: Program): Inbox {
  const clock = systemClock();
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const reading = { ...store, catalog: engine.door.catalog, troubles: () => [], logs: async () => undefined };
  return createInbox({ door: engine.door, reading, clock, log });
}

let deliveries = 0;

async function said(inbox: Inbox, text: string): Promise<void> {
  deliveries += 1;
  const reply = await inbox.receive({
    key: `bench:${deliveries}`,
    place: { chat: 'console', tenant: 'local', channel: '#deploys' },
    actor: { system: 'email', id: 'anna@example.com' },
    external: false,
    input: { kind: 'text', text },
  });
  if (reply.kind !== 'say' || reply.announcement.tone === 'bad') throw new Error(`"${text}" was not obeyed`);
}

function pagesOf({ url }: Program, middle: number): Readonly<Record<string, Ask>> {
  const paths = [
    '/me',
    '/targets',
    '/deployments',
    '/deployments?service=web&environment=production',
    '/deployments?state=expired',
    '/dora?days=90',
    '/dora?days=365',
    '/deployments?service=legacy',
    `/deployments?before=${middle}`,
    `/deployments/D-${middle}`,
    '/metrics',
  ];
  return Object.fromEntries(
    paths.map((path) => [`GET ${path.replace(String(middle), 'n')}`, () => got(`${url}${path}`)]),
  );
}

async function got(address: string): Promise<void> {
  const response = await fetch(address);
  const text = await response.text();
  if (response.status !== 200 || text === '') throw new Error(`${address} was answered with ${response.status}`);
}

/** What nobody sees: the questions that stand behind each decision. */
function inwards({ store }: Program, middle: number): Readonly<Record<string, Ask>> {
  const web = { service: 'web', environment: 'production' };
  return {
    'by token': () => store.deploymentByToken(`token-${middle}`),
    'by run': () => store.deploymentByRun('runs', `run-${middle}`),
    'next number': () => store.nextNumber(),
    'dora of 90 days': () => doraOfDays(store, 90),
    'dora of 365 days': () => doraOfDays(store, 365),
    'dora of 90 days of a target': () => doraOfDays(store, 90, { services: ['web'], environment: 'production' }),
    'what is queued for a target': () => store.deployments({ ...web, states: ['queued'], limit: 1000 }),
    'last ten successes of a target': () => store.deployments({ ...web, states: ['succeeded'], limit: 10 }),
    'last success of a dormant target': () =>
      store.deployments({ service: 'legacy', environment: 'production', states: ['succeeded'], limit: 50 }),
    'everything open': () => store.deployments({ states: OPEN_STATES, limit: 200 }),
    'counts for the metrics': () => openStates(store, { now: Date.now }),
    'lost wake-ups': () => store.unwatched(1000),
    'what is due next': () => store.nextDue(),
    'taking what is due': () => store.takeEffects(Date.now(), 1000, 32),
    'an entry of the log by time': () =>
      store.entries({ from: '2001-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z', limit: 50 }),
  };
}

async function doraOfDays({ rollups }: Program['store'], days: number, filter: DoraFilter = {}): Promise<void> {
  const { now } = await askDora(rollups, lastDays(Date.now(), days), filter);
  if (now.deployments === 0) throw new Error('nothing was counted');
}
