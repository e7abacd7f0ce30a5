import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/domain/effect.ts';
import { createCrowd } from '../../src/engine/crowd.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { headline } from '../fakes/chat.ts';
import { manualClock } from '../fakes/clock.ts';
import { twoChats } from '../support/two-chats.ts';
import { approved } from './scenes.ts';
import { SHA } from './world.ts';

const card = (chat: string): Effect => ({
  kind: 'card',
  deployment: 'D-1',
  audience: 'line',
  place: { chat, tenant: 'T', channel: 'C' },
});
const run: Effect = { kind: 'start-run', deployment: 'D-1' };

/** Enters until there is no room, and says how often. */
function fill(crowd: ReturnType<typeof createCrowd>, effect: Effect): (() => void)[] {
  const leaves: (() => void)[] = [];
  while (crowd.admits(effect) && leaves.length < 100) leaves.push(crowd.enter(effect));
  return leaves;
}

describe('the courier’s hands at a chat', () => {
  it('are many while the chat is quick, and never all', () => {
    const crowd = createCrowd(manualClock());

    expect(fill(crowd, card('teams'))).toHaveLength(24);
  });

  it('are few while it is slow, until the slow ones are through', () => {
    const clock = manualClock();
    const crowd = createCrowd(clock);
    const first = crowd.enter(card('teams'));
    clock.advance(1001);

    expect(fill(crowd, card('teams'))).toHaveLength(11);
    expect(crowd.admits(card('teams'))).toBe(false);
    first();
    expect(crowd.admits(card('teams'))).toBe(true);
  });

  it('are free for other chats and for runs, whatever one chat does', () => {
    const clock = manualClock();
    const crowd = createCrowd(clock);
    fill(crowd, card('teams'));
    clock.advance(60_000);

    expect(crowd.admits(card('teams'))).toBe(false);
    expect(crowd.admits(card('slack'))).toBe(true);
    expect(fill(crowd, run)).toHaveLength(100);
  });
});

describe('news of what cannot wait', () => {
  const glass: Effect = {
    ...{ kind: 'reply', deployment: 'D-2', audience: 'engineering', topic: 'glass-broken', entry: 3 },
    place: { chat: 'teams', tenant: 'T', channel: 'other' },
  };

  it('finds a hand although all others wait for a slow place of the same chat', () => {
    const clock = manualClock();
    const crowd = createCrowd(clock);
    fill(crowd, card('teams'));
    clock.advance(60_000);

    expect(crowd.admits(card('teams'))).toBe(false);
    expect(crowd.admits(glass)).toBe(true);
    expect(fill(crowd, glass).length).toBeLessThanOrEqual(6);
  });
});

describe('a chat that never answers', () => {
  it('delays neither the run nor the cards of the other chat, however many places it has', async () => {
    const { world, slack, teams, close } = await twoChats();
    const places = Array.from({ length: 80 }, (_none, count) => ({
      place: { chat: 'teams', tenant: 'tenant-1', channel: `C-${count}` },
      audience: 'engineering' as const,
      service: '*',
      environment: '*',
    }));
    world.catalog = { ...world.catalog, subscriptions: [...world.catalog.subscriptions, ...places] };
    let answer: () => void = () => undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      answer = () => reject(new PortFailure('It is down.', { port: 'teams', kind: 'timeout', retryable: true }));
    });
    teams.post = () => silence;
    const begun = world.clock.now();

    const { id } = await approved(world, SHA.one);
    await world.until('the run', () => world.pipeline.started.length === 1);
    await world.until('the card', () => headline(slack.roots('C-deploys')[0]).startsWith('Deploying'));

    expect(world.clock.now() - begun).toBeLessThan(2000);
    world.pipeline.play({ state: 'succeeded' });
    await world.reach(id, 'succeeded');
    answer();
    await close();
  });
});
