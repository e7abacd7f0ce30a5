/** One verb of the command, as the command list describes it. */
interface ManifestCommand {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
}

export interface ManifestWish {
  /** As people type it, e.g. `/deploy`. Names are not reserved for an app, so it can be changed. */
  readonly command: string;
  readonly commands: readonly ManifestCommand[];
  /** The public address of this installation, for HTTP mode; absent: Socket Mode. */
  readonly httpUrl?: string;
}

/** Why each scope is asked for. Nothing is asked for that is not used. */
const SCOPES: Readonly<Record<string, string>> = {
  commands: 'the slash command',
  'chat:write': 'cards, threads and private answers',
  'app_mentions:read': 'commands by mention, which also work in threads',
  'im:history': 'commands in the direct conversation with the bot',
  'im:write': 'private answers that do not vanish on reload',
  'channels:read': 'to hear that the bot was added to a public channel',
  'groups:read': 'to hear that the bot was added to a private channel',
  'channels:history': 'to find our own message again after a crash, instead of posting it twice',
  'groups:history': 'the same in private channels',
  'users:read': 'names, and who is a guest',
  'users:read.email': 'to know that one person is one person in every system',
  'usergroups:read': 'approver groups kept in Slack',
};

/** The app's whole description for "Create an app from a manifest". Source: docs.slack.dev, app manifest reference. */
export function slackManifest({ command, commands, httpUrl }: ManifestWish): object {
  const address = httpUrl === undefined ? undefined : `${httpUrl.replace(/\/+$/, '')}/slack/events`;
  const verbs = commands.map(({ usage }) => usage).join(' | ');
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: 'Countersign',
      description: 'Deployments that a second person countersigns',
      background_color: '#1d3557',
      long_description: description(command, commands),
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'Countersign', always_online: true },
      slash_commands: [
        {
          command,
          description: 'Request, countersign and follow deployments',
          usage_hint: clipped(verbs === '' ? 'help' : verbs, 1000),
          should_escape: true,
          ...(address === undefined ? {} : { url: address }),
        },
      ],
    },
    oauth_config: { scopes: { bot: Object.keys(SCOPES) } },
    settings: {
      event_subscriptions: {
        bot_events: ['app_home_opened', 'app_mention', 'member_joined_channel', 'message.im'],
        ...(address === undefined ? {} : { request_url: address }),
      },
      interactivity: {
        is_enabled: true,
        ...(address === undefined ? {} : { request_url: address, message_menu_options_url: address }),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: address === undefined,
      token_rotation_enabled: false,
    },
  };
}

function description(command: string, commands: readonly ManifestCommand[]): string {
  const head =
    'Countersign brings a commit to an environment once a different person has countersigned it. It shows what would change, ' +
    'who wrote it and who may approve, runs the pipeline, and tells everybody concerned how it goes, in words they understand.';
  const list = commands.map(({ usage, summary }) => `${command} ${usage}\n${summary}`).join('\n\n');
  return clipped(list === '' ? head : `${head}\n\n${list}`, 4000);
}

function clipped(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
