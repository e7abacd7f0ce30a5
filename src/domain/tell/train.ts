import type { Announcement, Progress, Tone } from '../announcement.ts';
import type { Audience } from '../catalog.ts';
import { shortSha } from '../change-set.ts';
import { type Deployment, stateWords } from '../deployment.ts';
import { counted, type Inline, type Text } from '../text.ts';
import { hasNotBegun, stopsTrain } from '../train.ts';
import { bare, pageUrl, refWords, type TellContext, toneOf } from './context.ts';
import { progressOf } from './progress.ts';
import { happening } from './sentence.ts';
import { broadcastTrain } from './train-broadcast.ts';
import { trainButtons } from './train-buttons.ts';
import { approvedFacts, decisionFacts, decisionSections } from './train-decision.ts';

/** The root message of a train, in the words of an audience. */
export function trainCard(members: readonly Deployment[], audience: Audience, context: TellContext): Announcement {
  if (audience === 'engineering') return engineeringTrain(members, context);
  return audience === 'line' ? lineTrain(members, context) : broadcastTrain(members, context);
}

/** How far a train is as a whole, in the words of one of its members' states. */
function stateOf(members: readonly Deployment[]): { readonly word: string; readonly tone: Tone } {
  const stopped = members.find(stopsTrain);
  const running = members.find(({ state }) => state === 'running');
  if (stopped !== undefined && running !== undefined) return { word: 'Stopping', tone: 'bad' };
  if (stopped !== undefined) {
    const first = members.find((one) => one.state === 'failed' || one.state === 'refused') ?? stopped;
    return { word: stateWords(first.state).word, tone: toneOf(first.state) };
  }
  const telling = running ?? members.find(hasNotBegun) ?? members[0];
  const early = members.find(({ state }) => state === 'requested' || state === 'checking');
  const asking = members.find(({ state }) => state === 'awaiting-approval');
  const state = (early ?? asking ?? telling)?.state ?? 'requested';
  // Some have arrived, and none is on its way at this moment: the train goes on by itself.
  const between = state === 'queued' && members.some((one) => one.state === 'succeeded');
  return between ? { word: 'Deploying', tone: 'active' } : { word: stateWords(state).word, tone: toneOf(state) };
}

function titleOf(members: readonly Deployment[], word: string): Text {
  const [first] = members;
  const names = members.map(({ service }) => service).join(', ');
  return [
    { kind: 'strong', text: word },
    ` · train ${first?.train?.id ?? ''} · ${names} → ${first?.environment ?? ''}`,
  ];
}

function engineeringTrain(members: readonly Deployment[], context: TellContext): Announcement {
  const [first] = members;
  const { word, tone } = stateOf(members);
  const early = members.some(({ state }) => state === 'requested' || state === 'checking');
  const deciding = !early && members.some(({ state }) => state === 'awaiting-approval');
  const names = members.map(({ service }) => service).join(', ');
  const arrived = members.filter(({ state }) => state === 'succeeded').length;
  const words = `${word}: train ${first?.train?.id ?? ''} with ${names} to ${first?.environment ?? ''}. ${arrived} of ${members.length} deployed. ${gist(members, context)}`;
  const progress = members.some(({ startedAt }) => startedAt !== undefined)
    ? progressOfTrain(members, context)
    : undefined;
  return {
    ...bare(tone, titleOf(members, word), words),
    lines: [...askedLine(first), ...members.map((one) => memberLine(one, context))],
    facts: deciding ? decisionFacts(members, context) : approvedFacts(members),
    sections: deciding ? decisionSections(members) : [],
    ...(progress === undefined ? {} : { progress }),
    buttons: trainButtons(members, context),
    context:
      first === undefined
        ? []
        : [`${first.train?.id ?? ''} · asked `, { kind: 'time', at: first.requestedAt, style: 'date' }],
  };
}

