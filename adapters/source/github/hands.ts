import type { Hand, PullRequest, Role } from '../../../src/domain/change-set.ts';
import type { User } from '../../shared/github/schema.ts';
import { once, type Signature, sameEmail, trailers } from '../../shared/source/hands.ts';
import { releaseNoteOf } from '../../shared/source/wording.ts';
import type { Actor, Commit, CommitParts, GitActor } from './schema.ts';

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
  const { number, title, url, body } = best;
  const labels = (best.labels?.nodes ?? []).map(({ name }) => name);
  const releaseNote = releaseNoteOf({ title, body, labels });
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
