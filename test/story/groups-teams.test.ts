import { afterEach, describe, expect, test } from 'vitest';
import { channelId, groupId } from '../fakes/teams/index.ts';
import { person } from '../fakes/teams/world.ts';
import { answers, arrives, MINUTE, openGoverned, signs, wished } from './governance-scenes.ts';
import { CLEO, DEPLOYS, DINA, SAM } from './hands.ts';
import type { Stage } from './stage.ts';

const ASK = 'web prod --reason "Faster checkout"';
const ENTRA = `{ entraGroup: ${groupId('approvers')} }`;
const ROSTER = `{ teamsRoster: '${channelId('approvers')}' }`;

let stage: Stage;
afterEach(() => stage.close());

/** Approvers are written down nowhere but with Microsoft. */
async function open(group: string, members: readonly string[]): Promise<void> {
  stage = await openGoverned({ chats: ['teams'], rules: { groups: `  platform: ${group}` } });
  const { teams } = stage.teams();
  teams.addConversation({ name: 'approvers', members });
  teams.addGroup({ name: 'approvers', members });
}

describe.each([
  ['a group of Entra', ENTRA],
  ['the roster of a team', ROSTER],
])('approvers that are kept in %s', (_what, group) => {
  test('may approve, and nobody else may', async () => {
    await open(group, ['cleo']);

    const id = await wished(stage, ASK);
    const no = await answers(stage, DINA, `approve ${id}`);
    await signs(stage, CLEO, id);
    await arrives(stage, id);

    expect(no).toContain('Only @platform can decide on this.');
  });

  test('lose the right within five minutes when they leave it', async () => {
    await open(group, ['cleo', 'dina']);
    const { world } = stage.teams().teams;
    const { aad } = person(world, 'cleo');

    const id = await wished(stage, ASK);
    world.entra.groups.get(groupId('approvers'))?.members.delete(aad);
    world.conversations.get(channelId('approvers'))?.members.delete(aad);
    await stage.pass(5 * MINUTE);
    const no = await answers(stage, CLEO, `approve ${id}`);
    await signs(stage, DINA, id);

    expect(no).toContain('Only @platform can decide on this.');
  });

  test('are nobody while Microsoft cannot be asked', async () => {
    await open(group, ['cleo']);
    const { teams } = stage.teams();

    const id = await wished(stage, ASK);
    await stage.pass(5 * MINUTE);
    for (const call of ['graph', 'members'] as const)
      teams.faults.add({ call, kind: 'status', status: 429, retryAfter: 20, times: 1000 });
    const unread = await answers(stage, CLEO, `approve ${id}`);
    teams.faults.clear();
    await stage.pass(MINUTE);
    await signs(stage, CLEO, id);

    expect(unread).toContain('It could not be read whether you belong to @platform.');
  });
});

test('an account that is disabled in Entra approves nothing', async () => {
  await open(ENTRA, ['cleo', 'sam']);
  stage.teams().teams.addPerson({ ...person(stage.teams().teams.world, 'sam'), enabled: false });

  const id = await wished(stage, ASK);
  const no = await answers(stage, SAM, `approve ${id}`);

  expect(no).toContain('Only @platform can decide on this.');
});

test('a request says which permission is missing, and goes through once it is given', async () => {
  await open(ENTRA, ['cleo']);
  const { permissions } = stage.teams().teams.world.entra;
  permissions.clear();

  const first = await wished(stage, ASK, ['refused']);
  const card = await stage.card(first, DEPLOYS, 'GroupMember.Read.All and User.Read.All');
  permissions.add('GroupMember.Read.All').add('User.Read.All');
  const second = await wished(stage, ASK);
  await signs(stage, CLEO, second);

  const row = await stage.program().store.deployment(first);
  expect(row?.refusals?.map(({ code }) => code)).toEqual(['group-unreadable']);
  expect(await card.buttons(CLEO)).not.toContain('Approve');
});