/** What an onlooker must know first: what went wrong, else what is waited for. */
function gist(members: readonly Deployment[], context: TellContext): string {
  const telling =
    members.find(({ state }) => state === 'failed' || state === 'refused') ??
    members.find(({ state }) => state === 'awaiting-approval' || state === 'running') ??
    members.find(hasNotBegun);
  return telling === undefined ? '' : `${telling.service}: ${happening(telling, context)}`;
}

function askedLine(first: Deployment | undefined): readonly Text[] {
  if (first === undefined) return [];
  const how = first.train?.mode === 'parallel' ? 'all at the same time' : 'one after the other';
  const why = first.reason === undefined ? '' : `: ${first.reason}`;
  return [['Asked for by ', { kind: 'person', person: first.requester, notify: false }, `, ${how}${why}`]];
}

/** `1. web Deployed · main (1a2b3c4) from 0f0f0f0 · 3 changes · D-7` */
function memberLine(member: Deployment, context: TellContext): Text {
  const { train, service, state, findings, id } = member;
  const url = pageUrl(member, context);
  const name: Inline = url === undefined ? id : { kind: 'link', text: id, url };
  const former = findings?.former;
  const progress = state === 'running' ? progressOf(member, context.now) : undefined;
  const more = state === 'running' || state === 'succeeded' ? (progress?.words ?? '') : saidOf(member, context);
  return [
    `${train?.position ?? 1}. `,
    { kind: 'strong', text: `${service} ${stateWords(state).word}` },
    ' · ',
    ...refWords(member),
    ...(former === undefined ? [] : [' from ', { kind: 'code' as const, text: shortSha(former.sha) }]),
    ...(findings === undefined ? [] : [` · ${counted(findings.commitsTotal, 'change')}`]),
    ...(more === '' ? [] : [` · ${more}`]),
    ' · ',
    name,
  ];
}

/** What has gone wrong, or is asked; what waits for the others of its train says itself. */
function saidOf(member: Deployment, context: TellContext): string {
  const { state, cancellation } = member;
  if (state === 'requested' || state === 'checking' || state === 'awaiting-approval' || state === 'queued') return '';
  if (state === 'cancelled' && cancellation !== undefined) return cancellation.reason;
  return happening(member, context);
}

function progressOfTrain(members: readonly Deployment[], context: TellContext): Progress {
  const steps = members.map((one) => ({ name: one.service, state: stepOf(one), ...took(one) }));
  const parts: readonly number[] = members.map((one) =>
    one.state === 'succeeded' ? 100 : one.state === 'running' ? (progressOf(one, context.now)?.percent ?? 0) : 0,
  );
  const arrived = members.filter(({ state }) => state === 'succeeded').length;
  const percent = Math.round(parts.reduce((sum, one) => sum + one, 0) / Math.max(1, members.length));
  return { steps, percent, words: `${arrived} of ${members.length} deployed` };
}

function stepOf(member: Deployment): Progress['steps'][number]['state'] {
  if (member.state === 'succeeded') return 'succeeded';
  if (member.state === 'running') return 'running';
  if (hasNotBegun(member)) return 'waiting';
  return member.startedAt === undefined ? 'skipped' : 'failed';
}

function took({ startedAt, endedAt }: Deployment): { readonly tookMs?: number } {
  if (startedAt === undefined || endedAt === undefined) return {};
  return { tookMs: Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) };
}

function lineTrain(members: readonly Deployment[], context: TellContext): Announcement {
  const { word, tone } = stateOf(members);
  const arrived = members.filter(({ state }) => state === 'succeeded').length;
  const title: Text = [
    ...titleOf(members, word),
    ` · ${arrived} of ${members.length} deployed · ${members[0]?.requester.name ?? ''}`,
  ];
  const [first] = members;
  const words = `${word}: train ${first?.train?.id ?? ''} to ${first?.environment ?? ''}. ${gist(members, context)}`;
  const url = first === undefined ? undefined : pageUrl(first, context);
  return { ...bare(tone, title, words), links: url === undefined ? [] : [{ label: 'Details', url }] };
}
