import { describe, expect, it } from 'vitest';
import { STATE_NAMES, STATES } from '../../src/domain/deployment.ts';
import type { DeploymentEvent } from '../../src/domain/event.ts';
import { allows, evolve, IllegalEvent, TABLE } from '../../src/domain/machine.ts';
import { BOT } from '../../src/domain/person.ts';
import { refusal } from '../../src/domain/refusal.ts';
import { ANNA, at, CLEO, changeSet, commit, findings, hand, inState, plan, signed, told, WAYS } from './samples.ts';

const WHY = refusal('try-again', 'No.', 'Try again.');
const EVENTS: Readonly<Record<DeploymentEvent['type'], DeploymentEvent>> = {
  requested: {
    type: 'requested',
    request: {
      ...{ number: 1, token: 't', kind: 'regular', service: 'web' },
      ...{ environment: 'production', ref: 'main', requester: ANNA },
    },
  },
  'checks-started': { type: 'checks-started' },
  'findings-gathered': { type: 'findings-gathered', findings: findings() },
  refused: { type: 'refused', refusals: [WHY] },
  'approval-asked': { type: 'approval-asked', plan: plan(), expiresAt: at(60) },
  reminded: { type: 'reminded' },
  nudged: { type: 'nudged' },
  escalated: { type: 'escalated', group: 'platform', to: 'oncall' },
  'glass-broken': { type: 'glass-broken', reason: 'x' },
  countersigned: { type: 'countersigned', countersignature: signed(CLEO) },
  'approval-denied': { type: 'approval-denied', refusals: [WHY] },
  'approvals-voided': { type: 'approvals-voided', reason: 'x' },
  rejected: { type: 'rejected', reason: 'x' },
  expired: { type: 'expired' },
  queued: { type: 'queued', plan: plan() },
  dispatched: { type: 'dispatched' },
  'run-started': { type: 'run-started', run: { provider: 'runner', id: '1' } },
  progressed: { type: 'progressed', runState: 'running', steps: [] },
  'wait-answered': { type: 'wait-answered', wait: { id: 'w', name: 'Go on?' }, words: 'x' },
  'wait-unanswered': { type: 'wait-unanswered', wait: { id: 'w', name: 'Go on?' }, why: WHY },
  'contact-lost': { type: 'contact-lost' },
  'contact-regained': { type: 'contact-regained' },
  'cancel-asked': { type: 'cancel-asked', reason: '' },
  cancelled: { type: 'cancelled', reason: '' },
  succeeded: { type: 'succeeded', sha: 'a' },
  failed: { type: 'failed', failure: WHY },
  'rollback-began': { type: 'rollback-began', by: 'D-9' },
  'rollback-ended': { type: 'rollback-ended', by: 'D-9', outcome: 'rolled-back' },
  'card-undelivered': {
    type: 'card-undelivered',
    place: { chat: 'slack', tenant: 'T1', channel: 'C1' },
    code: 'is_archived',
  },
};

describe('the table of the machine', () => {
  it('answers for every state and every event: it happens as the table says, or is refused as illegal', () => {
    const wrong: string[] = [];
    for (const state of STATE_NAMES) {
      for (const event of Object.values(EVENTS)) {
        const verdict = outcome(state, event);
        const { to } = TABLE[event.type];
        const expected = !allows(state, event.type) ? 'illegal' : to === 'same' ? state : to;
        if (verdict !== expected) wrong.push(`${event.type} in ${state}: ${verdict} instead of ${expected}`);
      }
    }

    expect(wrong).toEqual([]);
    expect(Object.keys(EVENTS).sort()).toEqual(Object.keys(TABLE).sort());
  });

  function outcome(state: (typeof STATE_NAMES)[number], event: DeploymentEvent): string {
    try {
      return evolve(inState(state), event, at(90), BOT).state;
    } catch (error) {
      if (error instanceof IllegalEvent) return 'illegal';
      throw error;
    }
  }

  it('begins nothing but with a request', () => {
    const beginners = Object.values(EVENTS).filter(({ type }) => allows('none', type));

    expect(beginners.map(({ type }) => type)).toEqual(['requested']);
  });

  it.each(STATE_NAMES)('has a way into "%s"', (state) => {
    const row = told(WAYS[state]);

    expect(row.state).toBe(state);
    expect(row.version).toBe(WAYS[state].length);
    expect(row.endedAt !== undefined).toBe(STATES[state].ended || state === 'rolling-back');
  });

  it('leaves what has ended as it is, apart from a rollback', () => {
    const ended = STATE_NAMES.filter((name) => STATES[name].ended);
    const movers = ended.flatMap((state) =>
      Object.values(EVENTS).filter(({ type }) => allows(state, type) && TABLE[type].to !== 'same'),
    );

    expect([...new Set(movers.map(({ type }) => type))]).toEqual(['rollback-began']);
  });

  it('brings a deployment whose rollback failed to "failed"', () => {
    const row = evolve(inState('rolling-back'), { type: 'rollback-ended', by: 'D-3', outcome: 'failed' }, at(30), BOT);

    expect(row).toMatchObject({ state: 'failed', undoneBy: 'D-3' });
  });
});

describe('a row', () => {
  it('counts a revision with every change of what a button means, and only then', () => {
    const asked = inState('awaiting-approval');
    const revisionAfter = (event: DeploymentEvent) => evolve(asked, event, at(6), BOT).revision - asked.revision;

    const changes = ['nudged', 'reminded', 'approval-denied', 'countersigned', 'findings-gathered', 'queued'] as const;

    expect(changes.map((type) => revisionAfter(EVENTS[type]))).toEqual([0, 0, 0, 0, 1, 1]);
  });

  it('keeps since when it is in its state, not since when it was last touched', () => {
    const asked = inState('awaiting-approval');

    const nudged = evolve(asked, { type: 'nudged' }, at(20), ANNA);

    expect(nudged).toMatchObject({ since: asked.since, nudgedAt: at(20), version: asked.version + 1 });
  });

  it('keeps a hundred commits and files, the flagged files first', () => {
    const files = Array.from({ length: 150 }, (_, index) => ({ path: `src/${index}.ts` }));
    const flagged = { path: 'migrations/9.sql', flag: 'migration' as const };
    const commits = Array.from({ length: 120 }, () => commit([hand('ben')]));
    const many = findings({ changeSet: changeSet(commits, { files: [...files, flagged], filesTotal: 151 }) });

    const row = evolve(inState('checking'), { type: 'findings-gathered', findings: many }, at(1), BOT);

    expect(row.findings?.changeSet.commits).toHaveLength(100);
    expect(row.findings?.changeSet.files).toHaveLength(100);
    expect(row.findings?.changeSet.files[0]).toEqual(flagged);
    expect(row.findings?.commitsTotal).toBe(120);
  });

  it('remembers who asked first for the end of a run', () => {
    const asking = evolve(inState('running'), { type: 'cancel-asked', reason: 'Stop' }, at(7), ANNA);

    const ended = evolve(asking, { type: 'cancelled', reason: 'Stop' }, at(8), BOT);

    expect(ended.cancellation).toEqual({ by: ANNA, reason: 'Stop', at: at(7) });
  });
});
