import { canonicalHash } from './canonical.ts';
import { type Decision, type Deployment, stateWords } from './deployment.ts';
import type { DeploymentEvent, Entry } from './event.ts';
import { exceptionsOf } from './evidence-exceptions.ts';
import { logOf } from './evidence-log.ts';
import type { EvidenceApproval, EvidenceDecision, EvidencePerson, EvidenceRecord } from './evidence-record.ts';
import type { Account, Person } from './person.ts';
import { type Plan, pipelineStage } from './plan.ts';
import type { Countersignature } from './policy.ts';
import type { Review } from './review.ts';
import { askedProgress } from './rules.ts';
import type { Run } from './run.ts';
import { isNewer } from './vocabulary.ts';

/** What a record is made of. */
export interface EvidenceSources {
  readonly deployment: Deployment;
  /** All entries of the deployment and of its review, in the order of the log. */
  readonly entries: readonly Entry[];
  readonly review?: Review;
  /** Address of the web pages, without a slash at the end. */
  readonly baseUrl?: string;
}

/** Makes the record; pure: the same log gives the same record and hash. Throws a TypeError when there is no entry. */
export function evidenceOf(sources: EvidenceSources): EvidenceRecord {
  const { deployment: row, review } = sources;
  const told = sources.entries.flatMap((entry) => (isNewer(entry.format) ? [] : [entry]));
  const found = told.findLast(({ event }) => event.type === 'findings-gathered')?.event;
  // The log holds every commit and file; the row only the first hundred.
  const findings = found?.type === 'findings-gathered' ? found.findings : row.findings;
  const { id, kind, service, environment, ref, plan, run, steps, refusals, state } = row;
  const body: Omit<EvidenceRecord, 'hash'> = {
    schema: 'countersign-evidence-1',
    deployment: id,
    kind,
    service,
    environment,
    ref,
    ...given('commit', plan?.sha ?? findings?.sha),
    state,
    outcome: stateWords(state).sentence,
    exceptions: exceptionsOf({ deployment: row, findings, review }),
    asked: askedOf(row),
    ...(findings === undefined
      ? {}
      : { changes: changesOf(findings), checks: { ...findings.checks, at: findings.at } }),
    warnings: findings?.warnings ?? [],
    gates: plan?.stages.flatMap((stage) => (stage.kind === 'gate' ? stage.gates : [])) ?? [],
    excluded: (findings?.excluded ?? []).map((one) => ({ ...one, person: named(one.person) })),
    rules: askedProgress(row).map(({ rule: { group, count, because }, by }) => ({
      group,
      count,
      ...given('because', because),
      by: by.map((one) => named(one)),
    })),
    approvals: approvalsOf(told),
    refusedApprovals: told.flatMap(({ event, by, at }) =>
      event.type === 'approval-denied' && event.wish === undefined
        ? [{ by: named(by), at, refusals: event.refusals }]
        : [],
    ),
    escalations: row.escalations ?? [],
    ...given('override', row.override),
    ...given('inputs', row.inputs),
    ...(row.glass === undefined ? {} : { glass: { ...decision(row.glass), binding: row.glass.binding } }),
    ...(plan === undefined ? {} : { plan: planOf(plan) }),
    ...(run === undefined ? {} : { run: runOf(row, run) }),
    steps,
    ...(row.endedAt === undefined ? {} : { ended: { at: row.endedAt, ...given('failure', row.failure) } }),
    refusals,
    ...(row.rejection === undefined ? {} : { rejection: decision(row.rejection) }),
    ...(row.cancellation === undefined ? {} : { cancellation: decision(row.cancellation) }),
    ...rollbackOf(row),
    ...(review === undefined ? {} : { review: reviewOf(review) }),
    log: logOf(sources.entries, id),
    links: linksOf(row, findings?.changeSet.url, sources.baseUrl),
  };
  return { ...body, hash: canonicalHash(body) };
}

