import { afterEach, beforeEach, expect, it } from 'vitest';
import { createConnector } from '../../adapters/chat/teams/connector.ts';
import { createPace } from '../../adapters/chat/teams/pace.ts';
import { teamsSettings } from '../../adapters/chat/teams/schema.ts';
import { createTokens } from '../../adapters/chat/teams/tokens.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { manualClock } from '../fakes/clock.ts';
import { logInto } from '../fakes/instance.ts';
import { type FakeTeams, startFakeTeams } from '../fakes/teams/index.ts';

let fake: FakeTeams;
beforeEach(async () => {
  fake = await startFakeTeams();
});
afterEach(() => fake.close());

/** The pages of a roster, each asked for until our own pace lets it through; how often it did not is counted. */
async function read(members: readonly string[]) {
  const { world, serviceUrl, cloud } = fake;
  const { appId, tenant } = world;
  const settings = teamsSettings.parse({ appId, tenant, secret: 'env:TEAMS', serviceUrls: [serviceUrl], cloud });
  const clock = manualClock();
  const tokens = createTokens(settings, async () => world.secret, clock);
  const connector = createConnector({ settings, tokens, clock, log: logInto([]), pace: createPace(clock) });
  const conversation = fake.addConversation({ name: 'deploys', members }).id;
  let held = 0;
  const patiently = async <Page>(ask: () => Promise<Page>): Promise<Page> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof PortFailure) || error.details.kind !== 'rate-limited') throw error;
      held += 1;
      clock.advance(30_000);
      return ask();
    }
  };
  const answer = await connector.members({ serviceUrl, conversation }, patiently).catch((error: unknown) => error);
  return { answer, held };
}

it('a roster that does not end is given up, and counts for nobody', async () => {
  fake.world.paging = 'endless';
  fake.addPerson({ name: 'anna' });

  const { answer } = await read(['anna']);

  expect(answer).toMatchObject({ details: { port: 'teams', kind: 'misbehaved' } });
  expect(fake.calls('members')).toHaveLength(60);
});

it('of a large roster each page waits for its turn, and none is asked for twice', async () => {
  fake.world.pageSize = 1;
  const crowd = Array.from({ length: 40 }, (_none, count) => fake.addPerson({ name: `person-${count}` }));

  const { answer, held } = await read(crowd.map(({ name }) => name));

  expect(answer).toHaveLength(40);
  expect(held).toBe(2);
  expect(fake.calls('members')).toHaveLength(40);
});
