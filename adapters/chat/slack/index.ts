import type { Inbox } from '../../../src/ports/chat.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { type FailureDetails, PortFailure } from '../../../src/ports/failure.ts';
import type { Route } from '../../../src/ports/http.ts';
import type { ChatAdapter, ChatTools } from '../../shared/adapter.ts';
import { createBusy } from '../../shared/chat/busy.ts';
import { clientOptions, createClients, sdkLogger } from './client.ts';
import { createDirectory } from './directory.ts';
import { createDoor } from './http.ts';
import { listen } from './inbound.ts';
import { createOutbound } from './outbound.ts';
import { createPace } from './pace.ts';
import { type SlackSettings, slackSettings } from './schema.ts';
import { createSender } from './sender.ts';
import { createSocket } from './socket.ts';
import { learn, type Workspace } from './workspace.ts';

/** Slack by Bolt 5: Socket Mode (default) or HTTP. One installation serves one workspace. */
export const slack: ChatAdapter<SlackSettings> = {
  type: 'slack',
  settings: slackSettings,
  tenant: (settings) => settings?.team ?? '',
  create,
};

async function create(settings: SlackSettings, tools: ChatTools) {
  const { clock, log } = tools;
  const botToken = await read(tools, settings.botToken);
  let workspace: Workspace = {
    team: settings.team,
    ...(settings.enterprise === undefined ? {} : { enterprise: settings.enterprise }),
  };
  const clients = createClients(botToken, clientOptions(log, settings.apiUrl));
  const client = clients.open;
  const pace = createPace(clock);
  const parts = {
    client,
    pace,
    clock,
    log,
    sender: createSender(clients, pace),
    workspace: () => workspace,
    directory: createDirectory(client, () => workspace, clock, log),
  };
  const line = await connection(settings, tools);
  const busy = createBusy(log, 'slack delivery failed');
  const chat = {
    id: 'slack',
    start: async (inbox: Inbox) => {
      workspace = await patiently(clock, () => learn(client, settings));
      listen(line.receiver, clientOptions(log, settings.apiUrl), { ...parts, inbox }, botToken, busy);
      await line.open();
      log.info({ team: workspace.team, mode: settings.mode }, 'slack is listening');
    },
    stop: async () => {
      await line.close();
      await busy.idle();
    },
    ...createOutbound(parts),
    members: parts.directory.members,
    profile: parts.directory.profile,
  };
  return { chat, routes: line.routes };
}

/** The two ways in, alike from outside. The schema has seen to it that the secret of the chosen one is there. */
async function connection(settings: SlackSettings, tools: ChatTools) {
  const { clock, log } = tools;
  if (settings.mode === 'http') {
    const door = createDoor(await read(tools, settings.signingSecret ?? ''), sdkLogger(log), clock);
    const routes: readonly Route[] = [door.route];
    return { receiver: door.receiver, routes, open: async () => door.open(), close: async () => door.close() };
  }
  const token = await read(tools, settings.appToken ?? '');
  const socket = createSocket(token, clientOptions(log, settings.apiUrl), clock, log);
  const routes: readonly Route[] = [];
  return { receiver: socket.receiver, routes, open: socket.connect, close: socket.disconnect };
}

async function read(tools: ChatTools, reference: string): Promise<string> {
  const value = (await tools.secrets.read(reference)).trim();
  if (value !== '') return value;
  const details: FailureDetails = { port: 'slack', kind: 'refused', retryable: false, code: 'empty_secret' };
  throw new PortFailure(`The Slack secret ${reference} is empty. Set it and start again`, details);
}

/** A short outage of Slack must not keep the whole programme from starting; a wrong token must. */
async function patiently<Result>(clock: Clock, ask: () => Promise<Result>): Promise<Result> {
  for (const pause of [500, 1500, 4000]) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof PortFailure) || !error.details.retryable) throw error;
      await new Promise<void>((resolve) => void clock.at(clock.now() + pause, resolve));
    }
  }
  return ask();
}
