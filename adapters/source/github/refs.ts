import type { Ref } from '../../../src/domain/change-set.ts';
import { OUR_TAGS } from '../../shared/source/ref-name.ts';
import type { Context } from './context.ts';
import { REFS_QUERY } from './queries.ts';
import { type RefNodes, RefsAnswer } from './schema.ts';

type Node = RefNodes['nodes'][number];

/** Branches and tags whose name contains `text`, the newest commit first: one call, since somebody is typing. */
export async function refsNamed(context: Context, text: string, limit: number): Promise<readonly Ref[]> {
  const { repository } = await context.github.graph({
    what: `the branches and tags of ${context.repository}`,
    query: REFS_QUERY,
    variables: { ...context.place, text },
    form: RefsAnswer,
  });
  const found = [
    ...repository.branches.nodes.flatMap((node) => dated(node, 'branch')),
    ...repository.tags.nodes.filter(({ name }) => !name.startsWith(OUR_TAGS)).flatMap((node) => dated(node, 'tag')),
  ];
  return found
    .filter(({ ref }) => ref.name.toLowerCase().includes(text.toLowerCase()))
    .sort((one, other) => other.at.localeCompare(one.at) || one.ref.name.localeCompare(other.ref.name))
    .slice(0, limit)
    .map(({ ref }) => ref);
}

/** Nothing for a tag that stands for no commit. */
function dated({ name, target }: Node, kind: Ref['kind']): readonly { readonly ref: Ref; readonly at: string }[] {
  const commit = target?.target ?? target;
  const at = commit?.committedDate;
  return commit === null || commit === undefined || at === undefined
    ? []
    : [{ ref: { name, sha: commit.oid, kind }, at }];
}
