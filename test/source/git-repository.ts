import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Author {
  readonly name: string;
  readonly email: string;
}

export const BEN: Author = { name: 'Ben Okafor', email: 'ben@example.com' };
export const ANNA: Author = { name: 'Anna Lind', email: 'anna@example.com' };

/** A real repository in a temporary folder, with a clock that steps a minute per commit. */
export function repository() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-git-'));
  let minute = 0;

  function git(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    return execFileSync('git', ['-C', folder, '-c', 'commit.gpgsign=false', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        ...identity(BEN, BEN),
        ...env,
      },
    }).trim();
  }

  function identity(author: Author, committer: Author): Record<string, string> {
    minute += 1;
    const at = new Date(Date.UTC(2026, 8, 1, 8, minute)).toISOString();
    return {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: at,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: at,
    };
  }

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  /** Commits one changed file; gives the SHA. */
  function commit(message: string, by: { author?: Author; committer?: Author; path?: string } = {}): string {
    write(by.path ?? 'file.txt', `${message}\n${minute}\n`);
    git(['add', '--all']);
    const author = by.author ?? BEN;
    const how = ['--quiet', '--allow-empty', '--allow-empty-message', '--cleanup=verbatim'];
    git(['commit', ...how, '-m', message], identity(author, by.committer ?? author));
    return git(['rev-parse', 'HEAD']);
  }

  git(['init', '--quiet', '--initial-branch=main']);
  return { folder, git, commit, write, identity, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export type TestRepository = ReturnType<typeof repository>;
