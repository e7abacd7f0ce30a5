import type { Account } from '../../../src/domain/person.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { GitLab } from '../../shared/gitlab/client.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import { Members } from './schema.ts';

/** Ten thousand members; nobody's countersignature comes out of a larger group. */
const MOST_PAGES = 100;

/** Members of the group `acme/platform`, also those that it has from the groups above it and from groups that were invited. */
export async function membersOf(id: string, gitlab: GitLab, group: string): Promise<readonly Account[]> {
  if (!/^[\w.-]+(?:\/[\w.-]+)*$/.test(group)) {
    const message = `"${group}" is not a group on GitLab. Write its whole path, for example acme/platform.`;
    throw new PortFailure(message, { port: id, kind: 'not-found', retryable: false, code: 'team-name' });
  }
  const path = `groups/${pathOf(group)}/members/all`;
  const { items } = await gitlab.list({ what: `the group ${group}`, path, form: Members, polled: true }, MOST_PAGES);
  const active = items.filter(
    ({ state, membership_state: membership }) =>
      (state ?? 'active') === 'active' && (membership ?? 'active') === 'active',
  );
  return active.map(({ username }) => ({ system: 'gitlab', id: username }));
}
