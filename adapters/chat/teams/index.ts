import type { Inbox } from '../../../src/ports/chat.ts';
import type { ChatAdapter, ChatTools } from '../../shared/adapter.ts';
import { createBusy } from '../../shared/chat/busy.ts';
import { pooledFetch } from '../../shared/http/fenced-fetch.ts';
import type { TeamsActivity } from './activity.ts';
import { isAllowed } from './allowed.ts';
import { answer } from './answer.ts';
import { openReferences } from './book.ts';
import { createConnector } from './connector.ts';
import { onDialogOpened, onDialogSubmitted, onExtensionOpened, onTyped } from './dialogs.ts';
import { createDirectory } from './directory.ts';
import { createDoor } from './door.ts';
import { createGraph, graphScope } from './graph.ts';
import { createGroups } from './groups.ts';
import { createMail, type Reach } from './mail.ts';
import { createOutbound } from './outbound.ts';
import { createPace } from './pace.ts';
import { onAction, onSubmit } from './presses.ts';
import { type Desk, learnFrom, originOf, placeOf, replyTo } from './reception.ts';
import { type TeamsSettings, teamsSettings } from './schema.ts';
import { createTokens } from './tokens.ts';
import { createVerifier } from './verify.ts';
import { wordsOf } from './words.ts';

/** Microsoft Teams by the Bot Connector. One installation serves one Entra tenant, and others that are named. */
export const teams: ChatAdapter<TeamsSettings> = {
  type: 'teams',
  settings: teamsSettings,
  tenant: (settings) => settings?.tenant ?? '',
  create,
};

async function create(settings: TeamsSettings, tools: ChatTools) {
  const { clock, log } = tools;
  const parts = await assembled(settings, tools);
  const { references, tenants } = parts;
  const door = createDoor({
    verifier: createVerifier(settings, clock, pooledFetch),
    tenants,
    isAllowed: (url) => isAllowed(settings, url),
    log,
  });
  const busy = createBusy(log, 'teams delivery failed');
  const chat = {
    id: 'teams',
    command: `@${tools.name}`,
    start: async (inbox: Inbox) => {
      await parts.tokens.check();
      // Loaded only where it is used: it takes longer to load than everything else together.
      const { createBot } = await import('./bot.ts');
      const desk: Desk = { ...parts, inbox, command: tools.command, random: Math.random };
      const hear = createBot(settings.appId, doings(desk, busy, settings.appId));
      door.open(async (activity) => {
        await learnFrom(references, activity);
        return hear(activity);
      });
      log.info({ tenant: settings.tenant }, 'teams is listening');
    },
    stop: async () => {
      door.close();
      await busy.idle();
      await references.close();
    },
    ...createOutbound(parts),
    members: parts.groups.members,
    profile: parts.directory.profile,
  };
  return { chat, routes: [door.route] };
}

async function assembled(settings: TeamsSettings, { clock, log, secrets, records }: ChatTools) {
  const tenants = [settings.tenant, ...settings.moreTenants];
  const references = await openReferences(records);
  const reach: Reach = ({ tenant, channel }) =>
    (channel === undefined ? undefined : references.place(channel)?.serviceUrl) ??
    references.serviceUrl(tenant) ??
    settings.serviceUrls[0] ??
    '';
  const pace = createPace(clock);
  const tokens = createTokens(settings, secrets.read, clock);
  const connector = createConnector({ settings, tokens, pace, clock, log });
  const calm = { clock, random: Math.random, log };
  const graphTokens = createTokens(settings, secrets.read, clock, { scope: graphScope(settings) });
  const graph = createGraph({ settings, tokens: graphTokens, ...calm });
  const groups = createGroups({ connector, graph, references, tenants, reach, ...calm });
  const directory = createDirectory({ connector, groups, references, tenants, reach, ...calm });
  const mail = createMail(connector, references, reach);
  return { clock, log, tenants, references, reach, pace, tokens, connector, groups, directory, mail };
}

function doings(desk: Desk, busy: ReturnType<typeof createBusy>, appId: string) {
  return {
    message: (activity: TeamsActivity) => void busy.run(() => answered().then(() => onMessage(desk, activity))),
    came: (activity: TeamsActivity) => void busy.run(() => onComing(desk, activity, appId)),
    action: (activity: TeamsActivity) => busy.held(() => onAction(desk, activity)),
    dialogOpened: (activity: TeamsActivity) => busy.held(() => onDialogOpened(desk, activity)),
    dialogSubmitted: (activity: TeamsActivity) => busy.held(() => onDialogSubmitted(desk, activity)),
    extensionOpened: (activity: TeamsActivity) => busy.held(() => onExtensionOpened(desk, activity)),
    typed: (activity: TeamsActivity) => busy.held(() => onTyped(desk, activity)),
  };
}

/** Teams waits for no more than that its message arrived: that is said before the work begins. */
function answered(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** Typed words, or a press of an old client: both come as messages, and are answered by messages. */
async function onMessage(desk: Desk, activity: TeamsActivity): Promise<void> {
  if (activity.value !== undefined && activity.value !== null) return onSubmit(desk, activity);
  const text = wordsOf(activity, desk.command);
  await answer(await replyTo(desk, activity, { kind: 'text', text }), originOf(activity), desk);
}

/** The bot itself has come to a place; others who come are no matter of ours. */
async function onComing(desk: Desk, activity: TeamsActivity, appId: string): Promise<void> {
  const isOurs = (activity.membersAdded ?? []).some(({ id }) => id === activity.recipient.id || id === `28:${appId}`);
  if (isOurs) await desk.inbox.joined(placeOf(originOf(activity).spot));
}
