import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pictureOf } from '../../src/engine/picture.ts';
import { approved, closeSound, settle } from './scenes.ts';
import { asked, openWorld, place, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

const DEPLOYS = place('C-deploys');
const key = (id: string, channel = 'C-deploys') => `card:${id}@slack:T1:${channel}`;

function picture(where: ReturnType<typeof place>, wanted: string) {
  const { store, clock, catalog } = world;
  return pictureOf({ store, clock, catalog: () => catalog }, where, wanted);
}

describe('a card that is asked for again', () => {
  it('shows the very thing that was posted there, in the words of that place', async () => {
    const { id } = await approved(world, SHA.one);
    await settle(world);

    for (const channel of ['C-deploys', 'C-log', 'C-all']) {
      const posted = world.chat.roots(channel)[0]?.versions.at(-1);
      const shown = await picture(place(channel), key(id, channel));

      expect(posted).toBeDefined();
      expect(shown?.announcement.title).toEqual(posted?.announcement.title);
      expect(shown).toMatchObject({ key: posted?.key, revision: posted?.revision });
    }
  });

  it.each([
    ['another place', place('C-elsewhere'), key('D-1', 'C-elsewhere')],
    ['the key of another place', DEPLOYS, key('D-1', 'C-log')],
    ['a deployment that there is not', DEPLOYS, key('D-99')],
    ['no card', DEPLOYS, 'reply:D-1@slack:T1:C-deploys:3'],
    ['nonsense', DEPLOYS, 'card:D-1@'],
  ])('is nothing for %s', async (_name, where, wanted) => {
    await asked(world);

    expect(await picture(where, wanted)).toBeUndefined();
  });

  it('says whom Approve and Reject are for: those who may and have not yet, and nobody else', async () => {
    const { id } = await asked(world);

    const buttons = (await picture(DEPLOYS, key(id)))?.announcement.buttons ?? [];

    const whose = Object.fromEntries(buttons.map(({ verb, only }) => [verb, only?.map((person) => person.id)]));
    expect(whose).toEqual({
      approve: ['cleo', 'dana'],
      reject: ['cleo', 'dana'],
      diff: undefined,
      cancel: undefined,
      nudge: undefined,
    });
  });
});
