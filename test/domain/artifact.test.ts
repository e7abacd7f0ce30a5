import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Artifact,
  agreed,
  artifactFrom,
  artifactLines,
  artifactText,
  clashIn,
  MOST_ARTIFACTS,
  reportedArtifacts,
  sameArtifacts,
  shortDigest,
  strayAmong,
} from '../../src/domain/artifact.ts';
import { decideSeen } from '../../src/domain/decide-run.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { DeploymentEvent } from '../../src/domain/event.ts';
import { evolve } from '../../src/domain/machine.ts';
import { BOT } from '../../src/domain/person.ts';
import type { Snapshot } from '../../src/domain/run.ts';
import { vocabularyOf } from '../../src/domain/vocabulary.ts';
import { at, findings, inState, plan, SHA } from './samples.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const web = (digit: string): Artifact => ({ name: 'web', digest: digest(digit) });
const api = (digit: string): Artifact => ({ name: 'api', digest: digest(digit) });

const anyArtifact = fc.record({
  name: fc.constantFrom('api', 'web', 'ghcr.io/acme/web', 'a@b', 'Über'),
  digest: fc.constantFrom('a', 'b', 'c').map(digest),
});
const anyList = fc.array(anyArtifact, { maxLength: 30 });

describe('an artifact as it is said', () => {
  it.each([
    [`web@${digest('a')}`, web('a')],
    [`ghcr.io/acme/web@${digest('0')}`, { name: 'ghcr.io/acme/web', digest: digest('0') }],
    [`me@home@${digest('a')}`, { name: 'me@home', digest: digest('a') }],
    [` web  @${digest('a')}`, web('a')],
    ['web', undefined],
    ['', undefined],
    [digest('a'), undefined],
    [`@${digest('a')}`, undefined],
    [`web@${digest('A')}`, undefined],
    [`web@${digest('a')}a`, undefined],
    [`web@sha512:${'a'.repeat(64)}`, undefined],
    [`web@${digest('a').slice(0, -1)}`, undefined],
    [`two\nlines@${digest('a')}`, undefined],
    [`hid\u200bden@${digest('a')}`, undefined],
    [`${'x'.repeat(101)}@${digest('a')}`, undefined],
  ])('%j is %j', (text, expected) => {
    expect(artifactFrom(text)).toEqual(expected);
  });

  it('is read as it was written', () => {
    fc.assert(fc.property(anyArtifact, (one) => void expect(artifactFrom(artifactText(one))).toEqual(one)));
  });

  it('is shown by twelve digits', () => {
    expect(shortDigest(web('a'))).toBe('a'.repeat(12));
  });
});

describe('what a run reports', () => {
  it('is the same however it is ordered and repeated', () => {
    const mixed = fc.tuple(anyList, fc.infiniteStream(fc.nat()));
    fc.assert(
      fc.property(mixed, ([list, dice]) => {
        const other = [...list, ...list.slice(0, 3)]
          .map((one) => [dice.next().value as number, one] as const)
          .sort(([one], [two]) => one - two)
          .map(([, one]) => one);
        expect(reportedArtifacts(other).artifacts).toEqual(reportedArtifacts(list).artifacts);
      }),
    );
  });

  it('is bounded, and counts what is left out', () => {
    const many = Array.from({ length: MOST_ARTIFACTS + 3 }, (_, index) => ({
      name: `a${String(index).padStart(2, '0')}`,
      digest: digest('a'),
    }));
    const { artifacts, left } = reportedArtifacts([...many.toReversed(), { name: 'bad', digest: 'latest' }]);

    expect(artifacts).toEqual(many.slice(0, MOST_ARTIFACTS));
    expect(left).toBe(4);
  });

  it('is given to a pipeline one a line', () => {
    expect(artifactLines([api('a'), web('b')])).toBe(`api@${digest('a')}\nweb@${digest('b')}`);
    expect(artifactLines([])).toBe('');
  });
});

describe('several lists', () => {
  it.each<[Artifact[], Artifact[] | undefined]>([
    [[], undefined],
    [[web('a'), api('b')], undefined],
    [[web('a'), web('a')], undefined],
    [
      [web('b'), api('a'), web('a')],
      [web('a'), web('b')],
    ],
  ])('clash where one name means two things: %j', (list, expected) => {
    const clash = clashIn(list);

    expect(clash === undefined ? undefined : [clash.one, clash.other]).toEqual(expected);
  });

  it('agree on what nobody contradicts, and on nothing else', () => {
    fc.assert(
      fc.property(fc.array(anyList, { maxLength: 4 }), (lists) => {
        const kept = agreed(lists);
        expect(clashIn(kept)).toBeUndefined();
        for (const one of lists.flat()) {
          const contradicted = lists
            .flat()
            .some(({ name, digest: other }) => name === one.name && other !== one.digest);
          expect(kept.some((all) => sameArtifacts([all], [one]))).toBe(!contradicted);
        }
        expect(clashIn(lists.flat()) === undefined).toBe(sameArtifacts(kept, lists.flat()));
      }),
    );
  });

  it('stray only from what was wanted', () => {
    expect(strayAmong([web('b')], [web('a')])).toEqual({ one: web('a'), other: web('b') });
    expect(strayAmong([web('a'), web('b')], [web('a')])).toEqual({ one: web('a'), other: web('b') });
    expect(strayAmong([web('a'), api('b')], [web('a')])).toBeUndefined();
    expect(strayAmong([], [web('a')])).toBeUndefined();
  });
});

