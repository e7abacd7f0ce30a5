import type { Account } from '../../../src/domain/person.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { GitLab } from '../../shared/gitlab/client.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import { Members, Users } from './schema.ts';

/** Ten thousand members; nobody's countersignature comes out of a larger group. */
const MOST_PAGES = 100;

/** Members of the group `acme/platform`, also those that it has from the groups above it and from groups that were invited. */
export async function membersOf(id: string, gitlab: GitLab, group: string): Promise<readonly Account[]> {
  if (!/^[\w.-]+(?:\/[\w.-]+)*$/.test(group)) {
    const message = `"${group}" is not a group on GitLab. Write its whole path, for example acme/platform.`;
    throw new PortFailure(message, { port: id, kind: 'not-found', retryable: false, code: 'team-name' });
  }
  return activeIn(gitlab, group, 'members/all');
}

/**
 * Whoever `@name` of a CODEOWNERS file stands for: a user, else the direct members of a group (docs.gitlab.com, "Eligible code owners").
 * Roles (`@@maintainer`) cannot be asked for: throws a PortFailure, so that nobody is taken for an owner.
 */
export async function ownersNamed(id: string, gitlab: GitLab, name: string): Promise<readonly Account[]> {
  if (!/^[\w.-]+(?:\/[\w.-]+)*$/.test(name)) {
    const message = `Nobody can be asked who "@${name}" of the CODEOWNERS file is. Name users or groups beside it.`;
    throw new PortFailure(message, { port: id, kind: 'not-found', retryable: false, code: 'owner-name' });
  }
  if (!name.includes('/')) {
    const question = { what: `the user ${name}`, path: 'users', query: { username: name }, form: Users };
    const [user] = await gitlab.get(question);
    if (user !== undefined)
      return (user.state ?? 'active') === 'active' ? [{ system: 'gitlab', id: user.username }] : [];
  }
  return activeIn(gitlab, name, 'members');
}

async function activeIn(gitlab: GitLab, group: string, kind: 'members' | 'members/all'): Promise<readonly Account[]> {
  const path = `groups/${pathOf(group)}/${kind}`;
  const { items } = await gitlab.list({ what: `the group ${group}`, path, form: Members, polled: true }, MOST_PAGES);
  const active = items.filter(
    ({ state, membership_state: membership }) =>
      (state ?? 'active') === 'active' && (membership ?? 'active') === 'active',
  );
  return active.map(({ username }) => ({ system: 'gitlab', id: username }));
}
