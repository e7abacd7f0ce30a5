import type { Ref } from '../../../src/domain/change-set.ts';
import { OUR_TAGS } from '../../shared/source/ref-name.ts';
import type { Context } from './context.ts';
import { RefsAnswer } from './schema.ts';

/** Branches and tags whose name contains `text`, the newest commit first. */
export async function refsNamed(context: Context, text: string, limit: number): Promise<readonly Ref[]> {
  const [branches, tags] = await Promise.all([
    list(context, 'branches', text, { sort: 'updated_desc' }),
    list(context, 'tags', text, { order_by: 'updated', sort: 'desc' }),
  ]);
  return [...branches, ...tags.filter(({ ref }) => !ref.name.startsWith(OUR_TAGS))]
    .filter(({ ref }) => ref.name.toLowerCase().includes(text.toLowerCase()))
    .sort((one, other) => other.at - one.at || one.ref.name.localeCompare(other.ref.name))
    .slice(0, limit)
    .map(({ ref }) => ref);
}

/** Nothing for a tag that stands for no commit. The newest hundred are enough for somebody who is typing. */
async function list(
  { gitlab, project, repository }: Context,
  kind: 'branches' | 'tags',
  text: string,
  order: Readonly<Record<string, string>>,
): Promise<readonly { readonly ref: Ref; readonly at: number }[]> {
  const found = await gitlab.get({
    what: `the ${kind} of ${repository}`,
    path: `${project}/repository/${kind}`,
    query: { ...(text === '' ? {} : { search: text }), ...order, per_page: 100 },
    form: RefsAnswer,
  });
  return found.flatMap(({ name, commit }) => {
    if (commit === null) return [];
    const ref = { name, sha: commit.id, kind: kind === 'tags' ? 'tag' : 'branch' } as const;
    return [{ ref, at: Date.parse(commit.committed_date ?? '') || 0 }];
  });
}
