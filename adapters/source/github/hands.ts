import type { Hand, PullRequest, Role } from '../../../src/domain/change-set.ts';
import { accountKey } from '../../../src/domain/person.ts';
import { clip } from '../../../src/domain/text.ts';
import type { User } from '../../shared/github/schema.ts';
import type { Actor, Commit, CommitParts, GitActor, PullRequestNode } from './schema.ts';

interface Signature {
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
}

/** Everybody's hand in one commit, with those whose commits were squashed into it. */
export function handsOf(
  commit: Commit,
  parts: CommitParts | undefined,
  squashed: readonly GitActor[],
): readonly Hand[] {
  const { author, committer, message } = commit.commit;
  const authors = parts?.authors.nodes ?? [];
  // Whoever makes a merge commit has written nothing, but has merged.
  const first: Role = (parts?.parents.totalCount ?? 1) > 1 ? 'merger' : 'author';
  const others = authors.filter((other) => !sameEmail(other, author ?? {}));
  // GitHub knows whose address it is; a trailer that it did not read still counts.
  const unread = trailers(message).filter((one) => ![...authors, author ?? {}].some((known) => sameEmail(known, one)));
  const hands: readonly (Hand | undefined)[] = [
    handOf(first, commit.author ?? authors.find((one) => sameEmail(one, author ?? {}))?.user, author ?? {}),
    ...[...others, ...squashed].map((one) => handOf('co-author', one.user, one)),
    ...unread.map((one) => handOf('co-author', undefined, one)),
    handOf('committer', commit.committer, committer ?? {}),
    ...mergersOf(parts).map((actor) => handOfActor('merger', actor)),
  ];
  return once(hands.filter((hand) => hand !== undefined));
}

/** The pull request that brought the commit: the one whose merge it is, else one that was merged, else an open one. */
export function pullRequestOf(commit: Commit, parts: CommitParts | undefined): PullRequest | undefined {
  const candidates = parts?.associatedPullRequests.nodes ?? [];
  const best =
    candidates.find((one) => one.mergeCommit?.oid === commit.sha) ??
    candidates.find((one) => one.merged) ??
    candidates[0];
  if (best === undefined) return undefined;
  const { number, title, url } = best;
  const releaseNote = releaseNoteOf(best);
  return { number, title, url, ...(releaseNote === undefined ? {} : { releaseNote }) };
}

/**
 * A merged pull request whose one commit this is: a squash (or the last of a rebase, where asking changes nothing). Its authors need
 * not stand in the commit, because whoever merges may edit the message.
 */
export function squashOf(parts: CommitParts): number | undefined {
  if (parts.parents.totalCount > 1) return undefined;
  return parts.associatedPullRequests.nodes.find((one) => one.merged && one.mergeCommit?.oid === parts.oid)?.number;
}

/** The section `## Release note` of the text; with the label `release-note`, the text's first line or else the title. */
function releaseNoteOf({ title, body, labels }: PullRequestNode): string | undefined {
  const section = /^#{1,6}[ \t]*release[ -]notes?:?[ \t]*$([\s\S]*?)(?=^#{1,6}[ \t]|(?![\s\S]))/im.exec(
    withoutComments(body),
  )?.[1];
  const written = section?.trim() ?? '';
  if (written !== '') return clip(written, 500);
  if (!(labels?.nodes ?? []).some(({ name }) => name.toLowerCase() === 'release-note')) return undefined;
  const lines = withoutComments(body).split('\n');
  const line = lines.map((text) => text.trim()).find((text) => text !== '' && !text.startsWith('#'));
  return clip(line ?? title, 500);
}

/** Templates put their instructions into comments. */
function withoutComments(body: string): string {
  return body.replace(/\r\n/g, '\n').replace(/<!--[\s\S]*?-->/g, '');
}

function mergersOf(parts: CommitParts | undefined): readonly Actor[] {
  const pulls = parts?.associatedPullRequests.nodes ?? [];
  return pulls.map((pull) => pull.mergedBy).filter((actor) => actor !== null);
}

function handOfActor(role: Role, { login, __typename }: Actor): Hand {
  const bot = __typename === 'Bot' || __typename === 'Mannequin';
  // GraphQL names bots without the ending that the REST API and commits give them.
  const id = bot && !login.endsWith('[bot]') ? `${login}[bot]` : login;
  return { role, account: { system: 'github', id }, bot: bot || isBotLogin(login) };
}

/** Nothing when the commit names nobody in that role. */
function handOf(role: Role, user: Partial<User> | null | undefined, signature: Signature): Hand | undefined {
  const name = signature.name ? { name: signature.name } : {};
  const login = user?.login ?? noreplyLogin(signature.email);
  if (login !== undefined) {
    return { role, account: { system: 'github', id: login, ...name }, bot: user?.type === 'Bot' || isBotLogin(login) };
  }
  if (!signature.email && !signature.name) return undefined;
  // Two people without an address are not one human.
  const id = signature.email || `no address: ${signature.name}`;
  return { role, account: { system: 'email', id, ...name }, bot: id === 'noreply@github.com' };
}

/** `123+login@users.noreply.github.com`, and on a GitHub Enterprise Server `users.noreply.<host>`. */
function noreplyLogin(email: string | null | undefined): string | undefined {
  return /^(?:\d+\+)?([^@\s]+)@users\.noreply\.[^@\s]+$/i.exec(email ?? '')?.[1];
}

/** `web-flow` signs what is merged or edited on GitHub's pages. */
function isBotLogin(login: string): boolean {
  return login.endsWith('[bot]') || login === 'web-flow';
}

/** Every `Co-authored-by` line, wherever it stands: a helper named one paragraph too early has helped all the same. */
function trailers(message: string): readonly Signature[] {
  const found = message.matchAll(/^[ \t]*co-authored-by:[ \t]*([^<\n]*?)[ \t]*<([^>\n]*)>/gim);
  return [...found].map(([, name = '', email = '']) => ({ name, email: email.trim() }));
}

function sameEmail(one: Signature, other: Signature): boolean {
  return (one.email ?? '') !== '' && one.email?.toLowerCase() === other.email?.toLowerCase();
}

/** One hand per account and role. */
function once(hands: readonly Hand[]): readonly Hand[] {
  const seen = new Map<string, Hand>();
  for (const hand of hands) {
    const key = `${hand.role} ${accountKey(hand.account)}`;
    if (!seen.has(key)) seen.set(key, hand);
  }
  // An author who also wrote squashed commits is the author, once.
  const authors = new Set(
    [...seen.values()].filter(({ role }) => role === 'author').map(({ account }) => accountKey(account)),
  );
  return [...seen.values()].filter(({ role, account }) => role !== 'co-author' || !authors.has(accountKey(account)));
}
