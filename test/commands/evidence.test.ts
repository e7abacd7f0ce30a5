import { expect, it } from 'vitest';
import { EMPTY, seal } from '../../src/domain/audit.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { deploymentStream } from '../../src/domain/event.ts';
import { plain } from '../../src/domain/text.ts';
import { loadEvidence } from '../../src/evidence/load.ts';
import { anna, ben, catalog, codesOf, deployment, NOW, told, wordsIn, world } from './world.ts';

/** A world with one deployment and its log: some entry, and countersigned by Ben where that is wished. */
function logged(over: Partial<Deployment> = {}, signed = false, known = catalog) {
  const made = world({}, known);
  const found = deployment({ number: 12, ...over });
  const stream = deploymentStream(found.id);
  const countersignature = {
    ...{ by: ben, through: { system: 'console', id: 'ben' }, groups: ['platform'] },
    ...{ at: NOW, binding: 'b1' },
  };
  const first = seal(EMPTY, { stream, event: { type: 'contact-lost' }, by: anna, at: NOW }, 1).entry;
  const event = { type: 'countersigned' as const, countersignature };
  const second = seal({ seq: first.seq, hash: first.hash }, { stream, event, by: ben, at: NOW }, 2).entry;
  made.shelf.deployments = [found];
  made.shelf.entries = signed ? [first, second] : [first];
  return made;
}

const facts = (card: ReturnType<typeof told>) =>
  Object.fromEntries(card.facts.map(({ label, value }) => [label, plain(value)]));

it('says who asked, who countersigned, how it ended, and the hash of the record', async () => {
  const { say, shelf } = logged({ state: 'failed', startedAt: NOW, endedAt: NOW }, true);

  const card = told(await say('evidence D-12'));

  expect(plain(card.title)).toBe('Evidence of D-12: web → production');
  expect(facts(card)).toEqual({
    'Asked by': 'Anna, 2026-11-20 10:00 UTC',
    'Countersigned by': 'Ben',
    Ended: '2026-11-20 10:00 UTC',
  });
  expect(card.lines.map(plain).join(' ')).toContain('Look at this first: failed.');
  const reading = {
    deployment: async () => shelf.deployments[0],
    review: async () => undefined,
    entries: async ({ stream }: { stream?: string }) => (shelf.entries ?? []).filter((one) => one.stream === stream),
  };
  const record = await loadEvidence(reading, 'D-12');
  expect(plain(card.context)).toBe(`SHA-256 ${record?.hash}`);
  expect(card.summary.length).toBeLessThanOrEqual(300);
});

it('says that nobody countersigned and that it has not ended', async () => {
  const card = told(await logged().say('evidence 12'));

  expect(facts(card)).toMatchObject({ 'Countersigned by': expect.stringMatching(/^nobody/), Ended: 'not yet' });
  expect(card.lines.map(plain)).toContain('No exceptions.');
});

it('links to the pages where there are pages, and has the same hash without', async () => {
  const { baseUrl: _none, ...bare } = catalog;
  const card = told(await logged().say('evidence D-12'));
  const plainCard = told(await logged({}, false, bare).say('evidence D-12'));

  expect(card.links.map(({ url }) => url)).toEqual([
    'https://deploy.example.com/deployments/D-12/evidence',
    'https://deploy.example.com/deployments/D-12/evidence.json',
    'https://deploy.example.com/deployments/D-12/evidence.pdf',
  ]);
  expect(plainCard.links).toEqual([]);
  expect(plainCard.context).toEqual(card.context);
});

it('does not know a deployment that never was', async () => {
  const reply = await logged().say('evidence D-99');

  expect(codesOf(reply)).toEqual(['unknown-deployment']);
  expect(wordsIn(told(reply))).toContain('There is no deployment D-99.');
});
