import { shortSha } from './change-set.ts';
import type { Block } from './evidence-block.ts';
import { EVIDENCE_EXCEPTIONS } from './evidence-exceptions.ts';
import { ranFacts } from './evidence-ran.ts';
import type { EvidencePerson, EvidenceRecord } from './evidence-record.ts';
import { counted } from './text.ts';

/** The record as people read it: the same blocks for the page, Markdown and PDF, so that all say the same. */
export function evidenceBlocks(record: EvidenceRecord): readonly Block[] {
  const { deployment, service, environment, exceptions, hash } = record;
  return [
    { kind: 'heading', level: 1, text: `${deployment}: ${service} to ${environment}` },
    { kind: 'paragraph', text: record.outcome },
    ...(exceptions.length === 0
      ? []
      : ([
          { kind: 'heading', level: 2, text: 'Look at this first' },
          { kind: 'list', items: exceptions.map((code) => sentence(EVIDENCE_EXCEPTIONS[code])) },
        ] as const)),
    ...request(record),
    ...changes(record),
    ...decision(record),
    ...run(record),
    ...afterwards(record),
    ...log(record),
    { kind: 'heading', level: 2, text: 'Hash of this record' },
    {
      kind: 'paragraph',
      text: `SHA-256 of the record as canonical JSON (RFC 8785), without its field "hash": ${hash}`,
    },
  ];
}

function request({ asked, kind, ref, commit, inputs = {}, override, glass, links }: EvidenceRecord): readonly Block[] {
  const facts = known([
    ['Asked by', who(asked.by)],
    ['At', when(asked.at)],
    ['Kind', kind],
    ['Asked for', ref],
    ['Commit', commit],
    ['Reason', asked.reason],
    ['Incident', asked.incident],
    ['Scheduled for', when(asked.scheduledFor)],
    ['Tries again', asked.retryOf],
    ...Object.entries(inputs).map(([name, value]) => [`Input: ${name}`, value] as const),
    ['Override', override],
    ['Glass broken by', glass === undefined ? undefined : `${who(glass.by)} at ${when(glass.at)}: ${glass.reason}`],
    ...links.map(({ label, url }) => [`Link: ${label}`, url] as const),
  ]);
  return [
    { kind: 'heading', level: 2, text: 'Request' },
    { kind: 'facts', facts },
  ];
}

function changes({ changes, checks, warnings, excluded }: EvidenceRecord): readonly Block[] {
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
            ]),
          },
          { kind: 'table', head: ['Commit', 'Title', 'At', 'Hands', 'Pull request'], rows },
        ] as const)),
    ...listed('Files to look at', changes?.flaggedFiles.map(({ path, flag }) => `${path} (${flag})`) ?? []),
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

function decision(record: EvidenceRecord): readonly Block[] {
  const { rules, approvals, refusedApprovals, rejection, cancellation, refusals, plan, gates, escalations } = record;
  const given = approvals.map(({ by, groups, onBehalfOf, at, binding, setAside }) => [
    who(by),
    groups.join(', '),
    onBehalfOf === undefined ? '' : who(onBehalfOf),
    when(at),
    binding.slice(0, 12),
    setAside === undefined ? 'stands' : `set aside: ${setAside}`,
  ]);
  return [
    { kind: 'heading', level: 2, text: 'Decision' },
    ...(rules.length === 0 ? [{ kind: 'paragraph', text: 'No rule asked for a countersignature.' } as const] : []),
    ...listed(
      'Rules',
      rules.map(({ group, count, because, by }) => {
        const why = because === undefined ? '' : ` because it ${because}`;
        return `${count} of ${group}${why}: ${by.length === 0 ? 'nobody' : by.map(who).join(', ')}`;
      }),
    ),
    ...(given.length === 0 ? [] : [table(['Countersigned by', 'For', 'On behalf of', 'At', 'Plan', 'State'], given)]),
    ...listed(
      'Tried to countersign and was refused',
      refusedApprovals.map(({ by, at, refusals: why }) => `${who(by)} at ${when(at)}: ${codes(why)}`),
    ),
    ...listed(
      'Escalated',
      escalations.map(({ group, to, at }) => `${group} was silent; ${to} may decide since ${when(at)}`),
    ),
    {
      kind: 'facts',
      facts: known([
        [
          'Rejected by',
          rejection === undefined ? undefined : `${who(rejection.by)} at ${when(rejection.at)}: ${rejection.reason}`,
        ],
        [
          'Called off by',
          cancellation === undefined
            ? undefined
            : `${who(cancellation.by)} at ${when(cancellation.at)}: ${cancellation.reason}`,
        ],
        ['Refused', refusals.length === 0 ? undefined : codes(refusals)],
        ['Plan hash', plan?.hash],
        ['Configuration', plan?.configuration],
        ['Gates asked', gates.length === 0 ? undefined : gates.join(', ')],
      ]),
    },
  ];
}

