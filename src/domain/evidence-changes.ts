import { shortSha } from './change-set.ts';
import type { Block } from './evidence-block.ts';
import type { EvidenceRecord } from './evidence-record.ts';
import { handle, known, listed, when, who } from './evidence-words.ts';
import { counted } from './text.ts';

/** What would change, who wrote it, and what was known of it when it was decided. */
export function changes({ changes, checks, warnings, excluded }: EvidenceRecord): readonly Block[] {
  const rows = (changes?.commits ?? []).map(({ sha, title, at, hands, pullRequest }) => [
    shortSha(sha),
    title,
    when(at),
    hands.map(({ role, account, bot }) => `${role} ${handle(account)}${bot ? ' (machine)' : ''}`).join(', '),
    pullRequest === undefined ? '' : `#${pullRequest.number} ${pullRequest.title}`,
  ]);
  return [
    { kind: 'heading', level: 2, text: 'What changed, and who wrote it' },
    ...(changes === undefined
      ? [{ kind: 'paragraph', text: 'It never came to be known what would change.' } as const]
      : ([
          {
            kind: 'facts',
            facts: known([
              ['After commit', changes.base],
              ['Of deployment', changes.formerDeployment],
              ['Direction', changes.direction],
              ['Commits', `${changes.commits.length}${changes.complete ? '' : '; not all could be read'}`],
              ['Files', String(changes.filesTotal)],
              ['Checks', checks === undefined ? undefined : checkWords(checks)],
              ['Checks that failed', checks?.failures.join(', ')],
              ['All checks', checks?.url],
              ['All changes', changes.url],
            ]),
          },
          { kind: 'table', head: ['Commit', 'Title', 'At', 'Hands', 'Pull request'], rows },
        ] as const)),
    ...listed('Files to look at', changes?.flaggedFiles.map(({ path, flag }) => `${path} (${flag})`) ?? []),
    ...listed(
      'Owners of changed files',
      (changes?.ownership ?? []).map(
        ({ owners, files, example }) => `${owners.join(', ')}: ${counted(files, 'file')}, e.g. ${example}`,
      ),
    ),
    ...listed('Warnings at the decision', warnings),
    ...listed(
      'Not allowed to countersign, and why',
      excluded.map(({ person, parts, commits }) => `${who(person)}: ${[parts.join(', '), ...commits].join(' · ')}`),
    ),
  ];
}

function checkWords({ state, passed, failed, pending, at }: NonNullable<EvidenceRecord['checks']>): string {
  return `${state}: ${passed} passed, ${failed} failed, ${pending} pending, at ${when(at)}`;
}