describe('the plan of a deployment', () => {
  it('binds its artifacts by its hash, and is what it was without any', () => {
    const hashes = [plan(), plan({ artifacts: [web('a')] }), plan({ artifacts: [web('b')] })].map(({ hash }) => hash);

    expect(new Set(hashes).size).toBe(3);
    expect(plan({ artifacts: [] })).toEqual(plan());
  });
});

const running = (wanted: readonly Artifact[] = [], more: Partial<Deployment> = {}): Deployment => ({
  ...inState('running'),
  plan: plan({ artifacts: wanted }),
  ...more,
});
function seenIn(row: Deployment, snapshot: Partial<Snapshot>): readonly DeploymentEvent[] {
  const decision = decideSeen(row, { state: 'running', steps: row.steps, sha: SHA, ...snapshot }, at(6), 600_000);
  return decision.kind === 'events' ? decision.events : [];
}

describe('a run that names artifacts', () => {
  it.each<[string, Artifact[], Partial<Snapshot>, string[]]>([
    ['the same', [web('a')], { artifacts: [web('a')], state: 'succeeded' }, ['progressed', 'succeeded']],
    ['none', [web('a')], { state: 'succeeded' }, ['progressed', 'succeeded']],
    ['an unbound one', [], { artifacts: [web('a')], state: 'succeeded' }, ['progressed', 'succeeded']],
    ['one more', [web('a')], { artifacts: [api('b'), web('a')] }, ['progressed']],
    ['another', [web('a')], { artifacts: [web('b')] }, ['progressed', 'failed']],
    ['another at its end', [web('a')], { artifacts: [web('b')], state: 'succeeded' }, ['progressed', 'failed']],
    ['the same and another', [web('a')], { artifacts: [web('a'), web('b')] }, ['progressed', 'failed']],
    ['what is no digest', [web('a')], { artifacts: [{ name: 'web', digest: 'latest' }] }, []],
  ])('%s', (_what, wanted, snapshot, expected) => {
    const events = seenIn(running(wanted), snapshot);
    const end = events.find(({ type }) => type === 'failed');

    expect(events.map(({ type }) => type)).toEqual(expected);
    if (end?.type === 'failed') expect(end.failure.code).toBe('artifact-mismatch');
  });

  it('is written down once, in its one form, and kept with the success', () => {
    const said = { artifacts: [web('a'), api('b'), web('a')] };
    const row = seenIn(running(), said).reduce<Deployment>((one, event) => evolve(one, event, at(6), BOT), running());
    const end = seenIn(row, { ...said, state: 'succeeded' }).at(-1);

    expect(row.runArtifacts).toEqual([api('b'), web('a')]);
    expect(seenIn(row, said)).toEqual([]);
    expect(end).toEqual({ type: 'succeeded', sha: SHA, artifacts: [api('b'), web('a')] });
  });

  it('is not forgotten when a later look says nothing of it', () => {
    const row = running([], { runArtifacts: [web('a')] });

    expect(seenIn(row, { state: 'succeeded' }).at(-1)).toEqual({ type: 'succeeded', sha: SHA, artifacts: [web('a')] });
  });
});

it.each<[string, DeploymentEvent, number]>([
  ['findings without', { type: 'findings-gathered', findings: findings() }, 1],
  ['findings with', { type: 'findings-gathered', findings: findings({ artifacts: [web('a')] }) }, 3],
  ['a plan with', { type: 'queued', plan: plan({ artifacts: [web('a')] }) }, 3],
  ['a success without', { type: 'succeeded', sha: SHA }, 1],
  ['a success with', { type: 'succeeded', sha: SHA, artifacts: [web('a')] }, 3],
  ['progress with', { type: 'progressed', runState: 'running', steps: [], artifacts: [web('a')] }, 3],
])('older versions leave alone what they would not heed: %s', (_what, event, vocabulary) => {
  expect(vocabularyOf(event)).toBe(vocabulary);
});
