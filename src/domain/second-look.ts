import type { ChangedFile, ChangeSet } from './change-set.ts';
import type { Exclusion } from './policy.ts';
import { counted } from './text.ts';

/** Words in commit titles that have preceded many a bad evening. Whole words, any case, English. */
const RISK_WORDS =
  /\b(migrat\w*|drop(s|ped)?|delet\w*|remov\w*|breaking|revert\w*|rewrit\w*|rollback|hack|wip|temporary|workaround|o?auth(n|z|enticat\w*|ori[sz]\w*)?|password|secret|permission\w*|payment\w*|billing|downtime|upgrade\w*)\b/gi;

/** Commits beyond which a change set is called large. */
const MANY_COMMITS = 30;

/** Sentences that make an approver look twice; none of them stops anything. */
export function secondLook(changeSet: ChangeSet, excluded: readonly Exclusion[]): readonly string[] {
  return [
    ...directionWords(changeSet),
    ...fileWords(changeSet.files),
    ...riskWords(changeSet),
    ...strangerWords(excluded),
    ...(changeSet.commits.length > MANY_COMMITS
      ? [`A large change: ${counted(changeSet.commits.length, 'commit')} at once`]
      : []),
  ];
}

function directionWords({ direction }: ChangeSet): readonly string[] {
  switch (direction) {
    case 'first':
      return ['The first deployment to this target: its history is not known here'];
    case 'behind':
      return ['This goes back: the commit is older than what runs there'];
    case 'diverged':
      return ['This does not follow what runs there: commits that are live now would disappear'];
    default:
      return [];
  }
}

function fileWords(files: readonly ChangedFile[]): readonly string[] {
  const migrations = files.filter(({ flag }) => flag === 'migration').length;
  const configuration = files.filter(({ flag }) => flag === 'configuration').length;
  return [
    ...(migrations > 0 ? [`Changes the database: ${counted(migrations, 'migration file')}`] : []),
    ...(configuration > 0 ? [`Changes configuration: ${counted(configuration, 'file')}`] : []),
  ];
}

function riskWords({ commits }: ChangeSet): readonly string[] {
  const words = new Set(
    commits.flatMap(({ title }) => title.match(RISK_WORDS) ?? []).map((word) => word.toLowerCase()),
  );
  return words.size === 0 ? [] : [`Commit titles speak of: ${[...words].slice(0, 5).join(', ')}`];
}

function strangerWords(excluded: readonly Exclusion[]): readonly string[] {
  const strangers = excluded.filter(({ person }) => !person.known).map(({ person }) => person.name);
  if (strangers.length === 0) return [];
  const names = strangers.slice(0, 3).join(', ');
  const more = strangers.length > 3 ? ` and ${strangers.length - 3} more` : '';
  return [`Not linked to a known person: ${names}${more}; whether an approver is one of them cannot be told`];
}
