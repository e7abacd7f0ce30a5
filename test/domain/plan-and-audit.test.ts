import { describe, expect, it } from 'vitest';
import { EMPTY, type FoundEntry, GENESIS, seal, verify } from '../../src/domain/audit.ts';
import { canonicalJson } from '../../src/domain/canonical.ts';
import type { Service, TargetSettings } from '../../src/domain/catalog.ts';
import type { NewEntry } from '../../src/domain/event.ts';
import { pipelineStage, planFor } from '../../src/domain/plan.ts';
import { ANNA, at, CATALOG, plan, SHA } from './samples.ts';

const web = CATALOG.services['web'] as Service;
const production = web.targets['production'] as TargetSettings;
const base = { kind: 'regular' as const, service: web, target: production, sha: SHA, gates: ['g'], groups: ['x'] };

describe('the hash of a plan', () => {
  const target = (more: Partial<TargetSettings>) => ({ ...base, target: { ...production, ...more } });
  const policy = (more: Partial<TargetSettings['policy']>) => target({ policy: { ...production.policy, ...more } });

  it.each([
    ['the commit', { ...base, sha: '2'.repeat(40) }],
    ['the service', { ...base, service: { ...web, id: 'api' } }],
    ['the environment', target({ environment: 'staging' })],
    ['the repository', { ...base, service: { ...web, repository: { source: 'code', name: 'acme/other' } } }],
    ['the source', { ...base, service: { ...web, repository: { source: 'other', name: 'acme/web' } } }],
    ['the provider', target({ pipeline: { provider: 'other', settings: production.pipeline.settings } })],
    ['a setting of the pipeline', target({ pipeline: { provider: 'runner', settings: { job: 'destroy' } } })],
    ['how long it may run', target({ timeoutMs: 1 })],
    ['how many must approve', policy({ rules: [{ group: 'platform', count: 2 }] })],
    ['who must approve', policy({ rules: [{ group: 'others', count: 1 }] })],
    ['what checks do', policy({ checks: 'required' })],
    ['the members of a group', { ...base, groups: ['y'] }],
  ])('changes with %s', (_what, request) => {
    expect(planFor(request).hash).not.toBe(planFor(base).hash);
  });

  it.each([
    ['the title', { ...base, service: { ...web, title: 'Shop' } }],
    ['the contact', { ...base, service: { ...web, contact: '#else' } }],
    ['another target', { ...base, service: { ...web, targets: { ...web.targets, staging: production } } }],
    ['the address', target({ url: 'https://else.example' })],
    ['how long a request stays open', policy({ expiresMs: 1 })],
    ['the gates that this version has', { ...base, gates: ['g', 'h'] }],
  ])('does not change with %s', (_what, request) => {
    expect(planFor(request).hash).toBe(planFor(base).hash);
  });

  it('does not depend on the order of keys', () => {
    const settings = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, key]));
    const hash = (keys: readonly string[]) =>
      planFor(target({ pipeline: { provider: 'runner', settings: settings(keys) } })).hash;

    expect(hash(['one', 'two'])).toBe(hash(['two', 'one']));
  });

  it('has no approval stage for a rollback, and one pipeline always', () => {
    const back = planFor({ ...base, kind: 'rollback' });

    expect(back.stages.map(({ kind }) => kind)).toEqual(['gate', 'pipeline']);
    expect(plan().stages.map(({ kind }) => kind)).toEqual(['gate', 'approval', 'pipeline']);
    expect(pipelineStage(back)).toMatchObject({ provider: 'runner', repository: 'acme/web', timeoutMs: 600_000 });
    expect(() => pipelineStage({ ...back, stages: [] })).toThrow('no pipeline stage');
  });
});

describe('the chain of the log', () => {
  const fresh = (reason: string): NewEntry => ({
    stream: 'target:web/production',
    event: { type: 'locked', reason },
    by: ANNA,
    at: at(0),
  });

  function chain(length: number): FoundEntry[] {
    let head = EMPTY;
    return Array.from({ length }, (_, index) => {
      const { entry, text } = seal(head, fresh(`reason ${index}`), index + 1);
      head = { seq: entry.seq, hash: entry.hash };
      return { seq: entry.seq, stream: entry.stream, version: entry.version, text, hash: entry.hash };
    });
  }

  const at2 = (entries: FoundEntry[], change: (entry: FoundEntry) => FoundEntry) =>
    entries.map((entry) => (entry.seq === 2 ? change(entry) : entry));

  it('is whole when nothing was touched, also when it is empty', async () => {
    const found = chain(4);

    expect(await verify(found)).toEqual({ kind: 'whole', entries: 4, head: { seq: 4, hash: found[3]?.hash } });
    expect(await verify([])).toEqual({ kind: 'whole', entries: 0, head: EMPTY });
    expect(found[0]?.text).toContain(`"previous":"${GENESIS}"`);
  });

  it.each<[string, (entries: FoundEntry[]) => FoundEntry[], number, string]>([
    [
      'a changed word',
      (all) => at2(all, (one) => ({ ...one, text: one.text.replace('reason', 'season') })),
      2,
      'its content was changed',
    ],
    ['a changed hash', (all) => at2(all, (one) => ({ ...one, hash: 'f'.repeat(64) })), 2, 'its content was changed'],
    ['a missing entry', (all) => all.filter(({ seq }) => seq !== 2), 3, 'one is missing or out of order'],
    ['a missing beginning', (all) => all.slice(1), 2, 'one is missing or out of order'],
    [
      'two swapped entries',
      ([one, two, three, ...rest]) => [one, three, two, ...rest] as FoundEntry[],
      3,
      'out of order',
    ],
    [
      'a renamed stream',
      (all) => at2(all, (one) => ({ ...one, stream: 'target:api/production' })),
      2,
      'its columns say something else',
    ],
    ['a changed version', (all) => at2(all, (one) => ({ ...one, version: 9 })), 2, 'its columns say something else'],
    ['an entry of another chain', (all) => at2(all, () => forged()), 2, 'it does not follow the entry before it'],
  ])('names the first broken entry: %s', async (_what, harm, seq, what) => {
    const verdict = await verify(harm(chain(4)));

    expect(verdict).toMatchObject({ kind: 'broken', seq, what: expect.stringContaining(what) });
  });

  it('notices a cut end when the head was noted before', async () => {
    const found = chain(4);
    const head = { seq: 4, hash: found[3]?.hash ?? '' };

    expect(await verify(found, head)).toMatchObject({ kind: 'whole' });
    expect(await verify(found.slice(0, 3), head)).toMatchObject({ kind: 'broken', seq: 4 });
    expect(await verify(chain(6), head)).toMatchObject({ kind: 'whole', entries: 6 });
  });

  it('notices a chain that was made anew from an entry on', async () => {
    const found = chain(4);

    const verdict = await verify(found, { seq: 3, hash: 'e'.repeat(64) });

    expect(verdict).toMatchObject({ kind: 'broken', seq: 3, what: expect.stringContaining('noted earlier') });
  });

  function forged(): FoundEntry {
    const { entry, text } = seal({ seq: 1, hash: 'd'.repeat(64) }, fresh('mine'), 2);
    return { seq: 2, stream: entry.stream, version: 2, text, hash: entry.hash };
  }
});

it('writes JSON in one way only', () => {
  expect(canonicalJson({ b: [1, 'é'], a: { d: null, c: 1e21 } })).toBe('{"a":{"c":1e+21,"d":null},"b":[1,"é"]}');
  expect(() => canonicalJson(undefined)).toThrow(TypeError);
});
