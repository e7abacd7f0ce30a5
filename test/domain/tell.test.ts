import { describe, expect, it } from 'vitest';
import type { Announcement } from '../../src/domain/announcement.ts';
import { CARD_AUDIENCES } from '../../src/domain/catalog.ts';
import { type Deployment, STATE_NAMES, type State } from '../../src/domain/deployment.ts';
import { TOPICS } from '../../src/domain/effect.ts';
import { byTurn, queuePlaceOf } from '../../src/domain/queue.ts';
import type { TellContext } from '../../src/domain/tell/context.ts';
import { sentenceOf } from '../../src/domain/tell/entries.ts';
import { introduction, tell } from '../../src/domain/tell/index.ts';
import { reply } from '../../src/domain/tell/replies.ts';
import { plain } from '../../src/domain/text.ts';
import {
  ANNA,
  asking,
  at,
  CATALOG,
  CLEO,
  changeSet,
  commit,
  DANA,
  findings,
  hand,
  inState,
  OLD,
  plan,
  signed,
  told,
} from './samples.ts';

const CONTEXT: TellContext = { catalog: CATALOG, now: at(8) };
/** The service has left the configuration. */
const GONE: TellContext = { ...CONTEXT, catalog: { ...CATALOG, services: {}, environments: {}, groups: {} } };
const KINDS = ['regular', 'rollback'] as const;
const CARDS = STATE_NAMES.flatMap((state) => KINDS.map((kind) => [state, kind] as const));

function words(said: Announcement): string {
  return [
    plain(said.title),
    ...said.lines.map(plain),
    ...said.facts.map(({ label, value }) => `${label}: ${plain(value)}`),
    ...said.sections.flatMap(({ title, items }) => [title, ...items.map(plain)]),
    said.progress?.words ?? '',
    ...(said.progress?.steps.map(({ name }) => name) ?? []),
    ...said.buttons.map(({ label, confirm, ask }) => `${label} ${confirm?.text ?? ''} ${ask?.title ?? ''}`),
    ...said.links.map(({ label }) => label),
    plain(said.context),
    said.summary,
  ].join('\n');
}

const row = (state: State, kind: Deployment['kind']) =>
  inState(state, kind === 'rollback' ? { kind, undoes: 'D-1', restores: 'D-0' } : {});

