import type { Account } from '../../src/domain/person.ts';
import type { Inbox } from '../../src/ports/chat.ts';
import { type ChatBench, chatContract } from '../contract/chat.ts';
import { hostSlack } from '../fakes/slack/hosted.ts';
import { wordsOf } from '../fakes/slack/index.ts';

for (const mode of ['socket', 'http'] as const) {
  chatContract({ name: `Slack by ${mode}`, open: (inbox) => open(inbox, mode) });
}

async function open(inbox: Inbox, mode: 'socket' | 'http'): Promise<ChatBench> {
  const { fake, chat, close } = await hostSlack(inbox, { mode });
  fake.addGroup('S1', ['U1']);
  const account = (id: string): Account => ({ system: 'slack', tenant: 'T1', id });
  return {
    chat,
    place: { chat: 'slack', tenant: 'T1', channel: 'C1' },
    actor: account('U1'),
    other: account('U2'),
    type: async (words) => void (await fake.command('U1', 'C1', words)),
    press: async ({ place, id }, verb) => void (await fake.click('U1', { channel: place.channel, ts: id }, verb)),
    again: async () => {
      const last = fake.deliveries.at(-1);
      if (last !== undefined) await fake.redeliver(last);
    },
    seen: async () => fake.messages('C1').map(wordsOf),
    told: async ({ id }) => fake.privately(id).map(wordsOf),
    remove: async ({ place, id }) => fake.remove({ channel: place.channel, ts: id }),
    groups: { ids: ['S1'], none: 'S404' },
    close,
  };
}
