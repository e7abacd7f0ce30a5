import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY, seal } from '../../src/domain/audit.ts';
import { canonicalHash } from '../../src/domain/canonical.ts';
import type { Deployment, State } from '../../src/domain/deployment.ts';
import type { Entry } from '../../src/domain/event.ts';
import { evidenceOf } from '../../src/domain/evidence.ts';
import { evidenceBlocks } from '../../src/domain/evidence-document.ts';
import { escapeMarkdown, evidenceMarkdown } from '../../src/domain/evidence-markdown.ts';
import { periodBlocks, rowOf } from '../../src/domain/evidence-period.ts';
import { when } from '../../src/domain/evidence-words.ts';
import { BOT } from '../../src/domain/person.ts';
import {
  at,
  CLEO,
  changeSet,
  commit,
  DANA,
  findings,
  hand,
  plan as planned,
  signed,
  type Told,
  told,
  WAYS,
} from './samples.ts';

function logged(story: readonly Told[]): readonly Entry[] {
  const entries: Entry[] = [];
  for (const [event, minutes, by] of story) {
    const fresh = { stream: 'deployment:D-2' as const, event, by: by ?? BOT, at: at(minutes) };
    entries.push(seal(entries.at(-1) ?? EMPTY, fresh, entries.length + 1).entry);
  }
  return entries;
}

function recordOf(story: readonly Told[], more: Partial<Deployment> = {}) {
  return evidenceOf({
    deployment: { ...told(story), ...more },
    entries: logged(story),
    baseUrl: 'https://bot.example',
  });
}

function textOf(story: readonly Told[]): string {
  return evidenceMarkdown(evidenceBlocks(recordOf(story)));
}

describe('a record of evidence', () => {
  it('names the artifacts that were approved, and those that the run named', () => {
    const [web, api] = [
      { name: 'web', digest: `sha256:${'a'.repeat(64)}` },
      { name: 'api', digest: `sha256:${'b'.repeat(64)}` },
    ];
    const more = { plan: planned({ artifacts: [web] }), runArtifacts: [api, web] };
    const record = recordOf(WAYS.succeeded, more);
    const text = evidenceMarkdown(evidenceBlocks(record));

    expect(record).toMatchObject({ plan: { artifacts: [web] }, run: { artifacts: [api, web] } });
    expect(text).toMatch(/Artifacts that were approved.*web.{1,6}sha256:a{64}/);
    expect(text).toMatch(/Artifacts that the run named.*api.{1,6}sha256:b{64}, web.{1,6}sha256:a{64}/);
    expect(recordOf(WAYS.succeeded).plan).not.toHaveProperty('artifacts');
  });

  it('names the owners of changed files, the checks that failed, and what was handed in', () => {
    const own = findings({
      checks: { state: 'failed', passed: 1, failed: 1, pending: 0, failures: ['lint'], url: 'https://ci.example/7' },
      ownership: [{ owners: ['@acme/data'], files: 2, example: 'db/1.sql' }],
    });
    const story = WAYS.succeeded.map(
      (one): Told => (one[0].type === 'findings-gathered' ? [{ type: 'findings-gathered', findings: own }, 1] : one),
    );

    const text = evidenceMarkdown(evidenceBlocks(recordOf(story, { inputs: { region: 'eu' } })));

    expect(text).toMatch(/acme\/data: 2 files, e\.g\. db\/1\\?\.sql/);
    expect(text).toMatch(/Checks that failed.*lint/);
    expect(text).toMatch(/Input: region.*eu/);
  });

  it('stands in the table of a period with its commit and its end', () => {
    const row = rowOf(recordOf(WAYS.succeeded), false);
    const text = evidenceMarkdown(periodBlocks({ from: at(0), to: at(999) }, [row]));

    expect(text).toContain(row.commit?.slice(0, 7) ?? 'no commit');
    expect(text).toContain(when(row.endedAt));
    expect(row.endedAt).toBeDefined();
  });

  it('says who asked, wrote, approved, was excluded, what ran and how it ended', () => {
    const record = recordOf(WAYS.succeeded);

    expect(record).toMatchObject({
      deployment: 'D-2',
      asked: { by: { id: 'anna', known: true }, reason: 'Sale starts' },
      changes: { commits: [{ hands: [{ role: 'author' }] }] },
      checks: { state: 'passed', passed: 3 },
      rules: [{ group: 'platform', count: 1, by: [{ id: 'cleo' }] }],
      approvals: [{ by: { id: 'cleo', account: { system: 'slack', id: 'U-cleo' } }, binding: planned().hash }],
      excluded: [
        { person: { id: 'anna' }, parts: ['requester'] },
        { person: { id: 'ben' }, parts: ['author'] },
      ],
      plan: { hash: planned().hash, configuration: planned().configuration, provider: 'runner' },
      gates: ['reason-given'],
      run: { provider: 'runner', id: '77', confirmed: true },
      state: 'succeeded',
      exceptions: [],
    });
    expect(record.log.entries).toHaveLength(WAYS.succeeded.length);
    expect(record.log.first.seq).toBe(1);
    expect(record.log.last.hash).toBe(logged(WAYS.succeeded).at(-1)?.hash);
  });

  it('has a hash of all but itself, that changes with anything in it', () => {
    const { hash, ...body } = recordOf(WAYS.succeeded);

    expect(hash).toBe(canonicalHash(body));
    expect(recordOf(WAYS.succeeded).hash).toBe(hash);
    expect(recordOf(WAYS.succeeded, { reason: 'Sale start' }).hash).not.toBe(hash);
  });

  it.each(Object.keys(WAYS) as State[])('can be made of a deployment that is %s', (state) => {
    const text = textOf(WAYS[state]);

    expect(text).toContain('Anna');
    expect(text).toContain(recordOf(WAYS[state]).hash);
  });

  it('keeps every commit of the log although the row holds a hundred', () => {
    const many = changeSet(Array.from({ length: 250 }, () => commit([hand('ben')])));
    const story = WAYS.succeeded.map(
      (one): Told =>
        one[0].type === 'findings-gathered'
          ? [{ type: 'findings-gathered', findings: findings({ changeSet: many }) }, 1]
          : one,
    );

    expect(told(story).findings?.changeSet.commits).toHaveLength(100);
    expect(recordOf(story).changes?.commits).toHaveLength(250);
  });

  it('shows countersignatures that were set aside, and why', () => {
    const story: readonly Told[] = [
      ...WAYS['awaiting-approval'],
      [{ type: 'countersigned', countersignature: signed(DANA) }, 4, DANA],
      [{ type: 'approvals-voided', reason: 'The branch moved' }, 5],
      [{ type: 'countersigned', countersignature: signed(CLEO) }, 6, CLEO],
    ];

    expect(recordOf(story).approvals.map(({ by, setAside }) => [by.id, setAside])).toEqual([
      ['dana', 'The branch moved'],
      ['cleo', undefined],
    ]);
  });

  it('says in whose stead somebody signed', () => {
    const story: readonly Told[] = [
      ...WAYS['awaiting-approval'],
      [{ type: 'countersigned', countersignature: { ...signed(CLEO), onBehalfOf: DANA } }, 4, CLEO],
    ];

    expect(recordOf(story).approvals[0]?.onBehalfOf).toEqual({ id: 'dana', name: 'Dana', known: true });
  });
});

