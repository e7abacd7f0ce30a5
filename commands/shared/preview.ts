import { type Announcement, type Fact, note } from '../../src/domain/announcement.ts';
import { type ChangeSet, shortSha } from '../../src/domain/change-set.ts';
import { type Deployment, type Findings, stateWords } from '../../src/domain/deployment.ts';
import { readInputs } from '../../src/domain/inputs.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import { checksText, formerText, whoFacts } from '../../src/domain/tell/approval.ts';
import { pageUrl, refWords, summary, toneOf } from '../../src/domain/tell/context.ts';
import { commitLine } from '../../src/domain/tell/engineering.ts';
import { inputFacts } from '../../src/domain/tell/terms.ts';
import { coded, counted, type Text } from '../../src/domain/text.ts';
import type { Preview, RequestWish } from '../../src/engine/door.ts';
import { isoNow } from '../../src/ports/clock.ts';
import { refusedCard, runButton } from './answers.ts';
import { print } from './print.ts';
import type { CommandContext } from './spec.ts';
import { takesText } from './takes.ts';

const COMMITS = 20;
const FILES = 10;

/** What a request would find; nothing was asked for. */
export function previewCard(context: CommandContext, wish: RequestWish, preview: Preview): Announcement {
  if (preview.kind === 'refused') return refusedCard(preview.refusals);
  const { service, environment } = wish;
  const ref = wish.ref ?? context.catalog.services[service]?.defaultRef ?? '';
  const findings = findingsOf(preview, isoNow(context.clock));
  // A preview is asked for without a reason; that is nothing in the way, because the request asks for it.
  const obstacles = preview.refusals.filter(({ code }) => code !== 'missing-reason');
  const allowed = obstacles.length === 0;
  const needs = preview.refusals.length > obstacles.length ? ' with a reason' : '';
  const verdict = allowed ? `A request${needs} would be accepted.` : 'A request would be refused.';
  const why = obstacles.map(({ sentence }) => ` ${sentence}`).join('');
  const title: Text = [
    { kind: 'strong', text: 'Preview' },
    ` · ${service} → ${environment} · `,
    { kind: 'code', text: ref },
    ` (${shortSha(preview.sha)})`,
  ];
  const words = `${changeWords(findings)}. Nothing was asked for.`;
  return {
    ...note(
      allowed ? 'neutral' : 'bad',
      title,
      summary(`Preview of ${service} to ${environment}: ${words} ${verdict}${why}`),
    ),
    lines: [[words], [verdict]],
    facts: [...factsOf(findings), ...handedIn(context, wish)],
    sections: [...refusalSection(obstacles), ...sectionsOf(findings)],
    buttons: allowed ? [requestButton(context, wish)] : [],
  };
}

/** What the run would be given, with what stands where nothing was handed in; what does not fit is in the way. */
function handedIn({ catalog }: CommandContext, { service, environment, inputs = {} }: RequestWish): readonly Fact[] {
  const specs = catalog.services[service]?.targets[environment]?.inputs ?? {};
  const read = readInputs(specs, inputs);
  const facts = inputFacts(read.kind === 'read' ? read.inputs : inputs, specs);
  const takes = takesText(specs).slice(1);
  return takes.length === 0 ? facts : [...facts, { label: 'Takes', value: takes }];
}

/** Asks for what was seen; the door may still ask for a reason, which opens the form. */
function requestButton({ commands }: CommandContext, wish: RequestWish) {
  const spec = commands.find(({ verbless }) => verbless);
  const { retryOf: _never, kind: _regular, scheduledFor, ...said } = wish;
  const args = scheduledFor === undefined ? said : { ...said, at: scheduledFor };
  if (spec === undefined)
    return { label: 'Open Form', verb: 'form' as const, value: wish.service, style: 'plain' as const };
  const confirm = {
    title: 'Request this deployment?',
    text: `${wish.service} to ${wish.environment}.`,
    yes: 'Request Deployment',
  };
  return runButton('Request Deployment', print(spec, args), { style: 'primary', confirm });
}

