import type { Hand, PullRequest, Role } from '../../../src/domain/change-set.ts';
import type { User } from '../../shared/gitlab/schema.ts';
import { once, type Signature, sameEmail, trailers } from '../../shared/source/hands.ts';
import { releaseNoteOf } from '../../shared/source/wording.ts';
import type { Owner, Parts } from './parts.ts';
import type { Commit, MergeRequest } from './schema.ts';

/** Accounts of access tokens: docs.gitlab.com/user/project/settings/project_access_tokens, "Bot users for projects"; and their like. */
const BOT = /^(?:project|group)_\d+_bot(?:_|\d|$)|^service_account_/;

/** Everybody's hand in one commit, with those whose commits were squashed into it, and whoever asked for it and merged it. */
export function handsOf(commit: Commit, { requests, squashed, owners }: Parts): readonly Hand[] {
  const author = { name: commit.author_name, email: commit.author_email };
  const committer = { name: commit.committer_name, email: commit.committer_email };
  // Whoever makes a merge commit has written nothing, but has merged.
  const first: Role = commit.parent_ids.length > 1 ? 'merger' : 'author';
  const helpers = trailers(commit.message ?? '').filter((one) => !sameEmail(one, author));
  const writers = (squashed.get(commit.id) ?? []).flatMap(writersOf);
  const merged = (requests.get(commit.id) ?? []).filter(({ state }) => state === 'merged');
  const hands: readonly (Hand | undefined)[] = [
    handOf(first, author, owners),
    ...[...helpers, ...writers].map((one) => handOf('co-author', one, owners)),
    // Whoever opened the merge request wrote what it is about, though all commits may be in other names.
    ...(first === 'merger' ? [] : merged.map((one) => handOfUser('co-author', one.author))),
    handOf('committer', committer, owners),
    ...merged.map((one) => handOfUser('merger', one.merge_user ?? one.merged_by)),
  ];
  return once(hands.filter((hand) => hand !== undefined));
}

/** The merge request that brought the commit: the one whose merge it is, else one that was merged, else an open one. */
export function mergeRequestOf(commit: Commit, { requests }: Parts): PullRequest | undefined {
  const candidates = requests.get(commit.id) ?? [];
  const best =
    candidates.find((one) => isMergeOf(one, commit)) ??
    candidates.find(({ state }) => state === 'merged') ??
    candidates[0];
  if (best === undefined) return undefined;
  const { iid: number, title, web_url: url, labels } = best;
  const releaseNote = releaseNoteOf({ title, labels, body: best.description ?? '' });
  return { number, title, url, ...(releaseNote === undefined ? {} : { releaseNote }) };
}

function isMergeOf({ merge_commit_sha, squash_commit_sha }: MergeRequest, { id }: Commit): boolean {
  return merge_commit_sha === id || squash_commit_sha === id;
}

function writersOf(commit: Commit): readonly Signature[] {
  return [{ name: commit.author_name, email: commit.author_email }, ...trailers(commit.message ?? '')];
}

function handOfUser(role: Role, user: User | null | undefined): Hand | undefined {
  if (!user) return undefined;
  const { username: id, name } = user;
  return { role, account: { system: 'gitlab', id, ...(name ? { name } : {}) }, bot: BOT.test(id) };
}

/** Nothing when the commit names nobody in that role. */
function handOf(role: Role, { name, email }: Signature, owners: ReadonlyMap<string, Owner>): Hand | undefined {
  const named = name ? { name } : {};
  const owner = owners.get((email ?? '').toLowerCase()) ?? privateOwner(email);
  if (owner !== undefined) {
    const { username: id, bot } = owner;
    return { role, account: { system: 'gitlab', id, ...named }, bot: bot || BOT.test(id) };
  }
  if (!email && !name) return undefined;
  // Two people without an address are not one human.
  return { role, account: { system: 'email', id: email || `no address: ${name}`, ...named }, bot: false };
}

/** `123-anna@users.noreply.gitlab.com`: docs.gitlab.com/user/profile, "Use an automatically-generated private commit email". */
function privateOwner(email: string | null | undefined): Owner | undefined {
  const username = /^\d+-([^@\s]+)@users\.noreply\.[^@\s]+$/i.exec(email ?? '')?.[1];
  return username === undefined ? undefined : { username, bot: false };
}
