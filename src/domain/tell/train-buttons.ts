import type { Button } from '../announcement.ts';
import { REASON_LIMIT } from '../decide.ts';
import type { Deployment } from '../deployment.ts';
import { type Person, sameHuman } from '../person.ts';
import { exclusionOf } from '../policy.ts';
import { excludedFromTrain, hasNotBegun, stopsTrain, trainRevision } from '../train.ts';
import { isForeign } from '../vocabulary.ts';
import { buttonsOf } from './buttons.ts';
import { namesOf, type TellContext } from './context.ts';

/** A press on the train's card: its token is that of the first member, and the word behind says that all of the train is meant. */
function trainValue(members: readonly Deployment[]): string {
  return `${members[0]?.token ?? ''}.${trainRevision(members)}.train`;
}

/** What can be done about all of a train in its present state. The server decides again at the press. */
export function trainButtons(members: readonly Deployment[], context: TellContext): readonly Button[] {
  if (members.some(isForeign)) return [];
  const [id, value] = [members[0]?.train?.id ?? '', trainValue(members)];
  const open = members.some((one) => hasNotBegun(one) || one.state === 'running');
  const early = members.some(({ state }) => state === 'requested' || state === 'checking');
  const asks = !early && members.some(({ state }) => state === 'awaiting-approval');
  const stopping = members.every(
    (one) => !hasNotBegun(one) && (one.state !== 'running' || one.cancellation !== undefined),
  );
  const cancel: Button = {
    ...{ label: 'Cancel', verb: 'cancel', style: 'plain', value, ...(asks ? { seldom: true } : {}) },
    confirm: {
      title: `Cancel ${id}?`,
      text: 'What has not begun never will; what runs is asked to stop.',
      yes: 'Cancel Train',
    },
  };
  return [
    ...(asks ? [approve(members, value, context), reject(members, id, value)] : []),
    ...(open && !stopping ? [cancel] : []),
    ...(asks ? [{ label: 'Nudge', verb: 'nudge', style: 'plain', value, seldom: true } as const] : []),
    ...(members.some(stopsTrain) ? members.flatMap((one) => backButtons(one, context)) : []),
  ];
}

function approve(members: readonly Deployment[], value: string, context: TellContext): Button {
  const facing = members.some((one) => namesOf(one, context).settings?.customerFacing === true);
  const text = `${members.map(({ service, findings }) => `${service} ${findings?.sha.slice(0, 7) ?? ''}`).join(', ')} go to ${members[0]?.environment ?? ''}. Customers will get it.`;
  const confirm = facing
    ? { confirm: { title: `Approve ${members[0]?.train?.id ?? ''}?`, text: text.slice(0, 300), yes: 'Approve' } }
    : {};
  return { label: 'Approve', verb: 'approve', style: 'primary', value, ...confirm, ...forApprovers(members, context) };
}

function reject(members: readonly Deployment[], id: string, value: string): Button {
  const ask = {
    title: `Reject ${id}`,
    label: 'What should change?',
    submit: 'Reject',
    maxLength: REASON_LIMIT,
    required: true,
  };
  return { label: 'Reject', verb: 'reject', style: 'plain', value, ask, ...forApprovers(members, {}) };
}

/** Those who may still countersign some of it, as far as was known; a hand in any of it bars from all. Nobody known: for everybody. */
function forApprovers(
  members: readonly Deployment[],
  { standIns = [] }: Pick<TellContext, 'standIns'>,
): Pick<Button, 'only'> {
  const waiting = members.filter(({ state }) => state === 'awaiting-approval');
  if (waiting.some(({ escalations = [] }) => escalations.length > 0)) return {};
  const excluded = excludedFromTrain(members);
  const known = waiting.flatMap(({ findings, countersignatures }) =>
    (findings?.eligible ?? [])
      .flatMap(({ may }) => may)
      .filter((person) => !countersignatures.some(({ by }) => sameHuman(by, person))),
  );
  const may: readonly Person[] = [...known, ...standIns].filter(
    (person) => exclusionOf(person, excluded) === undefined,
  );
  const once = may.filter((person, index) => may.findIndex((other) => sameHuman(other, person)) === index);
  return once.length === 0 ? {} : { only: once };
}

/** What had arrived when the train stopped stays there until somebody brings the former version back. */
function backButtons(member: Deployment, context: TellContext): readonly Button[] {
  if (member.startedAt === undefined) return [];
  return buttonsOf(member, context)
    .filter(({ verb }) => verb === 'rollback')
    .map(({ seldom: _menu, ...button }) => ({ ...button, label: `Roll Back ${member.service}`.slice(0, 75) }));
}