describe('every card', () => {
  it.each(CARDS)('of "%s" (%s) is complete for every audience, also when the service has left', (state, kind) => {
    for (const audience of CARD_AUDIENCES) {
      for (const context of [CONTEXT, GONE]) {
        const said = tell(row(state, kind), audience, context);

        expect(plain(said.title).trim()).not.toBe('');
        expect(said.summary.length).toBeGreaterThan(10);
        expect(said.summary.length).toBeLessThanOrEqual(300);
        expect(words(said)).not.toMatch(/undefined|NaN|null|\[object|Invalid/);
      }
    }
  });

  it.each(CARDS)('of "%s" (%s) tells everybody nothing of commits, steps and buttons', (state, kind) => {
    const said = tell(row(state, kind), 'broadcast', CONTEXT);

    expect(words(said)).not.toMatch(/[0-9a-f]{7,}|Build|Unit tests|Roll out|D-\d/);
    expect([said.buttons, said.links, said.facts]).toEqual([[], [], []]);
    expect(said.progress).toBeUndefined();
    expect(words(said)).toContain('Web shop');
  });

  it('stays within its length with the longest words', () => {
    const long = inState('rejected', { ref: 'x'.repeat(2000), service: 'y'.repeat(400) });

    for (const audience of CARD_AUDIENCES)
      expect(tell(long, audience, CONTEXT).summary.length).toBeLessThanOrEqual(300);
  });

  it.each<[State, readonly string[]]>([
    ['requested', ['cancel']],
    ['checking', ['cancel']],
    ['awaiting-approval', ['approve', 'reject', 'diff', 'cancel', 'nudge']],
    ['queued', ['cancel']],
    ['running', ['cancel', 'logs']],
    ['rolling-back', []],
    ['succeeded', ['diff', 'rollback', 'logs']],
    ['failed', ['retry', 'rollback', 'logs']],
    ['rolled-back', []],
    ['refused', []],
    ['rejected', ['retry']],
    ['expired', ['retry']],
    ['cancelled', ['retry']],
  ])('of "%s" has its buttons, each with the token and the revision', (state, verbs) => {
    const deployment = inState(state);

    const { buttons } = tell(deployment, 'engineering', CONTEXT);

    expect(buttons.map(({ verb }) => verb)).toEqual(verbs);
    expect(buttons.every(({ value }) => value === `tok.${deployment.revision}`)).toBe(true);
    expect(buttons.every(({ label }) => /^[A-Z]/.test(label))).toBe(true);
  });

  it('offers no second stop once a run was asked to stop', () => {
    const asked = inState('running', { cancellation: { by: ANNA, reason: 'Wrong branch', at: at(7) } });

    const said = tell(asked, 'engineering', CONTEXT);

    expect(said.buttons.map(({ verb }) => verb)).toEqual(['logs']);
    expect(words(said)).toContain('Anna asked the run to stop: Wrong branch; waiting for the provider.');
  });

  it('asks twice where customers get it, and once elsewhere', () => {
    const approve = (context: TellContext) =>
      tell(inState('awaiting-approval'), 'engineering', context).buttons.find(({ verb }) => verb === 'approve');

    expect(approve(CONTEXT)?.confirm?.text).toBe(
      'web 1a2b3c4 goes to production with 1 change. Customers will get it.',
    );
    expect(approve(GONE)?.confirm).toBeUndefined();
  });
});

describe('the approval card', () => {
  it('reads as a whole', () => {
    const files = [{ path: 'migrations/7.sql', flag: 'migration' as const }, { path: 'src/basket.ts' }];
    const changes = changeSet(
      [commit([hand('ben')], { pullRequest: { number: 12, title: 'x', url: 'https://x.example' } })],
      {
        files,
        filesTotal: 2,
      },
    );
    const asked = inState('awaiting-approval', {
      findings: findings({ changeSet: changes, warnings: ['Changes the database: 1 migration file'] }),
    });

    const said = tell(asked, 'engineering', CONTEXT);

    expect(
      words({ ...said, buttons: [], links: [], context: [] })
        .split('\n')
        .filter((line) => line !== ''),
    ).toEqual([
      'Needs approval · web → production · main (1a2b3c4)',
      'Asked for by Anna: Sale starts',
      '1 change by 1 person',
      'Waiting for a countersignature: 1 of @platform.',
      'Checks: all 3 passed',
      'Runs there now: 9999999 (D-1) since 2026-11-20 23:00 UTC',
      'Needs 1 of: @platform · 0 of 1 so far',
      'May approve: Cleo; Dana',
      'May not: Anna asked for it; Ben wrote commits of it (1a2b3c4)',
      'Open until: 10:01 UTC',
      'Look twice',
      'Changes the database: 1 migration file',
      'Changes',
      '1a2b3c4 Make the basket bigger · ben · #12',
      'Files to look at',
      'migrations/7.sql (migration)',
      'Needs approval: web to production (D-2). Waiting for a countersignature: 1 of @platform.',
    ]);
  });
});

describe('the sentence of a running deployment', () => {
  const sentence = (more: Partial<Deployment>, minutes = 8) =>
    plain(tell(inState('running', more), 'engineering', { ...CONTEXT, now: at(minutes) }).lines.at(-1) ?? []);

  it.each<[string, Partial<Deployment>, number, string]>([
    ['it runs', {}, 8, 'The pipeline is running.'],
    ['no news', { silentSince: at(7) }, 8, 'Status unknown since 09:07 UTC, last seen: Unit tests.'],
    ['a person at the provider', { runState: 'waiting' }, 8, 'The provider itself waits for a person.'],
    ['it has not begun', { runState: 'queued' }, 8, 'The run has not begun for 3 min; look at the provider.'],
    ['it has just been asked for', { runState: 'queued' }, 6, 'The pipeline is running.'],
  ])('says that %s', (_what, more, minutes, expected) => {
    expect(sentence(more, minutes)).toBe(expected);
  });
});

describe('the queue in words', () => {
  const queued = (number: number, minutes: number, more: Partial<Deployment> = {}) =>
    inState('queued', { id: `D-${number}`, number, since: at(minutes), ...more });
  const scope = { kind: 'target' as const, service: 'web', environment: 'production' };
  const lock = { by: CLEO, reason: 'Stocktaking', at: at(0) };

  it('puts rollbacks first, then who was cleared first, then who asked first', () => {
    const back = queued(9, 9, { kind: 'rollback' });
    const all = [queued(4, 3), queued(3, 3), queued(2, 5), back];

    expect(all.sort(byTurn).map(({ id }) => id)).toEqual(['D-9', 'D-3', 'D-4', 'D-2']);
  });

  it('names whoever goes directly before', () => {
    const others = [inState('running', { id: 'D-1' }), queued(9, 9, { kind: 'rollback' }), queued(3, 3), queued(4, 4)];

    const place = queuePlaceOf(queued(4, 4), others, { locks: [], now: at(5) });

    expect(place).toMatchObject({ position: 3, behind: { id: 'D-3', requester: 'Anna' } });
  });

  it('tells of a lock whom it holds, and no rollback', () => {
    const said = (one: Deployment) =>
      plain(
        tell(one, 'engineering', {
          ...CONTEXT,
          queue: queuePlaceOf(one, [], { locks: [{ scope, lock }], now: at(5) }),
        }).lines.at(-1) ?? [],
      );

    expect(said(queued(4, 4))).toBe('Waiting: the target is locked by Cleo (Stocktaking).');
    expect(said(queued(9, 9, { kind: 'rollback' }))).toBe('Cleared to go; waiting for its turn on this target.');
  });
});

describe('every reply', () => {
  const STATE_OF: Partial<Record<(typeof TOPICS)[number], State>> = {
    succeeded: 'succeeded',
    failed: 'failed',
    rejected: 'rejected',
    refused: 'refused',
    expired: 'expired',
    cancelled: 'cancelled',
    'rolling-back': 'rolling-back',
    'rolled-back': 'rolled-back',
    'step-done': 'running',
    silent: 'running',
  };

  it.each(TOPICS)('about "%s" is a sentence for every audience, also when the service has left', (topic) => {
    for (const audience of CARD_AUDIENCES) {
      for (const context of [CONTEXT, GONE]) {
        const said = reply(inState(STATE_OF[topic] ?? 'awaiting-approval'), topic, undefined, audience, context);

        expect(plain(said.title)).toMatch(/^[A-Zw@].*\S/);
        expect(plain(said.title)).not.toMatch(/^[ ,:]|undefined|NaN|: ,|\s,|\s$/);
        expect(said.summary.length).toBeLessThanOrEqual(300);
      }
    }
  });

  const title = (topic: (typeof TOPICS)[number], deployment: Deployment, context = CONTEXT) =>
    plain(reply(deployment, topic, undefined, 'engineering', context).title);

  it('rings whoever is still needed, each once', () => {
    const twice = [
      { group: 'platform', count: 1 },
      { group: 'oncall', count: 1 },
    ];
    const eligible = twice.map((rule) => ({ ...rule, may: [CLEO, DANA], mayNot: [] }));
    const asked = inState('awaiting-approval', { findings: findings({ eligible }), plan: plan({ rules: twice }) });

    expect(title('approval-needed', asked)).toBe('Cleo, Dana, please look at D-2: web to production.');
    expect(title('reminder', { ...asked, countersignatures: [signed(CLEO)] })).toBe(
      'Dana: D-2 still waits for a countersignature.',
    );
  });

  it('says how long a good run took', () => {
    expect(title('succeeded', inState('succeeded'))).toBe('Anna, web is deployed in production after 4 min.');
  });

  it('says what to do after a failure', () => {
    const said = reply(inState('failed'), 'failed', undefined, 'engineering', CONTEXT);

    expect(plain(said.title)).toBe('Anna: npm test failed. Look at the log, mend it, then use Retry.');
    expect(said.buttons.map(({ verb }) => verb)).toEqual(['retry', 'rollback', 'logs']);
  });
});

describe('the call for approvers', () => {
  it.each([
    [3, 0],
    [10, 0],
    [11, 11],
    [120, 20],
  ])('with %i changes lists %i: what stands on the card is not said twice', (many, listed) => {
    const commits = Array.from({ length: many }, () => commit([hand('ben')]));
    const asked = inState('awaiting-approval', { findings: findings({ changeSet: changeSet(commits) }) });

    const said = reply(asked, 'approval-needed', undefined, 'engineering', CONTEXT);

    expect(said.sections.flatMap(({ items }) => items)).toHaveLength(listed);
  });
});

describe('the introduction', () => {
  const place = { chat: 'slack', tenant: 'T1', channel: 'C1' };

  it('says what will be announced and how to stop it', () => {
    const said = introduction([{ place, audience: 'line', service: 'web', environment: '*' }], '/deploy');

    expect(words(said)).toContain('Announced here: web to every environment, in one line each.');
    expect(words(said)).toContain('/deploy unsubscribe');
  });

  it.each([
    [{ audience: 'engineering' }, 'as cards for engineers'],
    [{ audience: 'digest' }, 'in one message a day for all'],
    [{ audience: 'digest', cadence: 'weekly' }, 'in one message a week for all'],
    [{ audience: 'line', moments: ['failed'] }, 'in one line each (events: failed)'],
    [
      { audience: 'digest', cadence: 'weekly', kinds: ['hotfix'], refs: ['main'], people: ['anna', 'ben'] },
      'in one message a week for all (refs: main; people: anna, ben; kinds: hotfix)',
    ],
  ] as const)('names the words, the rhythm and the filters of %j', (terms, expected) => {
    const said = introduction([{ place, service: '*', environment: 'production', ...terms }], '/deploy');

    expect(words(said)).toContain(`Announced here: every service to production, ${expected}.`);
    const audience =
      terms.audience === 'digest' ? `digest, ${'cadence' in terms ? 'weekly' : 'daily'}` : terms.audience;
    const filters = /\((.*)\)/.exec(expected)?.[1];
    const event = { type: 'subscribed', service: '*', environment: 'production', ...terms } as const;
    const all = [audience, ...(filters === undefined ? [] : [filters])].join('; ');
    expect(sentenceOf(event)).toBe(`Subscribed to * in production (${all})`);
  });

  it('says so when there is nothing yet', () => {
    expect(introduction([], '/deploy').summary).toContain('Nothing is announced here yet.');
  });
});

it('speaks of a first deployment and a rollback in their own words', () => {
  const { former: _none, ...first } = findings();
  const asked = inState('awaiting-approval', { findings: first });
  const back = told([...asking('rollback'), [{ type: 'findings-gathered', findings: findings({ sha: OLD }) }, 1]]);

  expect(words(tell(asked, 'engineering', CONTEXT))).toContain('Runs there now: nothing yet');
  expect(words(tell(back, 'engineering', CONTEXT))).toContain('Brings back D-0 in place of D-1');
});
