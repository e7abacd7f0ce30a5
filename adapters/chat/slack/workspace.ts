import type { AuthTestResponse, WebClient } from '@slack/web-api';
import { PortFailure } from '../../../src/ports/failure.ts';
import { misbehaved, toFailure } from './failures.ts';
import type { SlackSettings } from './schema.ts';

/** The one workspace we serve, as configuration and `auth.test` agree on it. The bot's ids are known after `learn`. */
export interface Workspace {
  readonly team: string;
  readonly enterprise?: string;
  readonly botUserId?: string;
  readonly botId?: string;
}

/** Asks Slack once whose token this is. Throws a PortFailure; a token of another workspace is refused with what to do. */
export async function learn(client: WebClient, settings: SlackSettings): Promise<Workspace> {
  const answer = await client.auth.test().catch((error: unknown) => {
    throw toFailure(error, 'safe');
  });
  const { team_id, user_id, bot_id, enterprise_id } = answer;
  if (team_id === undefined || user_id === undefined) throw misbehaved('a token without a workspace', 'safe');
  if (team_id !== settings.team) throw mismatch(`workspace ${team_id}`, `team ${settings.team}`);
  checkEnterprise(settings, answer);
  return {
    team: team_id,
    botUserId: user_id,
    ...(bot_id === undefined ? {} : { botId: bot_id }),
    ...(enterprise_id === undefined || enterprise_id === '' ? {} : { enterprise: enterprise_id }),
  };
}

function checkEnterprise(settings: SlackSettings, { enterprise_id }: AuthTestResponse): void {
  if (settings.enterprise === undefined || enterprise_id === settings.enterprise) return;
  throw mismatch(`organisation ${enterprise_id ?? '(none)'}`, `enterprise ${settings.enterprise}`);
}

function mismatch(token: string, configured: string): PortFailure {
  return new PortFailure(
    `The Slack bot token belongs to ${token}, but the configuration says ${configured}. Mend one of them and start again`,
    { port: 'slack', kind: 'forbidden', retryable: false, code: 'foreign-workspace' },
  );
}

/** Where a delivery claims to come from. Slack's Connect and Grid name several workspaces; `team` is the installation's. */
export interface Claim {
  readonly team: string | undefined;
  readonly enterprise: string | undefined;
}

/** May we work for this delivery at all? Ours by workspace; by organisation alone only within the same known organisation. */
export function isOurs(workspace: Workspace, { team, enterprise }: Claim): boolean {
  if (enterprise !== undefined && enterprise !== workspace.enterprise) return false;
  return team === workspace.team || (enterprise !== undefined && enterprise === workspace.enterprise);
}
