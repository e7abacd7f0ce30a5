import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Access, GUARDED_RIGHTS, type Right } from '../../src/domain/access.ts';
import { closeSound, running, target, twoGood } from './scenes.ts';
import { asked, catalogWith, codes, openWorld, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

const PRODUCTION = { service: 'web', environment: 'production' };
const OWN = target('web', 'production');
const INCIDENT = 'https://incidents.example.com/7';

function rights(access: Access): void {
  world.catalog = catalogWith({ production: { access } });
}

type Answered = Parameters<typeof codes>[0];
/** What each right is needed for, done by Dana. */
const ACTS: Readonly<Partial<Record<Right, () => Promise<Answered>>>> = {
  deploy: () => world.door.request(world.caller('dana'), { ...PRODUCTION, reason: 'x' }),
  cancel: async () => world.door.act(world.caller('sam'), (await asked(world, SHA.three)).id, { verb: 'cancel' }),
  rollback: () => world.door.rollback(world.caller('dana'), { ...PRODUCTION, reason: 'x' }),
  lock: () => world.door.lock(world.caller('dana'), { scope: OWN, reason: 'x' }),
  hotfix: () =>
    world.door.request(world.caller('dana'), { ...PRODUCTION, kind: 'hotfix', reason: 'x', incident: INCIDENT }),
  override: () =>
    world.door.request(world.caller('dana'), { ...PRODUCTION, reason: 'x', override: 'The test is wrong' }),
  steal: () => world.door.steal(world.caller('dana'), OWN, 'x'),
};
const NAMED = Object.keys(ACTS) as readonly Right[];

/** Of these groups `in` holds Dana and Sam, `out` nobody who acts here, `dark` cannot be read. */
function catalogOf(access: Access | undefined): World['catalog'] {
  const whole = catalogWith({ production: access === undefined ? {} : { access } });
  return {
    ...whole,
    groups: {
      ...whole.groups,
      in: { id: 'in', source: { kind: 'people', people: ['dana', 'sam'] } },
      out: { id: 'out', source: { kind: 'people', people: ['ben'] } },
      dark: { id: 'dark', source: { kind: 'chat', chat: 'nowhere', id: 'S9' } },
    },
  };
}

/** Dana may go on: nothing is refused for want of a right. */
const FREE: Readonly<Partial<Record<Right, string>>> = {
  deploy: 'done',
  cancel: 'done',
  rollback: 'done',
  lock: 'done',
  hotfix: 'done',
  override: 'done',
  steal: 'done',
};

describe('rights at the door', () => {
  it.each(
    NAMED.flatMap((right) =>
      (['unsaid', 'in', 'out', 'dark', 'only others'] as const).map((said) => [right, said] as const),
    ),
  )('%s, %s', async (right, said) => {
    await twoGood(world);
    // An override is asked for with a deployment: it needs both rights.
    const others: Access = right === 'deploy' ? { lock: ['*'] } : { deploy: ['*'] };
    const access = said === 'unsaid' ? undefined : said === 'only others' ? others : { ...others, [right]: [said] };
    if (right === 'steal') await world.door.lock(world.caller('sam'), { scope: OWN, reason: 'Stocktaking' });
    world.catalog = catalogOf(access);

    const answer = codes((await ACTS[right]?.()) ?? { kind: 'nothing' });

    const denied = said === 'dark' ? 'group-unreadable' : 'not-allowed';
    const guarded = GUARDED_RIGHTS.includes(right);
    const unsaid = guarded ? 'not-allowed' : right === 'cancel' ? 'not-permitted' : FREE[right];
    expect(answer).toEqual([said === 'unsaid' ? unsaid : said === 'in' ? FREE[right] : denied]);
  });

  it.each([
    ['hotfix', 'You may not ask for hotfixes on web in production.'],
    ['override', 'You may not deploy although a rule speaks against it on web in production.'],
  ] as const)('%s: whoever may not is told so, and nothing begins', async (right, words) => {
    world.catalog = catalogOf({ deploy: ['*'], [right]: ['out'] });
    const answer = await ACTS[right]?.();
    const text = JSON.stringify(answer);

    expect(codes(answer ?? { kind: 'nothing' })).toEqual(['not-allowed']);
    expect(text).toContain(words);
    expect(text).toContain('Ask somebody of @out.');
    expect(await world.store.deployments({ limit: 10 })).toEqual([]);
  });

  it('are told with the groups that have them', async () => {
    rights({ deploy: ['platform', 'oncall'] });

    const answer = await world.door.request(world.caller('anna'), { ...PRODUCTION, reason: 'x' });

    expect(JSON.stringify(answer)).toContain('@platform, @oncall');
  });

  it('leave everybody their own: a request, and a lock', async () => {
    const { id } = await asked(world);
    await world.door.lock(world.caller('sam'), { scope: OWN, reason: 'Stocktaking' });
    rights({ rollback: ['platform'] });

    expect(codes(await world.door.unlock(world.caller('sam'), OWN))).toEqual(['done']);
    expect(codes(await world.door.act(world.caller('anna'), id, { verb: 'cancel' }))).toEqual(['done']);
  });

  it('leave approvers their word on a run', async () => {
    const { id } = await running(world);
    rights({ deploy: ['oncall'] });

    expect(codes(await world.door.act(world.caller('dana'), id, { verb: 'cancel' }))).toEqual(['done']);
  });

  it('of a wide lock are needed on every target in it', async () => {
    rights({ lock: ['oncall'] });
    const scope = { kind: 'service' as const, service: 'web' };

    const wide = await world.door.lock(world.caller('dana'), { scope, reason: 'x' });
    const own = await world.door.lock(world.caller('dana'), { scope: target('web', 'staging'), reason: 'x' });

    expect([...codes(wide), ...codes(own)]).toEqual(['group-unreadable', 'done']);
  });

  it('are none of a stranger', async () => {
    rights({ deploy: ['*'], rollback: ['*'] });

    const answers = [
      await world.door.request(world.caller('nobody'), { ...PRODUCTION, reason: 'x' }),
      await world.door.lock(world.caller('nobody'), { scope: OWN, reason: 'x' }),
    ];

    expect(answers.map(codes)).toEqual([['person-unlinked'], ['person-unlinked']]);
  });
});
