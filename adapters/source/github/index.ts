import type { Account } from '../../../src/domain/person.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Source } from '../../../src/ports/source.ts';
import type { AdapterTools, SourceAdapter } from '../../shared/adapter.ts';
import { createGitHub, type GitHub } from '../../shared/github/client.ts';
import { changesBetween, firstChanges } from './changes.ts';
import { checksOf } from './checks.ts';
import { comment } from './comment.ts';
import { contextOf } from './context.ts';
import { fileAt } from './files.ts';
import { refsNamed } from './refs.ts';
import { resolveRef } from './resolve.ts';
import { Members, Settings } from './schema.ts';

/** Repositories on GitHub or a GitHub Enterprise Server, named `owner/name`; people are known by their logins. */
export const githubSource: SourceAdapter<Settings> = { type: 'github', settings: Settings, create };

const PAGE = 100;
/** Ten thousand members; nobody's countersignature comes out of a larger team. */
const MOST_PAGES = 100;

async function create(id: string, settings: Settings, tools: AdapterTools): Promise<Source> {
  const github = await createGitHub(id, settings, tools);
  const at = (repository: string) => contextOf(id, github, repository);
  return {
    id,
    resolve: async (repository, ref) => resolveRef(at(repository), ref),
    changes: async (repository, base, head) =>
      base === undefined ? firstChanges(at(repository), head) : changesBetween(at(repository), base, head),
    checks: async (repository, sha) => checksOf(at(repository), sha),
    refs: async (repository, text, limit) => refsNamed(at(repository), text, limit),
    comment: async (repository, pull, marker, words, fence) =>
      comment(at(repository), tools, { pull, marker, words }, fence),
    team: (team) => membersOf(id, github, team),
    file: async (repository, sha, path) => fileAt(id, at(repository), sha, path),
  };
}

/** Members of `acme/platform` and of the teams below it. */
async function membersOf(id: string, github: GitHub, team: string): Promise<readonly Account[]> {
  const [, org, slug] = /^([\w.-]+)\/([\w.-]+)$/.exec(team) ?? [];
  if (org === undefined || slug === undefined) {
    const message = `"${team}" is not a team on GitHub. Write it as organisation/team, for example acme/platform.`;
    throw new PortFailure(message, { port: id, kind: 'not-found', retryable: false, code: 'team-name' });
  }
  const members: Account[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found = await github.get({
      what: `the team ${team}`,
      route: 'GET /orgs/{org}/teams/{team_slug}/members',
      parameters: { org, team_slug: slug, per_page: PAGE, page },
      form: Members,
      polled: true,
    });
    members.push(...found.map(({ login }) => ({ system: 'github', id: login })));
    if (found.length < PAGE) break;
  }
  return members;
}