/** What a deployment changes, whatever has become of it since. */
export function findingsCard({ catalog }: CommandContext, deployment: Deployment): Announcement {
  const { id, service, environment, findings, state } = deployment;
  const title: Text = [
    { kind: 'strong', text: `Changes of ${id}` },
    ` · ${service} → ${environment} · `,
    ...refWords(deployment),
  ];
  const page = pageUrl(deployment, { catalog });
  const links = page === undefined ? [] : [{ label: 'Details', url: page }];
  if (findings === undefined) {
    const words =
      state === 'requested' || state === 'checking'
        ? 'They are still being worked out; ask again in a moment.'
        : 'They were never worked out.';
    return { ...note('neutral', title, summary(`Changes of ${id}: ${words}`), [[words]]), links };
  }
  return {
    ...note(
      toneOf(state),
      title,
      summary(`Changes of ${id}, ${service} to ${environment}: ${changeWords(findings)}.`),
      [[`${changeWords(findings)}.`]],
    ),
    facts: factsOf(findings),
    sections: sectionsOf(findings),
    links,
    context: [`${stateWords(state).word} · seen `, { kind: 'time', at: findings.at, style: 'date' }],
  };
}

function findingsOf(preview: Extract<Preview, { kind: 'seen' }>, at: string): Findings {
  const { sha, changeSet, checks, former, excluded, eligible, warnings } = preview;
  const peopleTotal = excluded.filter(({ parts }) => parts.some((part) => part !== 'requester')).length;
  const totals = { commitsTotal: changeSet.commits.length, peopleTotal };
  return {
    sha,
    changeSet,
    ...totals,
    checks,
    ...(former === undefined ? {} : { former }),
    excluded,
    eligible,
    warnings,
    at,
  };
}

const DIRECTIONS: Readonly<Record<ChangeSet['direction'], string>> = {
  first: 'first deployment there',
  same: 'the very commit that runs there',
  ahead: 'follows what runs there',
  behind: 'older than what runs there',
  diverged: 'does not follow what runs there',
};

function changeWords({ changeSet, commitsTotal, peopleTotal }: Findings): string {
  const words = `${counted(commitsTotal, 'change')} by ${counted(peopleTotal, 'person', 'people')}, ${DIRECTIONS[changeSet.direction]}`;
  return changeSet.complete ? words : `${words} (not all could be read)`;
}

function factsOf(findings: Findings) {
  return [
    { label: 'Checks', value: checksText(findings.checks) },
    { label: 'Runs there now', value: formerText(findings) },
    ...whoFacts(findings),
  ];
}

function refusalSection(refusals: readonly Refusal[]) {
  const items = refusals.map(({ sentence, next }) => coded(`${sentence} ${next}`));
  return items.length === 0 ? [] : [{ title: 'In the way', items, total: items.length }];
}

function sectionsOf({ warnings, changeSet, commitsTotal }: Findings) {
  const link = changeSet.url === undefined ? {} : { url: changeSet.url };
  const flaggedFirst = changeSet.files.toSorted(
    (one, other) => Number(other.flag !== undefined) - Number(one.flag !== undefined),
  );
  const files = flaggedFirst
    .slice(0, FILES)
    .map(({ path, flag }): Text => [{ kind: 'code', text: path }, flag === undefined ? '' : ` (${flag})`]);
  return [
    ...(warnings.length === 0
      ? []
      : [{ title: 'Look twice', items: warnings.map((one): Text => [one]), total: warnings.length }]),
    ...(commitsTotal === 0
      ? []
      : [
          {
            title: 'Changes',
            items: changeSet.commits.slice(0, COMMITS).map(commitLine),
            total: commitsTotal,
            ...link,
          },
        ]),
    ...(files.length === 0 ? [] : [{ title: 'Files', items: files, total: changeSet.filesTotal, ...link }]),
  ];
}
