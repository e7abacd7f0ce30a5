import { afterEach, expect, it } from 'vitest';
import { canonicalHash } from '../../src/domain/canonical.ts';
import { loadEvidence, loadPeriod } from '../../src/evidence/load.ts';
import { type EvidenceFormat, writtenPeriod, writtenRecord } from '../../src/evidence/written.ts';
import { deployed, openWorld, SHA, type World } from '../engine/world.ts';

const PRINT = { installation: 'Acme' };
const worlds: World[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

async function twoDeployed(): Promise<World> {
  const world = await openWorld();
  worlds.push(world);
  await deployed(world);
  world.source.refs_.set('main', SHA.two);
  // The second one is an exception: its author merged it.
  world.source.range = (base, head) => ({
    ...(base === undefined ? {} : { base }),
    head,
    commits: [
      {
        sha: head,
        title: '<b>sneaky</b> [x](javascript:y)',
        at: '2026-11-20T10:00:00.000Z',
        hands: (['author', 'merger'] as const).map((role) => ({
          role,
          account: { system: 'email', id: 'ben@example.com' },
          bot: false,
        })),
      },
    ],
    files: [],
    filesTotal: 0,
    complete: true,
    direction: 'ahead',
  });
  await deployed(world);
  return world;
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const piece of pieces) found.push(piece);
  return Buffer.concat(found);
}

const EVER = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' };

it('lists what began or ended in the period, exceptions first', async () => {
  const world = await twoDeployed();
  const { rows } = await loadPeriod(world.store, EVER);

  expect(rows.map(({ deployment, exceptions }) => [deployment, exceptions])).toEqual([
    ['D-2', ['self-merged']],
    ['D-1', []],
  ]);
  expect(rows[1]).toMatchObject({ askedBy: 'Anna', approvedBy: ['Cleo'], state: 'succeeded', open: false });
});

it('leaves out what is not asked for', async () => {
  const world = await twoDeployed();
  const rows = async (more: object) => (await loadPeriod(world.store, { ...EVER, ...more })).rows.length;

  expect(await rows({ environment: 'staging' })).toBe(0);
  expect(await rows({ service: 'web', environment: 'production' })).toBe(2);
  expect(await rows({ to: '2001-01-01T00:00:00.000Z' })).toBe(0);
});

it('writes JSON in which every record has the hash of the summary', async () => {
  const world = await twoDeployed();
  const text = (await all(writtenPeriod(await loadPeriod(world.store, EVER), 'json', PRINT))).toString();
  const report = JSON.parse(text) as { summary: { hash: string }[]; records: { hash: string }[] };

  expect(report.records.map(({ hash }) => hash)).toEqual(report.summary.map(({ hash }) => hash));
  for (const { hash, ...body } of report.records) expect(canonicalHash(body)).toBe(hash);
});

it('escapes in Markdown what people typed', async () => {
  const world = await twoDeployed();
  const text = (await all(writtenPeriod(await loadPeriod(world.store, EVER), 'md', PRINT))).toString();

  expect(text).toContain('&lt;b&gt;sneaky&lt;/b&gt; \\[x\\]\\(javascript:y\\)');
  expect(text).not.toContain('<b>');
});

it.each<EvidenceFormat>(['json', 'md', 'pdf'])('writes one record as %s', async (format) => {
  const world = await twoDeployed();
  const record = await loadEvidence(world.store, 'D-1');
  if (record === undefined) throw new Error('D-1 is missing.');
  const bytes = await all(writtenRecord(record, format, PRINT));

  if (format === 'pdf') {
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(bytes.subarray(-6).toString()).toContain('%%EOF');
    expect(bytes.toString('latin1')).not.toMatch(/\/(JavaScript|JS|Launch|URI|EmbeddedFile)\b/);
  } else expect(bytes.toString()).toContain(record.hash);
});

it('writes a PDF of a period over many pages, and ends when nobody reads on', async () => {
  const world = await twoDeployed();
  const evidence = await loadPeriod(world.store, EVER);
  const bytes = await all(writtenPeriod(evidence, 'pdf', PRINT));
  expect(bytes.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThanOrEqual(3);

  for await (const piece of writtenPeriod(evidence, 'pdf', PRINT)) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
});

it('knows nothing of a deployment that is not there', async () => {
  const world = await openWorld();
  worlds.push(world);

  expect(await loadEvidence(world.store, 'D-7')).toBeUndefined();
});
