import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Edit, HISTORY, type Moment } from './history.ts';
import type { DemoPerson } from './people.ts';

const TEMPLATE = fileURLToPath(new URL('./template', import.meta.url));
const FIRST_DAY = Date.UTC(2026, 8, 1, 9, 0);
const STEP_MS = 47 * 3_600_000;

/**
 * Makes the shop's repository in a folder that is not there yet. Dates and people are fixed, so its commits have the same SHAs on
 * every machine. Throws when git is missing or an edit no longer fits its file.
 */
export function makeRepository(folder: string): void {
  mkdirSync(folder, { recursive: true });
  git(folder, ['init', '--quiet', '--initial-branch=main']);
  cpSync(TEMPLATE, folder, { recursive: true });
  // A .gitignore within the template would be obeyed by the repository that the template lies in.
  renameSync(join(folder, 'gitignore'), join(folder, '.gitignore'));
  for (const [at, moment] of HISTORY.entries()) play(folder, moment, new Date(FIRST_DAY + at * STEP_MS));
}

function play(folder: string, moment: Moment, at: Date): void {
  switch (moment.kind) {
    case 'commit':
      for (const edit of moment.edits) apply(folder, edit);
      git(folder, ['add', '--all']);
      git(folder, ['commit', '--quiet', '--message', moment.message], handOf(moment.by, at));
      return;
    case 'branch':
      git(folder, ['switch', '--quiet', '--create', moment.name, moment.from]);
      return;
    case 'switch':
      git(folder, ['switch', '--quiet', moment.name]);
      return;
    case 'merge':
      git(folder, ['merge', '--quiet', '--no-ff', '-m', moment.message, moment.branch], handOf(moment.by, at));
      git(folder, ['branch', '--quiet', '--delete', moment.branch]);
      return;
    case 'tag':
      git(folder, ['tag', '--annotate', moment.name, '-m', `Version ${moment.name.slice(1)}`], handOf(moment.by, at));
  }
}

function apply(folder: string, edit: Edit): void {
  const path = join(folder, edit.path);
  if ('text' in edit) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, edit.text);
    return;
  }
  const before = readFileSync(path, 'utf8');
  if (!before.includes(edit.from))
    throw new Error(`The demo's history does not fit its template: ${edit.path} lacks "${edit.from}".`);
  writeFileSync(
    path,
    before.replace(edit.from, () => edit.to),
  );
}

function handOf(person: DemoPerson, at: Date): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: person.name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_AUTHOR_DATE: at.toISOString(),
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
    GIT_COMMITTER_DATE: at.toISOString(),
  };
}

/** The user's own git settings (signing, hooks, line endings) have no say in the demo. */
function git(folder: string, args: readonly string[], hand: Readonly<Record<string, string>> = {}): void {
  execFileSync('git', ['-C', folder, '-c', 'core.autocrlf=false', '-c', 'core.hooksPath=/dev/null', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      LC_ALL: 'C',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      ...hand,
    },
  });
}
