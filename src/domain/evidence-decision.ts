import { groupName } from './code-owners.ts';
import type { Block } from './evidence-block.ts';
import type { EvidenceRecord } from './evidence-record.ts';
import { codes, known, listed, table, when, who } from './evidence-words.ts';

/** Under which rules it was decided, by whom, and who was not let. */
export function decision(record: EvidenceRecord): readonly Block[] {
  const { rules, approvals, refusedApprovals, rejection, cancellation, refusals, plan, gates, escalations } = record;
  const given = approvals.map(({ by, groups, onBehalfOf, at, binding, setAside }) => [
    who(by),
    groups.map(groupName).join(', '),
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
        return `${count} of ${groupName(group)}${why}: ${by.length === 0 ? 'nobody' : by.map(who).join(', ')}`;
      }),
    ),
    ...(given.length === 0 ? [] : [table(['Countersigned by', 'For', 'On behalf of', 'At', 'Plan', 'State'], given)]),
    ...listed(
      'Tried to countersign and was refused',
      refusedApprovals.map(({ by, at, refusals: why }) => `${who(by)} at ${when(at)}: ${codes(why)}`),
    ),
    ...listed(
      'Escalated',
      escalations.map(
        ({ group, to, at }) => `${groupName(group)} was silent; ${groupName(to)} may decide since ${when(at)}`,
      ),
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
