import { afterEach, beforeEach, expect, it } from 'vitest';
import { deploymentStream } from '../../src/domain/event.ts';
import { brokenGlass, closeSound, history, row } from './scenes.ts';
import { APPROVAL, asked, catalogWith, codes, done, openWorld, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  world.catalog = catalogWith({ production: { policy: { ...APPROVAL, breakGlass: ['anna', 'cleo'] } } });
});
afterEach(() => closeSound(world));

const MINUTE = 60_000;
const act = (name: string, id: string, code?: string) =>
  world.door.act(world.caller(name), id, {
    verb: 'break-glass',
    reason: 'The shop is down',
    ...(code === undefined ? {} : { code }),
  });

/** The code of a question that somebody was shown. */
async function question(name: string, id: string): Promise<string> {
  const answer = await act(name, id);
  if (answer.kind !== 'refused' || answer.code === undefined) throw new Error(JSON.stringify(answer));
  return answer.code;
}

it('goes on with the code of the question, and writes down both steps', async () => {
  const { id } = await asked(world);

  expect(done(await act('anna', id, await question('anna', id))).glass?.by.id).toBe('anna');
  const steps = (await history(world, id)).filter((type) => type === 'approval-denied' || type === 'glass-broken');
  expect(steps).toEqual(['approval-denied', 'glass-broken']);
});

it('takes no code that was made up, and asks instead', async () => {
  const { id } = await asked(world);
  await question('anna', id);

  const answer = await act('anna', id, 'made-up');

  expect(codes(answer)).toEqual(['glass-not-confirmed']);
  expect((await row(world, id)).state).toBe('awaiting-approval');
});

it('takes no code that somebody else was shown', async () => {
  const { id } = await asked(world);

  expect(codes(await act('cleo', id, await question('anna', id)))).toEqual(['glass-not-confirmed']);
});

it('takes no code of another deployment', async () => {
  const { id } = await asked(world);
  world.source.refs_.set('main', SHA.two);
  const other = await asked(world);

  expect(codes(await act('anna', other.id, await question('anna', id)))).toEqual(['glass-not-confirmed']);
});

it('takes no code after five minutes', async () => {
  const { id } = await asked(world);
  const code = await question('anna', id);

  world.clock.advance(5 * MINUTE);

  expect(codes(await act('anna', id, code))).toEqual(['glass-not-confirmed']);
});

it('takes a code after a restart, and none once it was used', async () => {
  const { id } = await asked(world);
  const code = await question('anna', id);

  await world.restart();

  done(await act('anna', id, code));
  expect(codes(await act('anna', id, code))).toEqual(['not-awaiting-approval']);
});

it('keeps the code itself out of the log', async () => {
  const { id } = await asked(world);
  const code = await question('anna', id);

  const entries = await world.store.entries({ stream: deploymentStream(id), limit: 100 });

  expect(JSON.stringify(entries)).not.toContain(code);
  expect(JSON.stringify(entries)).toContain('glass-not-confirmed');
});

it('asks nothing of those whom nobody named', async () => {
  const { id } = await asked(world);

  expect(codes(await brokenGlass(world, 'ben', id))).toEqual(['glass-not-yours']);
});
