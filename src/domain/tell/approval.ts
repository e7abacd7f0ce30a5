import type { Fact } from '../announcement.ts';
import type { CheckStatus } from '../change-set.ts';
import { shortSha } from '../change-set.ts';
import { groupWords } from '../code-owners.ts';
import type { Deployment, Findings } from '../deployment.ts';
import { partWords } from '../refusals.ts';
import { askedProgress } from '../rules.ts';
import type { Inline, Text } from '../text.ts';
import { groupInline, type TellContext } from './context.ts';

/** Everything an approver needs to decide in twenty seconds. */
export function approvalFacts(deployment: Deployment, context: TellContext): readonly Fact[] {
  const { findings } = deployment;
  if (findings === undefined) return [];
  return [
    { label: 'Checks', value: checksText(findings.checks) },
    { label: 'Runs there now', value: formerText(findings) },
    ...rulesFacts(deployment, context),
    ...whoFacts(findings),
    ...(deployment.expiresAt === undefined
      ? []
      : [
          {
            label: 'Open until',
            value: [{ kind: 'time' as const, at: deployment.expiresAt, style: 'clock' as const }],
          },
        ]),
  ];
}

/** `5 passed`, `1 of 6 failed: lint`, ... */
export function checksText(checks: CheckStatus): Text {
  const words = checkWords(checks);
  return checks.url === undefined ? [words] : [{ kind: 'link', text: words, url: checks.url }];
}

function checkWords({ state, passed, failed, pending, failures }: CheckStatus): string {
  switch (state) {
    case 'passed':
      return passed === 1 ? '1 passed' : `all ${passed} passed`;
    case 'failed':
      return `${failed} of ${passed + failed + pending} failed: ${failures.join(', ')}`;
    case 'pending':
      return `${pending} of ${passed + failed + pending} still running`;
    case 'none':
      return 'none known for this commit';
    case 'unknown':
      return 'could not be read';
  }
}

/** What ran there before and since when. */
export function formerText({ former }: Findings): Text {
  if (former === undefined) return ['nothing yet'];
  return [
    { kind: 'code', text: shortSha(former.sha) },
    ` (${former.deployment}) since `,
    { kind: 'time', at: former.since, style: 'date' },
  ];
}

function rulesFacts(deployment: Deployment, context: TellContext): readonly Fact[] {
  return askedProgress(deployment).map(({ rule, by }) => ({
    label: `Needs ${rule.count} of`,
    value: [
      groupInline(context.catalog.groups[rule.group], rule.group, false),
      ` · ${by.length} of ${rule.count} so far`,
      ...by.flatMap((person): Inline[] => [' · ', { kind: 'person', person, notify: false }]),
      ...(rule.instead === undefined ? [] : [` · ${rule.instead.map(groupWords).join(', ')} may decide instead`]),
      ...(rule.because === undefined ? [] : [` · ${rule.because}`]),
    ],
  }));
}

/** Who may countersign, and who may not and why. */
export function whoFacts({ eligible, excluded }: Findings): readonly Fact[] {
  const may = distinct(eligible.flatMap((one) => one.may.map(({ name }) => name)));
  const mayNot = excluded.map((one) => `${one.person.name} ${partWords(one)}`);
  return [
    ...(eligible.length === 0 ? [] : [{ label: 'May approve', value: [listed(may, 6) || 'nobody known'] }]),
    ...(mayNot.length === 0 ? [] : [{ label: 'May not', value: [listed(mayNot, 4)] }]),
  ];
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function listed(words: readonly string[], most: number): string {
  const more = words.length - most;
  return words.slice(0, most).join('; ') + (more > 0 ? `; and ${more} more` : '');
}
