import type { Announcement, Tone } from '../announcement.ts';
import type { Audience } from '../catalog.ts';
import type { Deployment } from '../deployment.ts';
import type { Topic } from '../effect.ts';
import type { Entry } from '../event.ts';
import type { Person } from '../person.ts';
import type { Inline, Text } from '../text.ts';
import { closed, duration, plain } from '../text.ts';
import { toldAs } from '../train.ts';
import { broadcastCard } from './broadcast.ts';
import { buttonsOf, linksOf } from './buttons.ts';
import { calledGroups } from './called.ts';
import { summary, type TellContext } from './context.ts';
import { CHANGES_SHOWN, commitLine } from './engineering.ts';
import { happening } from './sentence.ts';
import { isOfTrain, trainReply } from './train-replies.ts';

/** Something new to say in a thread, or privately, about one entry of the log. */
export function reply(
  deployment: Deployment,
  topic: Topic,
  entry: Entry | undefined,
  audience: Audience,
  context: TellContext,
): Announcement {
  if (audience === 'broadcast') return { ...broadcastCard(deployment, context), sections: [] };
  const own = words(deployment, topic, entry, context);
  const title = deployment.train === undefined ? own : trainReply(deployment, topic, entry, context, own);
  const what = isOfTrain(deployment, topic)
    ? toldAs(deployment)
    : `${deployment.service} to ${deployment.environment}, ${deployment.id}`;
  const said: Announcement = {
    tone: tone(topic),
    title,
    lines: [],
    facts: [],
    sections: [],
    buttons: topic === 'failed' ? buttonsOf(deployment, context) : [],
    links: linksOf(deployment, context).filter(({ label }) => label !== 'Open Application' || topic === 'succeeded'),
    context: [],
    summary: summary(`${plain(title)} (${what})`),
  };
  return topic === 'approval-needed' && deployment.train === undefined
    ? { ...said, sections: changeList(deployment), links: [] }
    : said;
}

/** The longer list in the thread, where the card has no room for all of it. */
function changeList({ findings }: Deployment): Announcement['sections'] {
  if (findings === undefined || findings.commitsTotal <= CHANGES_SHOWN) return [];
  const { changeSet, commitsTotal } = findings;
  const url = changeSet.url === undefined ? {} : { url: changeSet.url };
  return [{ title: 'Changes', items: changeSet.commits.slice(0, 20).map(commitLine), total: commitsTotal, ...url }];
}

const TONES: Partial<Readonly<Record<Topic, Tone>>> = {
  'approval-needed': 'waiting',
  reminder: 'waiting',
  nudge: 'waiting',
  'hotfix-asked': 'bad',
  escalated: 'waiting',
  'glass-broken': 'bad',
  'approvals-voided': 'waiting',
  countersigned: 'good',
  succeeded: 'good',
  failed: 'bad',
  rejected: 'bad',
  refused: 'bad',
  'rolled-back': 'bad',
  'rolling-back': 'active',
  silent: 'bad',
  'card-undelivered': 'bad',
};

function tone(topic: Topic): Tone {
  return TONES[topic] ?? 'neutral';
}

function words(deployment: Deployment, topic: Topic, entry: Entry | undefined, context: TellContext): Text {
  const requester = ring(deployment.requester);
  const state = happening(deployment, context);
  const asked = calledGroups(deployment, context, entry?.event.type === 'escalated' ? entry.event.to : undefined);
  switch (topic) {
    case 'approval-needed':
      return [
        ...asked,
        `${asked.length === 0 ? 'Please' : ', please'} look at ${deployment.id}: ${deployment.service} to ${deployment.environment}.`,
      ];
    case 'reminder':
    case 'nudge':
      return [...asked, `${asked.length === 0 ? '' : ': '}${deployment.id} still waits for a countersignature.`];
    case 'hotfix-asked':
      return [
        'HOTFIX: ',
        requester,
        ` asks for ${deployment.id}, ${deployment.service} to ${deployment.environment}${because(deployment.reason)}`,
      ];
    case 'escalated':
      return [
        ...asked,
        `${asked.length === 0 ? '' : ': '}nobody has decided on ${deployment.id} so far; you may, too.`,
      ];
    case 'glass-broken':
      return [
        'BREAK GLASS: ',
        quiet(entry?.by),
        ` lets ${deployment.id} go without the countersignatures${because(deployment.glass?.reason)}`,
      ];
    case 'countersigned':
      return [quiet(entry?.by), ' countersigned.'];
    case 'approvals-voided':
      return [
        requester,
        ', the approvals no longer count: ',
        entry?.event.type === 'approvals-voided' ? entry.event.reason : 'something changed',
        ...(asked.length === 0 ? [] : [' ', ...asked, ', please look again.']),
      ];
    case 'step-done':
      return [state];
    case 'succeeded':
      return [
        requester,
        `, ${deployment.service} ${deployment.kind === 'rollback' ? 'is back' : 'is deployed'} in ${deployment.environment}${took(deployment)}.`,
      ];
    case 'silent':
      return [requester, ', the provider gives no news. ', state];
    case 'card-undelivered':
      return [
        requester,
        `, a message about ${deployment.id} could not be delivered${entry?.event.type === 'card-undelivered' ? ` (${entry.event.code})` : ''}.`,
      ];
    case 'failed':
    case 'rejected':
    case 'refused':
    case 'expired':
    case 'cancelled':
    case 'rolling-back':
    case 'rolled-back':
      return [requester, ': ', state];
  }
}

function because(reason: string | undefined): string {
  return reason === undefined || reason === '' ? '.' : `: ${closed(reason)}`;
}

function took({ startedAt, endedAt }: Deployment): string {
  return startedAt === undefined || endedAt === undefined
    ? ''
    : ` after ${duration(Date.parse(endedAt) - Date.parse(startedAt))}`;
}

function ring(person: Person): Inline {
  return { kind: 'person', person, notify: true };
}

function quiet(person: Person | undefined): Inline {
  return person === undefined ? 'Somebody' : { kind: 'person', person, notify: false };
}
