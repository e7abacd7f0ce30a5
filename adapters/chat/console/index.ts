import type { ChatAdapter } from '../../shared/adapter.ts';
import { loadAssets } from './assets.ts';
import { CONSOLE, makeChat, TENANT } from './chat.ts';
import { makeLive } from './live.ts';
import { openMessages } from './messages.ts';
import { routesOf } from './routes.ts';
import { ConsoleSettings } from './schema.ts';

/** The chat that needs nobody else: its channels are web pages on this machine. */
export const consoleChat: ChatAdapter<ConsoleSettings> = {
  type: CONSOLE,
  settings: ConsoleSettings,
  tenant: () => TENANT,
  create: async (settings, tools) => {
    const live = makeLive(tools.clock);
    const messages = await openMessages(tools.records, live.changed);
    if (messages.unreadable > 0)
      tools.log.warn({ records: messages.unreadable }, 'console messages could not be read and are left out');
    const unlisten = tools.reading.listen(() => live.changed());
    const { chat, ear } = makeChat(messages, tools.clock, () => {
      unlisten();
      live.close();
    });
    const assets = await loadAssets();
    const site = { tools, messages, ear, live, assets, readOnly: settings.readOnly === true };
    return { chat, routes: routesOf(site) };
  },
};
