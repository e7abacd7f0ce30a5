import type { Announcement, Tone } from '../announcement.ts';
import type { Deployment } from '../deployment.ts';
import { hasNotBegun, stopsTrain } from '../train.ts';
import { bare, namesOf, type TellContext } from './context.ts';

/** Plain words for everybody, of what customers get: once when it begins, and once when all of it has ended. */
export function broadcastTrain(members: readonly Deployment[], context: TellContext): Announcement {
  const [first] = members;
  const facing = members.filter((one) => namesOf(one, context).settings?.customerFacing === true);
  const names = facing.map((one) => namesOf(one, context).service?.title ?? one.service).join(', ');
  const where = first === undefined ? '' : (namesOf(first, context).environment?.title ?? first.environment);
  const arrived = facing.filter(({ state }) => state === 'succeeded');
  const open = members.some((one) => hasNotBegun(one) || one.state === 'running');
  const stopped = members.some(stopsTrain);
  const come = arrived.map((one) => namesOf(one, context).service?.title ?? one.service).join(', ');
  const [tone, head, tail]: readonly [Tone, string, string] =
    open && !stopped
      ? [
          'active',
          `${names}: new versions are on their way`,
          `They will be ${where} in a few minutes. Nothing needs to be done.`,
        ]
      : !stopped
        ? ['good', `${names}: new versions are ${where}`, 'All of them have arrived.']
        : [
            'bad',
            `${names}: not all new versions arrived`,
            `${come === '' ? 'Nothing of it has' : `New ${where}: ${come}. The rest has not`} arrived. The team is looking at it.`,
          ];
  const contacts = [...new Set(facing.flatMap((one) => namesOf(one, context).service?.contact ?? []))];
  return {
    ...bare(tone, [{ kind: 'strong', text: head }], `${head}. ${tail}`),
    lines: [[tail], ...(contacts.length === 0 ? [] : [[`Questions: ${contacts.join(', ')}`]])],
    context: first === undefined ? [] : [{ kind: 'time', at: first.startedAt ?? first.since, style: 'date' }],
  };
}
