import { describe, expect, it } from 'vitest';
import { plain } from '../../src/domain/text.ts';
import { VOCABULARY } from '../../src/domain/vocabulary.ts';
import type { Reply } from '../../src/ports/chat.ts';
import { deployment, told, wordsIn, world } from './world.ts';

const rows = (reply: Reply) => told(reply).sections.flatMap(({ items }) => items.map(plain));

/** D-7 is in a state that only a newer version knows, D-6 in a known one, but worked on by it as well. */
function upgrading() {
  const made = world();
  const shifting = deployment({
    number: 7,
    state: 'shifting' as never,
    needs: VOCABULARY + 1,
    startedAt: '2026-11-20T09:59:00.000Z',
  });
  made.shelf.deployments = [shifting, deployment({ number: 6, needs: VOCABULARY + 1, environment: 'staging' })];
  return made;
}

describe('while a newer version is rolled out', () => {
  it('status names a state that only it knows', async () => {
    const card = told(await upgrading().say('status D-7'));

    expect(card.summary).toContain('Only a newer version of Countersign knows the state "shifting".');
    expect(card.buttons).toEqual([]);
  });

  it('status of a deployment in a known state says whose it is, and offers nothing', async () => {
    const card = told(await upgrading().say('status D-6'));

    expect(wordsIn(card)).toContain('D-6 is in the hands of a newer version of Countersign');
    expect(card.buttons).toEqual([]);
  });

  it('status of a target shows it by its bare name', async () => {
    expect(rows(await upgrading().say('status web production'))).toEqual([
      'web → production: nothing deployed yet · D-7 shifting',
    ]);
  });

  it('list has a place for it', async () => {
    const reply = await upgrading().say('list');

    expect(told(reply).summary).toMatch(/^2 deployments under way/);
    expect(told(reply).sections.map(({ title }) => title)).toContain('In the hands of a newer version of Countersign');
    expect(rows(reply)).toContainEqual(expect.stringMatching(/^D-7 shifting · web → production/));
  });

  it.each(['history', 'diff D-7', 'envs web', 'services'])('%s still answers', async (line) => {
    expect(told(await upgrading().say(line)).tone).toBe('neutral');
  });
});
