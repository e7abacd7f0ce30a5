import { expect, it } from 'vitest';
import { unlessAside } from '../../bin/in-force/inbox.ts';
import type { Report } from '../../bin/in-force/index.ts';
import { aboutOf, readinessOf } from '../../bin/readiness.ts';
import type { Incoming } from '../../src/ports/chat.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import type { Store } from '../../src/ports/store.ts';
import { codesOf, PLACE, told, wordsIn, world } from '../commands/world.ts';

const FINE: Report = { version: 'abcdef0123456789', superseded: false, foreign: [] };
const ASIDE: Report = { ...FINE, aside: 'the configuration in force cannot be read here' };

function ready(report: Report, stopping = false, nextDue: () => Promise<undefined> = async () => undefined) {
  return readinessOf({ nextDue } as Partial<Store> as Store, () => aboutOf('1.2.3', report), { stopping })();
}

it('names the configuration in force and the version of the programme', async () => {
  expect(await ready(FINE)).toEqual({ ready: true, detail: 'configuration abcdef012345, version 1.2.3' });
});

it('names what an operator should do about an instance that differs', async () => {
  const { ready: yes, detail } = await ready({ ...FINE, superseded: true, foreign: ['chats', 'providers'] });

  expect(yes).toBe(true);
  expect(detail).toContain('; the configuration file of this instance is not the one in force');
  expect(detail).toContain('; restart this instance to take the new chats, providers');
});

it('is not ready while it stands aside, stops, or cannot read the log', async () => {
  const away = new PortFailure('The database is away.', { port: 'store', kind: 'unreachable', retryable: true });

  expect(await ready(ASIDE)).toEqual({ ready: false, detail: `stands aside: ${ASIDE.aside}` });
  expect(await ready(ASIDE, true)).toEqual({ ready: false, detail: 'stopping' });
  expect(await ready(FINE, false, () => Promise.reject(away))).toEqual({ ready: false, detail: away.message });
});

it('refuses every command while it stands aside, and nothing else', async () => {
  const state = { report: ASIDE };
  const { inbox, calls } = world();
  const door = unlessAside(inbox, { report: () => state.report });
  const actor = { system: 'console', id: 'ben', name: 'Ben' };
  const wish = (key: string): Incoming => ({
    key,
    place: PLACE,
    actor,
    external: false,
    input: { kind: 'text', text: 'approve D-1042' },
  });

  const refused = await door.receive(wish('one'));
  const callsAside = calls.length;
  state.report = FINE;
  await door.receive(wish('two'));

  expect(codesOf(refused)).toEqual(['try-again']);
  expect(wordsIn(told(refused))).toContain('another instance answers');
  expect([callsAside, calls.length]).toEqual([0, 1]);
});

it('status says which configuration is in force, and which version answers', async () => {
  const { say } = world({ about: () => aboutOf('1.2.3', { ...FINE, superseded: true }) });

  expect(told(await say('status')).context).toEqual([
    'Configuration ',
    { kind: 'code', text: 'abcdef012345' },
    ' · Countersign 1.2.3 · the configuration file of this instance is not the one in force',
  ]);
});
