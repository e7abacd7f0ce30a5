import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortFailure } from '../../src/ports/failure.ts';
import { headline } from '../fakes/chat.ts';
import { asked, deployed, done, openWorld, place, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  for await (const difference of world.store.differences()) expect.fail(JSON.stringify(difference));
  await world.close();
});

function archived(channel: string) {
  const failure = new PortFailure('The channel is archived.', {
    port: 'chat',
    kind: 'gone',
    retryable: false,
    code: 'is_archived',
  });
  return { call: 'post' as const, failure, place: channel };
}

describe('what cannot be delivered', () => {
  it('marks the place as out of reach, tells the requester once, and goes on elsewhere', async () => {
    world.chat.faults.push(archived('C-log'));

    await deployed(world);
    const broken = await world.until('the mark', async () =>
      (await world.store.placeBooks()).find((book) => book.broken),
    );
    const entries = await world.store.entries({ stream: 'deployment:D-1', limit: 100 });

    expect(broken.broken?.code).toBe('is_archived');
    expect(entries.filter(({ event }) => event.type === 'card-undelivered')).toHaveLength(1);
    await world.until('the word', () => world.chat.whispers.length > 0);
    expect(world.chat.whispers).toHaveLength(1);
    await world.until('the card', () => headline(world.chat.roots('C-deploys')[0]).startsWith('Deployed'));
  });

  it('refuses a request that nobody can see', async () => {
    world.catalog = { ...world.catalog, subscriptions: [] };
    world.chat.faults.push(archived('C-deploys'), archived('C-deploys'), archived('C-deploys'));

    const answer = await world.door.request(world.caller('anna'), {
      service: 'web',
      environment: 'production',
      reason: 'Sale',
    });
    const row = await world.reach(done(answer).id, 'refused');

    expect(row.refusals.map(({ code }) => code)).toEqual(['card-undeliverable']);
  });

  it('reaches a place again once the bot is let in', async () => {
    world.chat.faults.push(archived('C-log'));
    await deployed(world);
    await world.until('the mark', async () => (await world.store.placeBooks()).find((book) => book.broken));

    await world.door.joined(place('C-log'));
    await world.until('the hello', () => world.chat.roots('C-log').length === 1);

    expect((await world.store.placeBooks())[0]?.broken).toBeUndefined();
    expect(headline(world.chat.roots('C-log')[0])).toContain('Announced here');
  });

  it('posts one card although the chat failed after having accepted it', async () => {
    const failure = new PortFailure('500', { port: 'chat', kind: 'misbehaved', retryable: true, inDoubt: true });
    world.chat.faults.push({ call: 'post', failure, accepted: true, place: 'C-deploys' });

    await asked(world);
    await world.until('the card', () => headline(world.chat.roots('C-deploys')[0]).startsWith('Needs approval'));

    expect(world.chat.roots('C-deploys')).toHaveLength(1);
  });

  it('posts a new root, marked as continued, when somebody deleted the message', async () => {
    const { id } = await asked(world);
    await world.until('the card', () => headline(world.chat.roots('C-deploys')[0]).startsWith('Needs approval'));
    world.chat.shown.splice(0);

    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await world.until('a new card', () => headline(world.chat.roots('C-deploys')[0]).startsWith('Deploying'));

    expect(world.chat.roots('C-deploys')).toHaveLength(1);
    expect(JSON.stringify(world.chat.roots('C-deploys')[0]?.versions[0]?.announcement.context)).toContain('continued');
  });
});