describe('exceptions', () => {
  it.each([
    [{ kind: 'hotfix' as const }, ['hotfix', 'review-missing']],
    [{ override: 'Staging is down' }, ['override', 'review-missing']],
    [{ glass: { by: CLEO, reason: 'Shop is down', at: at(3), binding: 'x' } }, ['break-glass', 'review-missing']],
    [{ runSha: 'f'.repeat(40) }, ['commit-unconfirmed']],
    [{ undoneBy: 'D-9' }, ['rolled-back']],
  ])('are seen: %j', (more, expected) => {
    expect(recordOf(WAYS.succeeded, more).exceptions).toEqual(expected);
  });

  it('are gone from a closed review', () => {
    const deployment: Deployment = { ...told(WAYS.succeeded), kind: 'hotfix' };
    const review = {
      deployment: 'D-2',
      version: 2,
      causes: ['hotfix' as const],
      service: 'web',
      environment: 'production',
      kind: 'hotfix' as const,
      openedAt: at(9),
      dueAt: at(999),
      barred: [],
      chases: 0,
    };
    const entries = logged(WAYS.succeeded);

    expect(evidenceOf({ deployment, entries, review }).exceptions).toEqual(['hotfix', 'review-missing']);
    const closed = { by: DANA, note: 'Fine', at: at(20) };
    expect(evidenceOf({ deployment, entries, review: { ...review, closed } }).exceptions).toEqual(['hotfix']);
  });

  it.each([
    [[hand('ben'), hand('ben', 'merger')], ['self-merged']],
    [[hand('ben'), hand('cleo', 'merger')], []],
    [[hand('ben', 'author', true), hand('ben', 'merger', true)], []],
    [[hand('cleo', 'merger'), hand('ben'), hand('cleo', 'co-author')], ['self-merged']],
  ])('know who merged their own commit (%#)', (hands, expected) => {
    const own = findings({ changeSet: changeSet([commit(hands)]) });
    const story = WAYS.succeeded.map(
      (one): Told => (one[0].type === 'findings-gathered' ? [{ type: 'findings-gathered', findings: own }, 1] : one),
    );

    expect(recordOf(story).exceptions).toEqual(expected);
  });
});

describe('Markdown', () => {
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert\\(1\\)&lt;/script&gt;'],
    ['[x](javascript:y)', '\\[x\\]\\(javascript:y\\)'],
    ['a | b\n# c', 'a \\| b \\# c'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['@team https://evil.example', '&#64;team https&#58;//evil.example'],
    ['a\u202eb', 'ab'],
  ])('escapes %j', (typed, expected) => {
    expect(escapeMarkdown(typed)).toBe(expected);
  });

  it('never lets typed text leave its line or open a tag', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeMarkdown(text);
        expect(escaped).not.toMatch(/[<>\n\r]|(?<!\\)(?:\\\\)*[|`[\]]/);
      }),
    );
  });

  it('makes a link of an address only where the address itself is shown', () => {
    expect(evidenceMarkdown([{ kind: 'facts', facts: [['Run', 'https://ci.example/77']] }])).toBe(
      '- **Run:** <https://ci.example/77>\n\n',
    );
    expect(evidenceMarkdown([{ kind: 'facts', facts: [['Run', 'https://ci.example/> [a](b)']] }])).not.toContain('<');
  });
});
