import type { Account } from '../../src/domain/person.ts';
import type { Inbox, MessageHandle } from '../../src/ports/chat.ts';
import { type ChatBench, chatContract } from '../contract/chat.ts';
import { hostTeams } from '../fakes/teams/hosted.ts';
import { groupId } from '../fakes/teams/index.ts';
import { wordsOf } from '../fakes/teams/views.ts';
import { conversation, person } from '../fakes/teams/world.ts';

for (const [name, where] of [
  ['Microsoft Teams in a channel', 'deploys'],
  ['Microsoft Teams in a group chat', 'crew'],
] as const) {
  chatContract({ name, open: (inbox) => open(inbox, where) });
}

async function open(inbox: Inbox, where: string): Promise<ChatBench> {
  const { fake, chat, close } = await hostTeams(inbox);
  const { id: channel } = conversation(fake.world, where);
  const alone = fake.addConversation({ name: 'alone', members: ['anna'] }).id;
  const group = fake.addGroup({ name: 'approvers', members: ['anna'] }).id;
  const account = (name: string): Account => {
    const { aad } = person(fake.world, name);
    return { system: 'teams', tenant: fake.world.tenant, id: aad };
  };
  const ref = ({ place, id }: MessageHandle) => ({ conversation: place.channel, id });
  return {
    chat,
    place: { chat: 'teams', tenant: fake.world.tenant, channel },
    actor: account('anna'),
    other: account('ben'),
    type: async (words) => void (await fake.say('anna', where, words)),
    press: async (message, verb) => void (await fake.press('anna', ref(message), verb)),
    again: async () => {
      const last = fake.deliveries.at(-1);
      if (last !== undefined) await fake.redeliver(last);
    },
    seen: async () => fake.messages(where).map((message) => wordsOf(message)),
    told: async ({ id }) => fake.privately(id).map((message) => wordsOf(message)),
    remove: async (message) => fake.remove(ref(message)),
    groups: { ids: [`roster:${alone}`, alone, `entra:${group}`], none: `entra:${groupId('nobody')}` },
    close,
  };
}
