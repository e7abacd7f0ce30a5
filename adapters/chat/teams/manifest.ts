/** One verb of the command, as the menus describe it. */
interface ManifestCommand {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
}

export interface TeamsManifestWish {
  /** The application id of the bot in Entra, which is the id of the app as well. */
  readonly appId: string;
  /** What people call the bot; Teams shows the first 30 characters. */
  readonly name: string;
  /** As people type it, e.g. `/deploy`; its word is the slash command that opens the form. */
  readonly command: string;
  readonly commands: readonly ManifestCommand[];
  /** `1.2.3`. Teams takes another package for the same app only when this has grown. */
  readonly version: string;
  /** Where the app's details lead; Teams takes only `https` here. Absent: an address that leads nowhere. */
  readonly websiteUrl?: string | undefined;
}

/** A menu holds 12 commands (schema 1.30), so these stand in it, in this order. Every other one can be typed as well. */
const MENUS = [
  {
    // What is decided by a button on a card (approve, reject, retry, nudge, unsubscribe) is not in the menu of a conversation.
    scopes: ['team', 'groupChat'],
    triggers: ['mention', 'slash'],
    names: 'run rollback status list diff history logs cancel lock unlock subscribe help',
  },
  {
    // A slash command works only where others are.
    scopes: ['personal'],
    triggers: ['mention'],
    names: 'run rollback status list diff history logs services envs whoami link help',
  },
] as const;

/**
 * The app's description for Teams. Source: the schema of manifests, version 1.30, which is the first that lets a bot have slash
 * commands. Nothing is asked for that is not used: no permission on a team's messages or members, and no page of ours inside Teams.
 */
export function teamsManifest(wish: TeamsManifestWish): object {
  const { appId, name, version, websiteUrl } = wish;
  const site = websiteUrl?.startsWith('https://') === true ? websiteUrl : 'https://countersign.invalid';
  return {
    $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.30/MicrosoftTeams.schema.json',
    manifestVersion: '1.30',
    version,
    id: appId,
    developer: { name: 'The Countersign authors', websiteUrl: site, privacyUrl: site, termsOfUseUrl: site },
    name: { short: clipped(name, 30), full: clipped(name, 100) },
    description: { short: 'Deployments that a second person countersigns', full: description(wish) },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#4f46e5',
    bots: [
      {
        botId: appId,
        scopes: ['personal', 'team', 'groupChat'],
        isNotificationOnly: false,
        supportsFiles: false,
        supportsTargetedMessages: true,
        commandLists: menus(wish.commands),
      },
    ],
    composeExtensions: [{ botId: appId, composeExtensionType: 'botBased', commands: [formCommand(wish.command)] }],
    // Who presses, and the private answers that go to people directly where a conversation cannot hold them.
    permissions: ['identity', 'messageTeamMembers'],
    validDomains: [],
    defaultInstallScope: 'team',
    defaultGroupCapability: { team: 'bot', groupchat: 'bot' },
  };
}

/** A slash command of a bot cannot open a form, one of a message extension does so at once. */
function formCommand(command: string): object {
  return {
    id: 'deploy',
    type: 'action',
    title: clipped(command.replace(/^\//, ''), 32),
    description: 'Request a deployment: choose what goes where, and see who must countersign',
    context: ['compose', 'commandBox'],
    triggers: ['slash'],
    fetchTask: true,
  };
}

function menus(commands: readonly ManifestCommand[]): readonly object[] {
  return MENUS.map(({ scopes, triggers, names }) => ({
    scopes,
    triggers,
    commands: names.split(' ').flatMap((wanted) => {
      const found = commands.find(({ name }) => name === wanted);
      return found === undefined ? [] : [{ title: found.name, description: clipped(found.summary, 128) }];
    }),
  }));
}

function description({ command, commands }: TeamsManifestWish): string {
  const head =
    'Countersign brings a commit to an environment once a different person has countersigned it. It shows what would change, ' +
    'who wrote it and who may approve, runs the pipeline, and tells everybody concerned how it goes, in words they understand. ' +
    `Type ${command} for the form, or mention the bot with one of these:`;
  const list = commands.map(({ usage, summary }) => `${usage}\n${summary}`).join('\n\n');
  return clipped(`${head}\n\n${list}`, 4000);
}

function clipped(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
