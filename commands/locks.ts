import { allLocks, isOver, lockedBy, modeOf, scopeWords } from '../src/domain/held.ts';
import { type HeldLock, scopeKey } from '../src/domain/lock.ts';
import { counted, duration, type Text } from '../src/domain/text.ts';
import { isoNow } from '../src/ports/clock.ts';
import { tellPrivately } from './shared/answers.ts';
import { command } from './shared/spec.ts';

/** Lists everything that is locked, with owner, reason, age and end. */
export const locks = command({
  name: 'locks',
  summary: 'Lists everything that is locked: by whom, why, since when and until when.',
  topic: 'targets',
  examples: ['locks'],
  forms: [[]],
  acts: false,
  async run({ reading, clock }) {
    const [targets, books] = await Promise.all([reading.targets(), reading.scopes()]);
    const now = isoNow(clock);
    const held = allLocks(targets, books).filter(({ lock }) => !isOver(lock, now));
    if (held.length === 0) return tellPrivately('neutral', ['Nothing is locked.']);
    const items = held.map((one) => lockLine(one, now));
    return tellPrivately('waiting', [`${counted(held.length, 'lock')}.`], [], {
      sections: [{ title: 'Locked', items: items.slice(0, 50), total: items.length }],
    });
  },
});

/** `web in production · locked by Anna: stocktaking · for 2 h 5 min · until 9 Nov` */
function lockLine({ scope, lock }: HeldLock, now: string): Text {
  const { reason, at, expiresAt, takenFrom } = lock;
  const by = lockedBy({ scope: { kind: 'target', service: '', environment: '' }, lock });
  const from = takenFrom === undefined ? '' : ` (taken over from ${takenFrom.name})`;
  const passes = modeOf(lock) === 'freeze' ? ' · hotfixes pass' : '';
  const end: Text =
    expiresAt === undefined
      ? [' · until somebody opens it']
      : [' · until ', { kind: 'time', at: expiresAt, style: 'date' }];
  const age = duration(Math.floor((Date.parse(now) - Date.parse(at)) / 60_000) * 60_000 || 60_000);
  return [
    { kind: 'strong', text: scopeWords(scopeKey(scope)) },
    ` · ${by}${from}: ${reason} · for ${age}${passes}`,
    ...end,
  ];
}
