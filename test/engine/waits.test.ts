import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Wait } from '../../src/domain/run.ts';
import { wording } from '../fakes/chat.ts';
import { brokenGlass, closeSound, fault, history, row, running, settle, succeed, twoGood } from './scenes.ts';
import { asked, catalogWith, done, openWorld, SHA, type World } from './world.ts';

const QUESTION: Wait = { id: 'w1', name: 'Go live?', url: 'https://ci.example/9', answerable: true };

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

function answering(): void {
  world.catalog = catalogWith({ production: { waits: 'answered' } });
}

/** The run of a deployment comes to a question of the provider's own, and everybody has seen it. */
async function stops(id: string, waits: readonly Wait[] = [QUESTION]): Promise<void> {
  world.pipeline.play({ state: 'waiting', waits });
  await world.until('the question', async () => (await history(world, id)).includes('progressed') || undefined);
  for (let turn = 0; turn < 4; turn += 1) {
    world.clock.advance(1000);
    await settle(world);
  }
}

const card = (id: string) =>
  world.chat
    .roots('C-deploys')
    .map(wording)
    .find((text) => text.includes(id)) ?? '';

describe('a provider that asks a person of its own accord', () => {
  it('is shown with its question, and nobody answers for people unless the configuration says so', async () => {
    const { id } = await running(world);

    await stops(id);

    expect(world.pipeline.answers).toEqual([]);
    expect(card(id)).toContain('The provider waits for a person: “Go live?”; somebody must answer there.');
    expect(card(id)).toContain('Waits there for');
  });

  it('is answered once in the name of whoever countersigned, and the log says so', async () => {
    answering();
    const { id } = await running(world);

    await stops(id);
    await succeed(world, id);

    expect(world.pipeline.answers).toEqual([`approve Go live?: Countersigned by Cleo (${id}), in Countersign.`]);
    expect((await history(world, id)).filter((type) => type.startsWith('wait-'))).toEqual(['wait-answered']);
    expect((await row(world, id)).waits).toBeUndefined();
  });

  it('is left to people where its interface takes no answer', async () => {
    answering();
    const { id } = await running(world);

    await stops(id, [{ ...QUESTION, answerable: false }]);

    expect(world.pipeline.answers).toEqual([]);
    expect(card(id)).toContain('somebody must answer there');
  });

  it('says why when the provider does not take the answer', async () => {
    answering();
    world.pipeline.deaf = fault('forbidden');
    const { id } = await running(world);

    await stops(id);

    expect((await history(world, id)).filter((type) => type.startsWith('wait-'))).toEqual(['wait-unanswered']);
    expect(card(id)).toContain('Go live? (It is forbidden.)');
    expect(card(id)).toContain('somebody must answer there');
  });

  it('is answered for a rollback, whose commit was approved before', async () => {
    answering();
    await twoGood(world);
    const wish = { service: 'web', environment: 'production', reason: 'Basket is broken' };
    const { id } = done(await world.door.rollback(world.caller('sam'), wish));
    await world.until('the run', async () => (await row(world, id)).run);

    await stops(id);

    expect(world.pipeline.answers).toEqual([`approve Go live?: Rolled back by Sam (${id}), in Countersign.`]);
  });

  it('is answered after the glass was broken, and says who broke it', async () => {
    world.catalog = catalogWith({
      production: {
        waits: 'answered',
        policy: {
          rules: [{ group: 'platform', count: 1 }],
          expiresMs: 3_600_000,
          checks: 'shown',
          breakGlass: ['cleo'],
        },
      },
    });
    const { id } = await asked(world);
    done(await brokenGlass(world, 'cleo', id));
    await world.until('the run', async () => (await row(world, id)).run);

    await stops(id);

    expect(world.pipeline.answers[0]).toContain('Let through by Cleo, who broke the glass');
  });

  it('is left alone when nobody countersigned, because no rule asked for it', async () => {
    world.catalog = catalogWith({
      production: { waits: 'answered', policy: { rules: [], expiresMs: 3_600_000, checks: 'shown' } },
    });
    world.source.refs_.set('main', SHA.one);
    const wish = { service: 'web', environment: 'production', reason: 'Sale starts' };
    const { id } = done(await world.door.request(world.caller('anna'), wish));
    await world.until('the run', async () => (await row(world, id)).run);

    await stops(id);

    expect(world.pipeline.answers).toEqual([]);
  });
});
