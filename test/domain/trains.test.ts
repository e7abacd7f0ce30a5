import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideStop, decideTrainApprove } from '../../src/domain/decide-train.ts';
import { type Deployment, OPEN_STATES, STATE_NAMES, type State } from '../../src/domain/deployment.ts';
import type { Person } from '../../src/domain/person.ts';
import type { Membership } from '../../src/domain/policy.ts';
import {
  asPart,
  excludedFromTrain,
  isMember,
  leadOf,
  stopsTrain,
  TRAIN_MODES,
  type TrainMode,
  trainHold,
  trainRevision,
} from '../../src/domain/train.ts';
import { VOCABULARY } from '../../src/domain/vocabulary.ts';

const NOW = '2026-11-21T10:00:00.000Z';
const person = (id: string): Person => ({ id, name: id, known: true, accounts: [{ system: 'slack', id }] });
const ANNA = person('anna');

interface Wish {
  readonly state: State;
  readonly hands?: readonly string[];
  readonly group?: string;
}

/** A train whose members are in these states. */
function train(wishes: readonly Wish[], mode: TrainMode = 'ordered'): readonly Deployment[] {
  const all = wishes.map((_, index) => ({ deployment: `D-${index + 1}`, service: `s${index + 1}` }));
  return wishes.map(({ state, hands = [], group = 'platform' }, index): Deployment => {
    const excluded = hands.map((id) => ({ person: person(id), parts: ['author' as const], commits: ['1a2b3c4'] }));
    const rules = [{ group, count: 1 }];
    const service = `s${index + 1}`;
    return {
      ...{ id: `D-${index + 1}`, number: index + 1, version: 5, revision: 3, token: `t${index}`, kind: 'regular' },
      ...{ service, environment: 'production', ref: 'main', requester: ANNA, requestedAt: NOW, since: NOW, state },
      ...{ countersignatures: [], refusals: [], steps: [], expiresAt: '2026-11-21T12:00:00.000Z' },
      train: { id: 'T-1', position: index + 1, mode, members: all },
      plan: {
        ...{ machine: 1, service, environment: 'production', sha: 'a'.repeat(40), kind: 'regular', configuration: 'c' },
        ...{ stages: [{ kind: 'approval', rules }], hash: `plan-${index}` },
      },
      findings: {
        sha: 'a'.repeat(40),
        changeSet: { head: 'a', commits: [], files: [], filesTotal: 0, complete: true, direction: 'ahead' },
        ...{ commitsTotal: 0, peopleTotal: 0, eligible: [], warnings: [], at: NOW },
        checks: { state: 'none', passed: 0, failed: 0, pending: 0, failures: [] },
        excluded: [{ person: ANNA, parts: ['requester'], commits: [] }, ...excluded],
      },
    };
  });
}

function wishOf(id: string, groups: readonly string[]) {
  const memberships = (asked: string): readonly Membership[] => [{ group: asked, member: groups.includes(asked) }];
  return (member: Deployment) => {
    const stage = member.plan?.stages[0];
    const group = stage?.kind === 'approval' ? (stage.rules[0]?.group ?? '') : '';
    return { by: person(id), through: { system: 'slack', id }, memberships: memberships(group), now: NOW };
  };
}

const anyState = fc.constantFrom(...STATE_NAMES);

describe('whose turn it is in a train', () => {
  it('is in order only when every one before has succeeded, and in no mode before all is cleared or after one went wrong', () => {
    fc.assert(
      fc.property(
        fc.array(anyState, { minLength: 1, maxLength: 6 }),
        fc.nat(5),
        fc.constantFrom(...TRAIN_MODES),
        (states, place, mode) => {
          const at = place % states.length;
          const members = train(
            states.map((state, index) => ({ state: index === at ? 'queued' : state })),
            mode,
          );
          const own = members[at];
          if (own === undefined || !isMember(own)) throw new Error('no member');
          const free = trainHold(own, members) === undefined;
          const others = members.filter(({ id }) => id !== own.id);
          const wrong = others.some(stopsTrain);
          const uncleared = others.some(({ state }) => ['requested', 'checking', 'awaiting-approval'].includes(state));
          const before = members.slice(0, at).every(({ state }) => state === 'succeeded');
          expect(free).toBe(!wrong && !uncleared && (mode === 'parallel' || before));
        },
      ),
    );
  });

  it('is nobody’s while a member is missing, is being stopped, or is in the hands of a newer version', () => {
    const members = train([{ state: 'succeeded' }, { state: 'queued' }]);
    const [first, own] = members;
    if (first === undefined || own === undefined || !isMember(own)) throw new Error('no member');
    const stopping = { ...first, state: 'running' as const, cancellation: { by: ANNA, reason: '', at: NOW } };

    expect(trainHold(own, members)).toBeUndefined();
    expect(trainHold(own, [own])?.kind).toBe('stop');
    expect(trainHold(own, [{ ...first, needs: VOCABULARY + 1 }, own])?.kind).toBe('stop');
    expect(trainHold(own, [stopping, own])?.kind).toBe('stop');
  });
});

