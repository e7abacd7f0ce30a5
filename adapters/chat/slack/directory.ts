import type { UsersInfoResponse, WebClient } from '@slack/web-api';
import type { Account } from '../../../src/domain/person.ts';
import type { ChatDirectory, Profile } from '../../../src/ports/chat.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';
import { misbehaved, refused, toFailure } from './failures.ts';
import type { Workspace } from './workspace.ts';

type User = NonNullable<UsersInfoResponse['user']>;

const FRESH_MS = 5 * 60_000;
const AT_ONCE = 5;

export interface Directory extends ChatDirectory {
  /** Is this user from elsewhere or a guest? What cannot be read counts as yes: such a person may look, not act. */
  external(id: string, team: string | undefined): Promise<boolean | 'unread'>;
}

/** People and groups of the workspace. What `users.info` says is remembered for five minutes; groups are read each time. */
export function createDirectory(client: WebClient, workspace: () => Workspace, clock: Clock, log: Log): Directory {
  const known = new Map<string, { readonly user: User; readonly at: number }>();

  async function userOf(id: string): Promise<User> {
    const held = known.get(id);
    if (held !== undefined && clock.now() - held.at < FRESH_MS) return held.user;
    const answer = await client.users.info({ user: id }).catch((error: unknown) => {
      throw toFailure(error, 'safe');
    });
    if (answer.user === undefined) throw misbehaved('a person without a profile', 'safe');
    if (known.size > 10_000) known.clear();
    known.set(id, { user: answer.user, at: clock.now() });
    return answer.user;
  }

  async function external(id: string, team: string | undefined): Promise<boolean | 'unread'> {
    const { team: own, enterprise } = workspace();
    if (team !== undefined && team !== own && enterprise === undefined) return true;
    try {
      return isExternal(await userOf(id).catch(() => userOf(id)), workspace());
    } catch (error) {
      log.warn({ user: id, error }, 'slack profile could not be read, treated as external');
      return 'unread';
    }
  }

  // Who may not act is no member either: else the card would wait for people whose word is refused.
  async function members(group: string): Promise<readonly Account[]> {
    const answer = await client.usergroups.users.list({ usergroup: group }).catch((error: unknown) => {
      throw toFailure(error, 'safe');
    });
    if (answer.users === undefined) throw misbehaved('a group without members', 'safe');
    const users: User[] = [];
    for (let start = 0; start < answer.users.length; start += AT_ONCE) {
      users.push(...(await Promise.all(answer.users.slice(start, start + AT_ONCE).map(userOf))));
    }
    return users
      .filter((user) => user.is_bot !== true && !isExternal(user, workspace()))
      .map((user) => ({ system: 'slack', tenant: workspace().team, id: user.id ?? '', name: nameOf(user) }))
      .filter((account) => account.id !== '');
  }

  async function profile(account: Account): Promise<Profile> {
    if (account.system !== 'slack') throw refused('This is no Slack account', 'foreign_account');
    const user = await userOf(account.id);
    const email = user.is_email_confirmed === false ? undefined : user.profile?.email;
    return {
      name: nameOf(user),
      external: isExternal(user, workspace()),
      ...(email === undefined || email === '' ? {} : { email }),
    };
  }

  return { external, members, profile };
}

function isExternal(user: User, workspace: Workspace): boolean {
  if (user.is_restricted === true || user.is_ultra_restricted === true || user.is_stranger === true) return true;
  if (user.deleted === true) return true;
  const own = user.team_id === undefined || user.team_id === workspace.team;
  const sister = workspace.enterprise !== undefined && user.enterprise_user?.enterprise_id === workspace.enterprise;
  return !own && !sister;
}

function nameOf(user: User): string {
  const names = [user.profile?.display_name, user.profile?.real_name, user.real_name, user.name, user.id];
  return names.find((name) => name !== undefined && name.trim() !== '') ?? 'somebody';
}
