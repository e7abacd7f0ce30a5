import { accountKey } from '../../src/domain/person.ts';
import { chatContract } from '../contract/chat.ts';
import { fakeChat, wording } from '../fakes/chat.ts';

/** What engine tests take for a chat keeps the contract too, so that they test what a real one does. */
chatContract({
  name: 'The fake chat',
  open: async (inbox) => {
    const chat = fakeChat();
    await chat.start(inbox);
    const place = { chat: 'slack', tenant: 'T1', channel: 'C1' };
    const [actor, other] = ['U1', 'U2'].map((id) => ({ system: 'slack', tenant: 'T1', id }));
    if (actor === undefined || other === undefined) throw new Error('nobody is there');
    return {
      chat,
      place,
      actor,
      other,
      type: async (words) => chat.say(actor, place, words),
      press: async (message, verb) => chat.press(actor, message, verb),
      again: async () => chat.again(),
      seen: async () => chat.shown.map(wording),
      told: async (account) =>
        chat.whispers
          .filter(({ to }) => accountKey(to) === accountKey(account))
          .map(({ message }) => message.announcement.summary),
      remove: async (message) => chat.remove(message),
      close: () => chat.stop(),
    };
  },
});
