import type { Commit } from './change-set.ts';
import type { Deployment, Findings } from './deployment.ts';
import { accountKey, sameHuman, stranger } from './person.ts';
import type { Exclusion } from './policy.ts';
import type { Review } from './review.ts';

/** What an auditor looks at first: each departs from the usual road or its end. Words for people, by code. */
export const EVIDENCE_EXCEPTIONS = {
  'break-glass': 'glass broken: it went on without all countersignatures',
  override: 'a rule was overridden',
  hotfix: 'hotfix',
  'review-missing': 'nobody has closed the review yet',
  'self-merged': 'somebody merged their own commit',
  'range-incomplete': 'not every commit could be read',
  'commit-unconfirmed': 'the provider did not confirm this commit',
  failed: 'failed',
  'rolled-back': 'was rolled back',
} as const satisfies Record<string, string>;
export type EvidenceException = keyof typeof EVIDENCE_EXCEPTIONS;

/** Which exceptions a deployment is. What never began can be no exception of the review or the run. */
export function exceptionsOf({
  deployment,
  findings,
  review,
}: {
  readonly deployment: Deployment;
  readonly findings: Findings | undefined;
  readonly review: Review | undefined;
}): readonly EvidenceException[] {
  const { kind, glass, override, startedAt, state, plan, runSha, undoneBy } = deployment;
  const fast = kind === 'hotfix' || glass !== undefined || override !== undefined;
  const began = startedAt !== undefined;
  const holds: Readonly<Record<EvidenceException, boolean>> = {
    'break-glass': glass !== undefined,
    override: override !== undefined,
    hotfix: kind === 'hotfix',
    'review-missing': review === undefined ? fast && began : review.closed === undefined,
    'self-merged': began && (findings?.changeSet.commits.some((one) => selfMerged(one, findings.excluded)) ?? false),
    'range-incomplete': began && findings?.changeSet.complete === false,
    'commit-unconfirmed': state === 'succeeded' && (runSha === undefined || runSha !== plan?.sha),
    failed: state === 'failed',
    'rolled-back': state === 'rolled-back' || undoneBy !== undefined,
  };
  return (Object.keys(holds) as readonly EvidenceException[]).filter((code) => holds[code]);
}

/** Did a human who wrote the commit also merge it? Two accounts of one person are one human where the request knew them so. */
function selfMerged({ hands }: Commit, people: readonly Exclusion[]): boolean {
  const human = (account: Commit['hands'][number]['account']) =>
    people.find(({ person }) => sameHuman(person, stranger(account)))?.person.id ?? accountKey(account);
  const humans = hands.filter(({ bot }) => !bot);
  const mergers = humans.filter(({ role }) => role === 'merger').map(({ account }) => human(account));
  return humans.some(
    ({ role, account }) => role !== 'merger' && role !== 'committer' && mergers.includes(human(account)),
  );
}
