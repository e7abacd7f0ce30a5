import { afterEach, describe, expect, it } from 'vitest';
import { readingOf } from '../../bin/reading.ts';
import { createInbox } from '../../commands/index.ts';
import type { State } from '../../src/domain/deployment.ts';
import { deploymentStream } from '../../src/domain/event.ts';
import { startEngine } from '../../src/engine/index.ts';
import { byConfiguration, type Kit } from '../../src/engine/kit.ts';
import type { ChatPlatform, Inbox } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Pipeline } from '../../src/ports/pipeline.ts';
import type { Source } from '../../src/ports/source.ts';
import type { Store } from '../../src/ports/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { systemClock } from '../../src/system/clock.ts';
import { catalogWith, openWorld } from '../engine/world.ts';
import { createFakeProvider } from '../fakes/pipeline.ts';
import { hostInstances } from '../fakes/slack/hosted.ts';
import { buttonsOf, type FakeSlack, wordsOf } from '../fakes/slack/index.ts';
import { until } from '../support/until.ts';

const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

/** An inbox that is only known once its engine is there. */
function later(): { inbox: Inbox; become(inbox: Inbox): void } {
  let real: Inbox | undefined;
  const given = () => {
    if (real === undefined) throw new Error('There is no inbox yet.');
    return real;
  };
  const inbox: Inbox = {
    receive: (incoming) => given().receive(incoming),
    choices: (...question) => given().choices(...question),
    form: (fields) => given().form(fields),
    picture: (...question) => given().picture(...question),
    joined: (place) => given().joined(place),
  };
  return {
    inbox,
    become: (one) => {
      real = one;
    },
  };
}

/** Two whole engines with two real adapters, over one store, in front of one Slack. */
async function crowd(mode: 'socket' | 'http') {
  const clock = systemClock();
  const store = await openSqliteStore({ path: ':memory:', clock });
  closings.push(() => store.close());
  const inboxes = [later(), later()];
  const hosted = await hostInstances(
    inboxes.map(({ inbox }) => inbox),
    { mode },
  );
  closings.push(hosted.close);
  const { fake } = hosted;
  for (const name of ['anna', 'cleo', 'dana']) fake.addUser({ id: `U-${name}`, name });
  for (const id of ['C-deploys', 'C-log', 'C-all']) fake.addChannel({ id, members: ['U-anna', 'U-cleo', 'U-dana'] });
  const world = await openWorld();
  closings.push(() => world.close());
  const provider = createFakeProvider('runner', clock.now);
  for (const [index, { chat }] of hosted.instances.entries()) {
    const kit = kitOf(store, clock, { chat, source: world.source, pipeline: provider.pipeline() }, String(index));
    const engine = startEngine(kit);
    closings.push(() => engine.stop());
    const { log, catalog, identify } = kit;
    const reading = readingOf(store, catalog, { kit: () => kit, troubles: () => [] });
    inboxes[index]?.become(createInbox({ door: engine.door, reading, clock, log, identify }));
  }
  return { fake, store, provider };
}

function kitOf(
  store: Store,
  clock: Clock,
  sockets: {
    readonly chat: ChatPlatform;
    readonly source: Source;
    readonly pipeline: Pipeline;
  },
  name: string,
): Kit {
  const quiet = () => undefined;
  const catalog = () => catalogWith();
  let tokens = 0;
  return {
    store,
    clock,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    catalog,
    pipelines: new Map([['runner', sockets.pipeline]]),
    sources: new Map([['code', sockets.source]]),
    chats: new Map([['slack', sockets.chat]]),
    token: () => `token-${name}-${tokens++}-${'x'.repeat(8)}`,
    random: () => 0,
    identify: byConfiguration(catalog),
  };
}

async function reached(store: Store, id: string, state: State): Promise<void> {
  await until(`${id} to be ${state}`, async () => (await store.deployment(id))?.state === state);
}

function root(fake: FakeSlack) {
  return fake.messages('C-deploys').filter(({ thread }) => thread === undefined);
}

describe.each(['socket', 'http'] as const)('two instances over one store, in front of one Slack (%s)', (mode) => {
  it('obey one delivery once, whichever of them hear it and how often', async () => {
    const { fake, store, provider } = await crowd(mode);

    const asked = await fake.command('U-anna', 'C-deploys', 'web to production --reason "The sale starts"');
    for (let time = 0; time < 3; time += 1) await fake.redeliver(asked);
    await reached(store, 'D-1', 'awaiting-approval');
    const card = await until('the card', () => root(fake).find((one) => buttonsOf(one).includes('Approve')));
    const pressed = await fake.click('U-cleo', card, 'approve');
    for (let time = 0; time < 3; time += 1) await fake.redeliver(pressed);
    await reached(store, 'D-1', 'running');
    await until('the run', () => provider.runs[0]);
    provider.end('D-1', 'succeeded');
    await reached(store, 'D-1', 'succeeded');
    await until('the last picture', () => root(fake).some((one) => /Succeeded|Deployed|Live/i.test(wordsOf(one))));

    const entries = await store.entries({ stream: deploymentStream('D-1'), limit: 1000 });
    const countersigned = entries.filter(({ event }) => event.type === 'countersigned');
    expect(await store.nextNumber()).toBe(2);
    expect(countersigned).toHaveLength(1);
    expect(provider.calls.filter((call) => call.startsWith('start '))).toEqual(['start D-1']);
    expect(root(fake)).toHaveLength(1);
  });

  it('take a rejection whose words reach the other one than the press did', async () => {
    const { fake, store } = await crowd(mode);
    await fake.command('U-anna', 'C-deploys', 'web to production --reason "The sale starts"');
    await reached(store, 'D-1', 'awaiting-approval');
    const card = await until('the card', () => root(fake).find((one) => buttonsOf(one).includes('Reject')));

    await fake.click('U-cleo', card, 'reject');
    const dialog = await until('the question', () => fake.dialogs('U-cleo')[0]);
    await fake.submit(dialog.id, { answer: 'The basket is broken' });

    await reached(store, 'D-1', 'rejected');
    expect(JSON.stringify(dialog.view)).toContain('Reject D-1');
    expect(JSON.stringify(await store.deployment('D-1'))).toContain('The basket is broken');
  });

  it('make one deployment of a form that is sent again because nobody heard the acknowledgement', async () => {
    const { fake, store } = await crowd(mode);
    await fake.command('U-anna', 'C-deploys', '');
    const dialog = await until('the form', () => fake.dialogs('U-anna')[0]);
    const wish = { service: 'web', environment: 'staging' };

    await fake.submit(dialog.id, wish);
    dialog.open = true;
    await fake.submit(dialog.id, wish);

    await reached(store, 'D-1', 'running');
    expect(await store.nextNumber()).toBe(2);
  });
});
