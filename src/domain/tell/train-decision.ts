import type { Fact, Section } from '../announcement.ts';
import { groupWords } from '../code-owners.ts';
import type { Deployment } from '../deployment.ts';
import { sameHuman } from '../person.ts';
import { partWords } from '../refusals.ts';
import { askedProgress } from '../rules.ts';
import type { Inline, Text } from '../text.ts';
import { excludedFromTrain } from '../train.ts';
import { formerText } from './approval.ts';
import { groupInline, type TellContext } from './context.ts';
import { CHANGES_SHOWN, commitLine } from './engineering.ts';

/** Everything an approver of the whole train needs to know. */
export function decisionFacts(members: readonly Deployment[], context: TellContext): readonly Fact[] {
  const mayNot = excludedFromTrain(members).map((one) => `${one.person.name} ${partWords(one)}`);
  const until = members.flatMap(({ state, expiresAt }) =>
    state === 'awaiting-approval' && expiresAt !== undefined ? [expiresAt] : [],
  );
  const first = until.sort()[0];
  return [
    ...members.filter(({ state }) => state === 'awaiting-approval').flatMap((one) => rulesOf(one, context)),
    ...members.map((one) => ({
      label: `${one.service} there now`,
      value: one.findings === undefined ? ['not read yet'] : formerText(one.findings),
    })),
    ...(mayNot.length === 0
      ? []
      : [
          {
            label: 'May not',
            value: [mayNot.slice(0, 6).join('; ') + (mayNot.length > 6 ? `; and ${mayNot.length - 6} more` : '')],
          },
        ]),
    ...(first === undefined
      ? []
      : [{ label: 'Open until', value: [{ kind: 'time' as const, at: first, style: 'clock' as const }] }]),
  ];
}

function rulesOf(member: Deployment, { catalog }: TellContext): readonly Fact[] {
  return askedProgress(member).map(({ rule, by }) => ({
    label: `${member.service} needs ${rule.count} of`,
    value: [
      groupInline(catalog.groups[rule.group], rule.group, false),
      ` · ${by.length} of ${rule.count} so far`,
      ...by.flatMap((person): Inline[] => [' · ', { kind: 'person', person, notify: false }]),
      ...(rule.instead === undefined ? [] : [` · ${rule.instead.map(groupWords).join(', ')} may decide instead`]),
    ],
  }));
}

/** Each human once, with what they countersigned. */
export function approvedFacts(members: readonly Deployment[]): readonly Fact[] {
  const given = members.flatMap((one) => one.countersignatures.map(({ by }) => ({ by, service: one.service })));
  const people = given.filter(({ by }, index) => given.findIndex((other) => sameHuman(other.by, by)) === index);
  return people.map(({ by }) => {
    const services = given.filter((one) => sameHuman(one.by, by)).map(({ service }) => service);
    return {
      label: 'Approved by',
      value: [{ kind: 'person', person: by, notify: false }, ` · ${services.join(', ')}`],
    };
  });
}

/** What would change, member by member. */
export function decisionSections(members: readonly Deployment[]): readonly Section[] {
  const most = Math.max(2, Math.floor(CHANGES_SHOWN / members.length));
  return members.flatMap(({ service, findings }): Section[] => {
    if (findings === undefined) return [];
    const { changeSet, commitsTotal, warnings } = findings;
    const flagged = changeSet.files.filter(({ flag }) => flag !== undefined);
    const files = flagged
      .slice(0, 3)
      .map((file): Text => ['Look at ', { kind: 'code', text: file.path }, ` (${file.flag})`]);
    const twice = warnings.map((one): Text => [`Look twice: ${one}`]);
    const items = [...twice, ...files, ...changeSet.commits.slice(0, most).map(commitLine)];
    const hidden = Math.max(0, commitsTotal - Math.min(most, changeSet.commits.length)) + flagged.length - files.length;
    const url = changeSet.url === undefined ? {} : { url: changeSet.url };
    return [{ title: `Changes of ${service}`, items, total: items.length + hidden, ...url }];
  });
}
