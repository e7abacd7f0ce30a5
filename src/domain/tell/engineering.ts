import type { Announcement, Fact, Section } from '../announcement.ts';
import { type Commit, shortSha } from '../change-set.ts';
import { type Deployment, stateWords } from '../deployment.ts';
import type { Countersignature } from '../policy.ts';
import { coded, counted, duration, type Text } from '../text.ts';
import { approvalFacts } from './approval.ts';
import { artifactFacts } from './artifacts.ts';
import { buttonsOf, linksOf } from './buttons.ts';
import { bare, refWords, type TellContext, toneOf } from './context.ts';
import { lockWarnings } from './lock-words.ts';
import { progressOf } from './progress.ts';
import { happening } from './sentence.ts';
import { stepsChart } from './steps-chart.ts';
import { kindWords, termFacts, waitFacts } from './terms.ts';
import { trainFacts } from './train-words.ts';

/** So many changes stand on the card itself. */
export const CHANGES_SHOWN = 10;

/** The one living message of a deployment for engineers and approvers. */
export function engineeringCard(deployment: Deployment, context: TellContext): Announcement {
  const { state } = deployment;
  const word = stateWords(state).word;
  const kind = kindWords(deployment);
  const title: Text = [
    { kind: 'strong', text: `${kind}${word}` },
    ` · ${deployment.service} → ${deployment.environment} · `,
    ...refWords(deployment),
  ];
  const progress =
    state === 'running' || deployment.failure !== undefined ? progressOf(deployment, context.now) : undefined;
  const chart = stepsChart(deployment);
  return {
    ...bare(
      toneOf(state),
      title,
      `${word}: ${deployment.service} to ${deployment.environment} (${deployment.id}). ${happening(deployment, context)}`,
    ),
    lines: [requesterLine(deployment), ...changesLine(deployment), [happening(deployment, context)]],
    facts: [
      ...(state === 'awaiting-approval' ? approvalFacts(deployment, context) : outcomeFacts(deployment)),
      ...artifactFacts(deployment),
      ...trainFacts(deployment),
      ...termFacts(deployment, context),
      ...waitFacts(deployment),
    ],
    sections: state === 'awaiting-approval' ? decisionSections(deployment, context) : [],
    ...(progress === undefined ? {} : { progress }),
    ...(chart === undefined ? {} : { chart }),
    buttons: buttonsOf(deployment, context),
    links: linksOf(deployment, context),
    context: contextLine(deployment),
  };
}

function requesterLine(deployment: Deployment): Text {
  const why = deployment.reason === undefined ? '' : `: ${deployment.reason}`;
  const again = deployment.retryOf === undefined ? '' : ` (tries ${deployment.retryOf} again)`;
  return ['Asked for by ', { kind: 'person', person: deployment.requester, notify: false }, again, why];
}

function changesLine({ findings, kind, restores, undoes }: Deployment): readonly Text[] {
  if (kind === 'rollback')
    return [[`Brings back ${restores ?? 'the former version'}${undoes === undefined ? '' : ` in place of ${undoes}`}`]];
  if (findings === undefined) return [];
  const { changeSet, commitsTotal, peopleTotal } = findings;
  const older =
    changeSet.direction === 'behind' ? 'An older version than the one that runs there: no new changes' : 'No changes';
  const words =
    commitsTotal === 0 ? older : `${counted(commitsTotal, 'change')} by ${counted(peopleTotal, 'person', 'people')}`;
  return [
    changeSet.url === undefined ? [words] : [words, ' · ', { kind: 'link', text: 'compare', url: changeSet.url }],
  ];
}

/** Once decided, the record of who said what takes the place of the buttons. */
function outcomeFacts(deployment: Deployment): readonly Fact[] {
  const facts: Fact[] = deployment.countersignatures.map((one) => ({
    label: 'Approved by',
    value: [
      { kind: 'person', person: one.by, notify: false },
      ...stead(one),
      ' · ',
      { kind: 'time', at: one.at, style: 'clock' },
    ],
  }));
  const { startedAt, endedAt, refusals, glass } = deployment;
  if (glass !== undefined) {
    const by: Text = [{ kind: 'person', person: glass.by, notify: false }, `: ${glass.reason}`];
    facts.push({ label: 'Glass broken by', value: by });
  }
  // What was taken back ended long after its run did.
  if (startedAt !== undefined && endedAt !== undefined && deployment.state !== 'rolled-back') {
    facts.push({ label: 'Took', value: [duration(Date.parse(endedAt) - Date.parse(startedAt))] });
  }
  // What was refused stands in the line above; here is what to do about it.
  for (const { next } of refusals) if (next !== '') facts.push({ label: 'What to do', value: coded(next) });
  return facts;
}

/** Who asked them to decide. */
function stead({ onBehalfOf }: Countersignature): Text {
  return onBehalfOf === undefined ? [] : [` in the stead of ${onBehalfOf.name}`];
}

function decisionSections(deployment: Deployment, context: TellContext): readonly Section[] {
  const { findings } = deployment;
  if (findings === undefined) return [];
  const { changeSet } = findings;
  const flagged = changeSet.files.filter(({ flag }) => flag !== undefined);
  const twice = [...findings.warnings, ...lockWarnings(deployment, context)];
  return [
    ...(twice.length === 0
      ? []
      : [{ title: 'Look twice', items: twice.map((one): Text => [one]), total: twice.length }]),
    {
      title: 'Changes',
      items: changeSet.commits.slice(0, CHANGES_SHOWN).map(commitLine),
      total: findings.commitsTotal,
      ...(changeSet.url === undefined ? {} : { url: changeSet.url }),
    },
    ...(flagged.length === 0
      ? []
      : [
          {
            title: 'Files to look at',
            items: flagged.slice(0, 5).map((file): Text => [{ kind: 'code', text: file.path }, ` (${file.flag})`]),
            total: flagged.length,
          },
        ]),
  ];
}

/** `1a2b3c4 Title · Anna · #12` */
export function commitLine(commit: Commit): Text {
  const author = commit.hands.find(({ role }) => role === 'author')?.account;
  const others = commit.hands
    .filter(({ role }) => role === 'co-author')
    .map(({ account }) => account.name ?? account.id);
  const short = shortSha(commit.sha);
  return [
    commit.url === undefined ? { kind: 'code', text: short } : { kind: 'link', text: short, url: commit.url },
    ` ${commit.title}`,
    author === undefined ? '' : ` · ${[author.name ?? author.id, ...others].join(', ')}`,
    ...(commit.pullRequest === undefined
      ? []
      : [' · ', { kind: 'link' as const, text: `#${commit.pullRequest.number}`, url: commit.pullRequest.url }]),
  ];
}

function contextLine(deployment: Deployment): Text {
  const times: Text = [{ kind: 'time', at: deployment.requestedAt, style: 'date' }];
  return [
    `${deployment.id} · asked `,
    ...times,
    ' · ',
    stateWords(deployment.state).word.toLowerCase(),
    ' since ',
    { kind: 'time', at: deployment.since, style: 'clock' },
  ];
}