function run({ run, plan, steps, ended, state }: EvidenceRecord): readonly Block[] {
  const rows = steps.map((step) => [step.name, step.state, when(step.startedAt), when(step.endedAt)]);
  return [
    { kind: 'heading', level: 2, text: 'What ran' },
    ...(run === undefined
      ? [{ kind: 'paragraph', text: 'Nothing ran.' } as const]
      : ([
          {
            kind: 'facts',
            facts: known([
              ['Provider', run.provider],
              ['Repository', plan?.repository],
              ['Run', run.id],
              ['Address', run.url],
              ['Began', when(run.startedAt)],
              ...ranFacts(plan, run),
            ]),
          },
        ] as const)),
    ...(rows.length === 0 ? [] : [table(['Step', 'State', 'Began', 'Ended'], rows)]),
    {
      kind: 'facts',
      facts: known([
        ['State', state],
        ['Ended', when(ended?.at)],
        ['Failure', ended?.failure === undefined ? undefined : codes([ended.failure])],
      ]),
    },
  ];
}

function afterwards({ rollback, review }: EvidenceRecord): readonly Block[] {
  const closed = review?.closed;
  const facts = known([
    ['Undoes', rollback?.undoes],
    ['Brings back', rollback?.restores],
    ['Undone by', rollback?.undoneBy],
    ['Review asked because of', review?.causes.join(', ')],
    ['Review due', when(review?.dueAt)],
    [
      'Reviewed by',
      closed === undefined
        ? review === undefined
          ? undefined
          : 'nobody yet'
        : `${who(closed.by)} at ${when(closed.at)}: ${closed.note}`,
    ],
  ]);
  if (facts.length === 0) return [];
  return [
    { kind: 'heading', level: 2, text: 'Afterwards' },
    { kind: 'facts', facts },
  ];
}

function log({ log: { first, last, entries } }: EvidenceRecord): readonly Block[] {
  const rows = entries.map(({ seq, at, by, says, hash }) => [String(seq), when(at), by, says, hash.slice(0, 16)]);
  return [
    { kind: 'heading', level: 2, text: 'Entries of the log' },
    {
      kind: 'paragraph',
      text: `${counted(entries.length, 'entry', 'entries')}, from ${first.seq}:${first.hash} to ${last.seq}:${last.hash}.`,
    },
    table(['Entry', 'At', 'By', 'What', 'Hash'], rows),
  ];
}

/** A person with the account that was used. */
function who({ name, id, known: tied, account }: EvidencePerson): string {
  const through = account === undefined ? '' : ` through ${handle(account)}`;
  return `${name}${name === id ? '' : ` (${id})`}${tied ? '' : ', whom the configuration does not know'}${through}`;
}

function handle({ system, id, name }: NonNullable<EvidencePerson['account']>): string {
  return `${system} ${id}${name === undefined || name === id ? '' : ` (${name})`}`;
}

function codes(refusals: readonly { readonly code: string; readonly sentence: string }[]): string {
  return refusals.map(({ sentence: words, code }) => `${words} [${code}]`).join(' ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): Block {
  return { kind: 'table', head, rows };
}

function listed(title: string, items: readonly string[]): readonly Block[] {
  if (items.length === 0) return [];
  return [
    { kind: 'heading', level: 3, text: title },
    { kind: 'list', items },
  ];
}

function known(facts: readonly (readonly [string, string | undefined])[]): readonly (readonly [string, string])[] {
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const]));
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** To the second and for people: `2026-11-21 15:09:18 UTC`; nothing for nothing. The record itself keeps the milliseconds. */
export function when(at: string | undefined): string {
  return at === undefined ? '' : `${at.slice(0, 19).replace('T', ' ')} UTC`;
}
