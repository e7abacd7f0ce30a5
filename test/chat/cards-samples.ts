import type { Announcement } from '../../src/domain/announcement.ts';
import type { Catalog } from '../../src/domain/catalog.ts';
import type { Commit } from '../../src/domain/change-set.ts';
import type { Deployment, State } from '../../src/domain/deployment.ts';
import type { Person } from '../../src/domain/person.ts';
import type { Step } from '../../src/domain/run.ts';
import type { TellContext } from '../../src/domain/tell/context.ts';
import { reply } from '../../src/domain/tell/replies.ts';
import { told as answered, world } from '../commands/world.ts';
import { at, CATALOG, changeSet, commit, findings, hand, inState, steps, told, WAYS } from '../domain/samples.ts';

/** The people of the domain's stories as a directory has them, with accounts in both chats. */
const PEOPLE: Readonly<Record<string, Person>> = Object.fromEntries(
  ['anna Anna Berg', 'ben Ben Okafor', 'cleo Cleo Marsh', 'dana Dana Wolf'].map((line) => {
    const [id = '', ...names] = line.split(' ');
    const accounts = [
      { system: 'slack', tenant: 'T1', id: `U${id.toUpperCase()}` },
      { system: 'teams', tenant: 'tenant-1', id: `aad-${id}` },
      { system: 'email', id: `${id}@example.com` },
    ];
    return [id, { id, name: names.join(' '), known: true, accounts }];
  }),
);

/** The same story, told of those people. */
function peopled<T>(story: T): T {
  return JSON.parse(JSON.stringify(story), (_key, value) =>
    typeof value === 'object' && value !== null && 'accounts' in value ? (PEOPLE[value.id] ?? value) : value,
  );
}

const catalog: Catalog = peopled(CATALOG);
/** Eight minutes after the deployment was asked for. */
export const CONTEXT: TellContext = { catalog, now: at(8) };

const work = (number: number, title: string, by: string, releaseNote?: string): Commit =>
  commit([hand(by)], {
    sha: String(number).padStart(40, 'abc'),
    title,
    url: `https://git.example/acme/web/commit/${number}`,
    pullRequest: {
      number,
      title,
      url: `https://git.example/acme/web/pull/${number}`,
      ...(releaseNote === undefined ? {} : { releaseNote }),
    },
  });

const compare = 'https://git.example/acme/web/compare/9999999...1a2b3c4?a=1&b=(2)';
const usual = findings({
  changeSet: changeSet(
    [
      commit([hand('ben')], { url: 'https://git.example/acme/web/commit/1a2b3c4' }),
      work(41, 'Round prices as on the invoice', 'ben', 'Prices are rounded as on your invoice.'),
      work(42, 'Add column `vat` & index *now*', 'eric'),
    ],
    {
      files: [{ path: 'migrations/0007_add__vat.sql', flag: 'migration' }, { path: 'src/basket.ts' }],
      filesTotal: 2,
      url: compare,
    },
  ),
  commitsTotal: 3,
  peopleTotal: 2,
  checks: { state: 'passed', passed: 12, failed: 0, pending: 0, failures: [], url: 'https://git.example/checks/77' },
  warnings: ['Changes the database: 1 migration file'],
});

/** Every title is as nasty as a title can be. */
const NASTY =
  '🎉 <!channel> @here <at>Cleo Marsh</at> **bold** [click](https://evil.example) שלום \u202eevil {{TIME(x)}} ';
const crowded = findings({
  changeSet: changeSet(
    Array.from({ length: 100 }, (_none, index) => work(index + 1, NASTY.repeat(3).slice(0, 300), 'ben')),
    { url: compare },
  ),
  commitsTotal: 120,
  peopleTotal: 17,
});

/** The first of them began five minutes after the deployment was asked for; those that were skipped took no time. */
function timed(all: ReturnType<typeof steps>): readonly Step[] {
  const bounds = [5, 5.75, 7.2, 9];
  return all.map((step, index) =>
    step.state === 'skipped'
      ? step
      : { ...step, startedAt: at(bounds[index] ?? 9), endedAt: at(bounds[index + 1] ?? 9) },
  );
}

const DONE = { runState: 'succeeded', steps: timed(steps('succeeded', 'succeeded', 'succeeded')) } as const;
/** How the run stood at its end. */
const ENDS: Partial<Readonly<Record<State, Partial<Deployment>>>> = {
  succeeded: DONE,
  failed: { runState: 'failed', steps: timed(steps('succeeded', 'failed', 'skipped')) },
  'rolled-back': DONE,
};

/** A deployment as it is likely in a state; findings are there once they can be. */
export function sample(state: State, found = usual): Deployment {
  const row = told(WAYS[state]);
  return peopled(inState(state, { ...(row.findings === undefined ? {} : { findings: found }), ...ENDS[state] }));
}

/** 120 commits with titles that want to do harm. */
export const CROWDED: Deployment = sample('awaiting-approval', crowded);

/** Things that are said under a card, or privately. */
export async function replies(): Promise<Readonly<Record<string, Announcement>>> {
  const about = (state: State, topic: Parameters<typeof reply>[1]) =>
    reply(sample(state), topic, undefined, 'engineering', CONTEXT);
  const { say } = world();
  return {
    'approval-needed': about('awaiting-approval', 'approval-needed'),
    'approval-needed-crowded': reply(CROWDED, 'approval-needed', undefined, 'engineering', CONTEXT),
    reminder: about('awaiting-approval', 'reminder'),
    failed: about('failed', 'failed'),
    'rolled-back': about('rolled-back', 'rolled-back'),
    typo: answered(await say('web prodcution')),
    status: answered(await say('status')),
  };
}