describe('the first that goes wrong', () => {
  it.each(STATE_NAMES)('calls off, after one that is %s, only what has not begun', (state) => {
    const [after] = train([{ state }]);
    if (after === undefined) throw new Error('no member');
    for (const other of STATE_NAMES) {
      const [member] = train([{ state: other }]).map((one) => ({ ...one, id: 'D-9' }));
      if (member === undefined) throw new Error('no member');
      const begun = other === 'running' || other === 'rolling-back' || !OPEN_STATES.includes(other);
      expect(decideStop(member, after).kind, other).toBe(begun ? 'nothing' : 'events');
    }
  });
});

describe('a countersignature of a train', () => {
  const names = ['anna', 'ben', 'cleo', 'dana'] as const;
  const members = fc.array(
    fc.record({
      state: fc.constantFrom<State>('awaiting-approval', 'queued', 'succeeded'),
      hands: fc.subarray([...names]),
      group: fc.constantFrom('platform', 'ops'),
    }),
    { minLength: 2, maxLength: 5 },
  );

  it('never counts from anybody who had a hand in any member, and binds each member’s own plan', () => {
    fc.assert(
      fc.property(members, fc.constantFrom(...names), fc.subarray(['platform', 'ops']), (wishes, by, groups) => {
        const all = train(wishes);
        const decided = decideTrainApprove(all, wishOf(by, groups));
        const signed = decided.members.flatMap(({ before, decision }) =>
          decision.kind === 'events'
            ? decision.events.flatMap((event) => (event.type === 'countersigned' ? [{ before, event }] : []))
            : [],
        );
        const barred = by === 'anna' || wishes.some(({ hands }) => hands.includes(by));
        const asked = wishes.some(({ state, group }) => state === 'awaiting-approval' && groups.includes(group));
        expect(signed.length > 0).toBe(!barred && asked);
        expect(decided.refusals.length > 0).toBe(signed.length === 0);
        for (const { before, event } of signed) {
          expect(before.state).toBe('awaiting-approval');
          expect(event.countersignature.binding).toBe(before.plan?.hash);
        }
      }),
    );
  });

  it('is refused on an older card, and while a member is still being checked', () => {
    const waiting = train([{ state: 'awaiting-approval' }, { state: 'awaiting-approval' }]);
    const early = train([{ state: 'awaiting-approval' }, { state: 'checking' }]);
    const codes = (all: readonly Deployment[], revision?: number) =>
      decideTrainApprove(all, wishOf('cleo', ['platform']), revision).refusals.map(({ code }) => code);

    expect(codes(waiting, trainRevision(waiting))).toEqual([]);
    expect(codes(waiting, trainRevision(waiting) - 1)).toEqual(['request-changed']);
    expect(codes(early)).toEqual(['not-awaiting-approval']);
  });

  it('bars everybody of all members from each of them', () => {
    const all = train([
      { state: 'queued', hands: ['ben'] },
      { state: 'queued', hands: ['cleo', 'ben'] },
    ]);
    const names_ = excludedFromTrain(all).map(({ person: one }) => one.id);
    const part = all[0] === undefined ? undefined : asPart(all[0], all);

    expect(names_).toEqual(['anna', 'ben', 'cleo']);
    expect(part?.findings?.excluded.map(({ person: one }) => one.id)).toEqual(names_);
  });
});

it('is known by the number of its first member', () => {
  expect(['T-7', 't-7', 'D-7', 'T-07', 'T-'].map(leadOf)).toEqual(['D-7', undefined, undefined, undefined, undefined]);
});