function askedOf(row: Deployment): EvidenceRecord['asked'] {
  const account = row.requester.accounts.find(({ system }) => system === row.origin?.chat);
  const { reason, incident, scheduledFor, retryOf } = row;
  return {
    by: named(row.requester, account),
    at: row.requestedAt,
    ...given('reason', reason),
    ...given('incident', incident),
    ...given('scheduledFor', scheduledFor),
    ...given('retryOf', retryOf),
    ...given('train', row.train),
  };
}

function changesOf({ changeSet, former, ownership }: NonNullable<Deployment['findings']>) {
  const { base, direction, complete, url, commits, files, filesTotal } = changeSet;
  return {
    ...given('base', base),
    ...given('formerDeployment', former?.deployment),
    direction,
    complete,
    ...given('url', url),
    commits,
    filesTotal,
    flaggedFiles: files.flatMap(({ path, flag }) => (flag === undefined ? [] : [{ path, flag }])),
    ownership: ownership ?? [],
  };
}

/** All that were given, with those that were set aside later. */
function approvalsOf(entries: readonly Entry[]): readonly EvidenceApproval[] {
  let found: EvidenceApproval[] = [];
  for (const { event } of entries as readonly { readonly event: DeploymentEvent }[]) {
    if (event.type === 'countersigned') found.push(approvalOf(event.countersignature));
    if (event.type === 'approvals-voided') found = found.map((one) => ({ setAside: event.reason, ...one }));
  }
  return found;
}

function approvalOf({ by, through, groups, onBehalfOf, at, binding }: Countersignature): EvidenceApproval {
  const inStead = onBehalfOf === undefined ? {} : { onBehalfOf: named(onBehalfOf) };
  return { by: named(by, through), groups, ...inStead, at, binding };
}

function planOf(plan: Plan): NonNullable<EvidenceRecord['plan']> {
  const { provider, repository } = pipelineStage(plan);
  const { hash, configuration, artifacts } = plan;
  return { hash, configuration, provider, repository, ...given('artifacts', artifacts) };
}

function runOf({ startedAt, runSha, runArtifacts, plan }: Deployment, run: Run): NonNullable<EvidenceRecord['run']> {
  const confirmed = runSha !== undefined && runSha === plan?.sha;
  const said = { ...given('confirmedCommit', runSha), ...given('artifacts', runArtifacts) };
  return { ...run, ...given('startedAt', startedAt), ...said, confirmed };
}

function rollbackOf({ undoes, restores, undoneBy }: Deployment): Pick<EvidenceRecord, 'rollback'> | object {
  const known = { ...given('undoes', undoes), ...given('restores', restores), ...given('undoneBy', undoneBy) };
  return Object.keys(known).length === 0 ? {} : { rollback: known };
}

function reviewOf({ causes, openedAt, dueAt, closed }: Review): NonNullable<EvidenceRecord['review']> {
  const done = closed === undefined ? {} : { closed: { by: named(closed.by), note: closed.note, at: closed.at } };
  return { causes, openedAt, dueAt, ...done };
}

function linksOf(row: Deployment, changes: string | undefined, baseUrl: string | undefined): EvidenceRecord['links'] {
  const links = [
    { label: 'Deployment', url: baseUrl === undefined ? undefined : `${baseUrl}/deployments/${row.id}` },
    { label: 'Changes', url: changes },
    { label: 'Checks', url: row.findings?.checks.url },
    { label: 'Run', url: row.run?.url },
    { label: 'Incident', url: row.incident },
  ];
  return links.flatMap(({ label, url }) => (url === undefined ? [] : [{ label, url }]));
}

function decision({ by, reason, at }: Decision): EvidenceDecision {
  return { by: named(by), reason, at };
}

function named({ id, name, known }: Person, account?: Account): EvidencePerson {
  return { id, name, known, ...given('account', account) };
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [Key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [Key in K]?: V });
}
