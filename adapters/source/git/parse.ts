import type { Commit, Hand, Ref, Role } from '../../../src/domain/change-set.ts';
import { clip } from '../../../src/domain/text.ts';

/** Commit, parents, author, committer, committer date, whole message: NUL between fields and, by `-z`, between commits. */
export const COMMIT_FORMAT = '%H%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%cI%x00%B';
const COMMIT_FIELDS = 8;
const LONGEST_TITLE = 300;

/** Ref, type and name of the object, the same of what an annotated tag points to, and when the commit was made. */
export const REF_FORMAT = [
  '%(refname)',
  '%(objecttype)',
  '%(objectname)',
  '%(*objecttype)',
  '%(*objectname)',
  '%(committerdate:unix)',
  '%(*committerdate:unix)',
].join('%00');

/** Reads `git log -z` in COMMIT_FORMAT. Throws a RangeError when git gave fewer fields than asked, which would hide somebody. */
export function commitsOf(output: string): readonly Commit[] {
  if (output === '') return [];
  const fields = output.endsWith('\0') ? output.slice(0, -1).split('\0') : output.split('\0');
  if (fields.length % COMMIT_FIELDS !== 0) throw new RangeError(`git log gave ${fields.length} fields`);
  const commits: Commit[] = [];
  for (let at = 0; at < fields.length; at += COMMIT_FIELDS)
    commits.push(commitOf(fields.slice(at, at + COMMIT_FIELDS)));
  return commits;
}

function commitOf(fields: readonly string[]): Commit {
  const [sha = '', parents = '', authorName = '', authorEmail = '', name = '', email = '', at = '', message = ''] =
    fields;
  const merge = parents.split(' ').length > 1;
  const hands = [
    handOf(merge ? 'merger' : 'author', authorName, authorEmail),
    ...coAuthorsOf(message),
    handOf('committer', name, email),
  ];
  return { sha, title: titleOf(message), at: new Date(at).toISOString(), hands: once(hands) };
}

function titleOf(message: string): string {
  const line = message.trimStart().split('\n', 1)[0] ?? '';
  return clip(line.trim() || '(no message)', LONGEST_TITLE);
}

/**
 * Everybody named by a `Co-authored-by` line, wherever it stands: git counts only the last paragraph, but a helper who is named one
 * paragraph too early has helped all the same.
 */
function coAuthorsOf(message: string): readonly Hand[] {
  const hands: Hand[] = [];
  for (const line of message.split('\n')) {
    const [, name, email] = /^\s*co-authored-by:\s*([^<]*)<([^>]*)>/i.exec(line) ?? [];
    if (name !== undefined && email !== undefined) hands.push(handOf('co-author', name.trim(), email.trim()));
  }
  return hands;
}

function handOf(role: Role, name: string, email: string): Hand {
  // Two people without an address are not one human.
  const id = email === '' ? `no address: ${name}` : email;
  return { role, account: { system: 'email', id, ...(name === '' ? {} : { name }) }, bot: isMachine(email) };
}

/** GitHub commits as `noreply@github.com` when somebody merges on its pages; its apps have `...[bot]@users.noreply.github.com`. */
function isMachine(email: string): boolean {
  return email === 'noreply@github.com' || /\[bot\]@users\.noreply\.github\.com$/i.test(email);
}

/** One hand per account, the first one said. */
function once(hands: readonly Hand[]): readonly Hand[] {
  const seen = new Map<string, Hand>();
  for (const hand of hands) {
    const key = hand.account.id.toLowerCase();
    if (!seen.has(key)) seen.set(key, hand);
  }
  return [...seen.values()];
}

/** Reads `git for-each-ref` in REF_FORMAT: branches and tags that stand for a commit, the newest commit first. */
export function refsOf(output: string): readonly Ref[] {
  const found = output.split('\n').flatMap((line) => refOf(line.split('\0')));
  return found
    .sort((one, other) => other.at - one.at || one.ref.name.localeCompare(other.ref.name))
    .map(({ ref }) => ref);
}

function refOf(fields: readonly string[]): readonly { readonly ref: Ref; readonly at: number }[] {
  const [refname = '', type, sha = '', innerType, innerSha = '', at, innerAt] = fields;
  const [, folder, name] = /^refs\/(heads|tags)\/(.+)$/s.exec(refname) ?? [];
  if (name === undefined) return [];
  const kind = folder === 'heads' ? 'branch' : 'tag';
  if (type === 'commit') return [{ ref: { name, sha, kind }, at: Number(at) }];
  if (innerType === 'commit') return [{ ref: { name, sha: innerSha, kind }, at: Number(innerAt) }];
  return [];
}
