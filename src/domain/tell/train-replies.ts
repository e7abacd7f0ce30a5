import type { Deployment } from '../deployment.ts';
import type { Topic } from '../effect.ts';
import type { Entry } from '../event.ts';
import { BOT, sameHuman } from '../person.ts';
import { type Inline, plain, type Text } from '../text.ts';
import { calledGroups } from './called.ts';
import type { TellContext } from './context.ts';

/** Topics that are told once for the whole train; all others are about one of its members. */
const WHOLE: ReadonlySet<Topic> = new Set([
  'approval-needed',
  'reminder',
  'nudge',
  'countersigned',
  'approvals-voided',
  'rejected',
  'expired',
  'cancelled',
]);

/** Is this said of the whole train that a deployment goes with? */
export function isOfTrain({ train }: Pick<Deployment, 'train'>, topic: Topic): boolean {
  return train !== undefined && WHOLE.has(topic);
}

/**
 * What is said under the card of a train.
 * @param own what would be said of the member alone
 */
export function trainReply(
  member: Deployment,
  topic: Topic,
  entry: Entry | undefined,
  context: TellContext,
  own: Text,
): Text {
  const members = context.train?.members ?? [member];
  const id = member.train?.id ?? member.id;
  const names = members.map(({ service }) => service).join(', ');
  const asked = everybodyCalled(members, context);
  switch (topic) {
    case 'approval-needed':
      return [
        ...asked,
        `${asked.length === 0 ? 'Please' : ', please'} look at train ${id}: ${names} to ${member.environment}.`,
      ];
    case 'reminder':
    case 'nudge':
      return [...asked, `${asked.length === 0 ? '' : ': '}train ${id} still waits for a countersignature.`];
    case 'countersigned':
      return [quiet(entry), ` countersigned train ${id}.`];
    case 'cancelled':
      return called(member, entry, members);
    case 'approvals-voided':
    case 'rejected':
    case 'expired':
      return own;
    default:
      return [{ kind: 'strong', text: member.service }, ' · ', ...own];
  }
}

/** Called off by a person, or by the bot after another member: then it is said what did not go, and why. */
function called(member: Deployment, entry: Entry | undefined, members: readonly Deployment[]): Text {
  const id = member.train?.id ?? member.id;
  const reason = member.cancellation?.reason ?? '';
  const off = members.filter((one) => one.cancellation?.reason === reason && one.startedAt === undefined);
  const names = off.map((one) => `${one.service} (${one.id})`).join(', ');
  const requester: Inline = { kind: 'person', person: member.requester, notify: true };
  if (entry !== undefined && sameHuman(entry.by, BOT))
    return [requester, `: train ${id} is ${reason}. Called off before it began: ${names}. What has arrived stays.`];
  const why = reason === '' ? '.' : `: ${reason}`;
  return [requester, ': ', quiet(entry), ` called off ${names === '' ? member.service : names} of train ${id}${why}`];
}

/** Each group or person once, whichever member needs them. */
function everybodyCalled(members: readonly Deployment[], context: TellContext): readonly Inline[] {
  const waiting = members.filter(({ state }) => state === 'awaiting-approval');
  const all = waiting.flatMap((one) => calledGroups(one, context)).filter((one) => one !== ', ');
  const once = all.filter((one, index) => all.findIndex((other) => plain([other]) === plain([one])) === index);
  return once.flatMap((one, index): Inline[] => (index === 0 ? [one] : [', ', one]));
}

function quiet(entry: Entry | undefined): Inline {
  return entry === undefined ? 'Somebody' : { kind: 'person', person: entry.by, notify: false };
}
