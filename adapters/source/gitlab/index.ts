import type { Source } from '../../../src/ports/source.ts';
import type { AdapterTools, SourceAdapter } from '../../shared/adapter.ts';
import { createGitLab } from '../../shared/gitlab/client.ts';
import { changesBetween, firstChanges } from './changes.ts';
import { checksOf } from './checks.ts';
import { contextOf } from './context.ts';
import { fileAt } from './files.ts';
import { membersOf, ownersNamed } from './people.ts';
import { refsNamed } from './refs.ts';
import { resolveRef } from './resolve.ts';
import { Settings } from './schema.ts';

/** Projects on GitLab, also on one's own, named `group/project`; people are known by their user names. */
export const gitlabSource: SourceAdapter<Settings> = { type: 'gitlab', settings: Settings, create };

async function create(id: string, settings: Settings, tools: AdapterTools): Promise<Source> {
  const gitlab = await createGitLab(id, settings, tools);
  const at = (repository: string) => contextOf(id, gitlab, repository);
  return {
    id,
    resolve: async (repository, ref) => resolveRef(at(repository), ref),
    changes: async (repository, base, head) =>
      base === undefined ? firstChanges(at(repository), head) : changesBetween(at(repository), base, head),
    checks: async (repository, sha) => checksOf(at(repository), sha),
    refs: async (repository, text, limit) => refsNamed(at(repository), text, limit),
    team: (group) => membersOf(id, gitlab, group),
    codeOwners: 'gitlab',
    owner: (name) => ownersNamed(id, gitlab, name),
    file: async (repository, sha, path) => fileAt(at(repository), sha, path),
  };
}
