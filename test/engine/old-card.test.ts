import { afterEach, describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import { deploymentStream, type Entry } from '../../src/domain/event.ts';
import { sentenceOf } from '../../src/domain/tell/entries.ts';
import { closeSound, row, running, settle, succeed } from './scenes.ts';
import { askedTrain, trainWorld } from './train-scenes.ts';
import { asked, codes, openWorld, SHA, type World } from './world.ts';

let world: World;
afterEach(() => closeSound(world));

const approve = (name: string, id: string, revision: number) =>
  world.door.act(world.caller(name), id, { verb: 'approve', revision });

async function denials(id: string): Promise<readonly Entry[]> {
  const entries = await world.store.entries({ stream: deploymentStream(id), limit: 1000 });
  return entries.filter(({ event }) => event.type === 'approval-denied');
}

/** A request whose facts were renewed since its first card was drawn. */
async function renewed(): Promise<{ readonly id: string; readonly old: Deployment; readonly now: Deployment }> {
  world = await openWorld();
  await running(world);
  const old = await asked(world, SHA.two);
  await succeed(world, 'D-1');
  const now = await world.until('new facts', async () => {
    const found = await row(world, old.id);
    return found.revision > old.revision ? found : undefined;
  });
  return { id: old.id, old, now };
}

describe('Approve on an old card', () => {
  it('is refused and leaves a mark of who tried what', async () => {
    const { id, old } = await renewed();
    const answer = await approve('cleo', id, old.revision);
    const marks = await denials(id);

    expect(codes(answer)).toEqual(['request-changed']);
    expect(marks).toMatchObject([{ by: { id: 'cleo' }, event: { refusals: [{ code: 'request-changed' }] } }]);
    expect(marks.map(({ event }) => sentenceOf(event))).toEqual([
      expect.stringContaining('Tried to approve on an old card'),
    ]);
  });

  it('pressed again and again leaves one mark for each person', async () => {
    const { id, old } = await renewed();
    for (const name of ['cleo', 'dana', 'cleo', 'dana', 'cleo'])
      expect(codes(await approve(name, id, old.revision))).toEqual(['request-changed']);

    expect((await denials(id)).map(({ by }) => by.id)).toEqual(['cleo', 'dana']);
  });

  it('leaves another mark after the request was asked anew', async () => {
    const { id, old, now } = await renewed();
    await approve('cleo', id, old.revision);
    world.catalog = { ...world.catalog, version: 'v2' };
    const { production } = world.catalog.services['web']?.targets ?? {};
    if (production === undefined) throw new Error('There is no production.');
    Object.assign(production, { policy: { ...production.policy, checks: 'required' } });
    await approve('cleo', id, now.revision);
    await approve('cleo', id, now.revision);
    await approve('cleo', id, now.revision);

    expect((await denials(id)).map(({ by }) => by.id)).toEqual(['cleo', 'cleo']);
  });

  it('draws no card anew and keeps the present card good', async () => {
    const { id, old, now } = await renewed();
    await settle(world);
    const drawn = () => world.chat.shown.flatMap(({ versions }) => versions).length;
    const before = drawn();
    await approve('cleo', id, old.revision);
    await settle(world);

    expect(drawn()).toBe(before);
    expect(codes(await approve('cleo', id, now.revision))).toEqual(['done']);
  });

  it('of a train leaves one mark in one member', async () => {
    world = await trainWorld();
    await askedTrain(world);
    const answers = [await approve('cleo', 'T-1', 0), await approve('cleo', 'T-1', 0)];
    const marks = await Promise.all(['D-1', 'D-2', 'D-3'].map(denials));

    expect(answers.flatMap(codes)).toEqual(['request-changed', 'request-changed']);
    expect(marks.map(({ length }) => length)).toEqual([1, 0, 0]);
  });
});
