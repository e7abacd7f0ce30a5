import { statementBytes } from '../../domain/checkpoint.ts';
import { BOT } from '../../domain/person.ts';
import { type Kit, now } from '../kit.ts';
import type { Duty } from './duty.ts';

const KEY = 'checkpoint:log';

/** Signs how the log ends, at an interval, when something else than a checkpoint was written since. */
export const checkpoints: Duty = {
  name: 'checkpoint',
  async tend(kit) {
    if (kit.checkpoints === undefined) return undefined;
    await takeCheckpoint(kit);
    return { due: kit.clock.now() + kit.checkpoints.everyMs };
  },
  async owed(kit) {
    return kit.checkpoints === undefined ? [] : [{ key: KEY, due: kit.clock.now() }];
  },
};

/**
 * Signs the head of the log and has it copied.
 * @throws PortFailure when the key cannot be read or the log cannot be written
 */
async function takeCheckpoint(kit: Kit): Promise<void> {
  const { checkpoints: means, store } = kit;
  if (means === undefined) return;
  const [head, last] = await Promise.all([store.head(), store.newest('installation', 'checkpointed')]);
  const grown = last?.event.type !== 'checkpointed' || head.seq !== last.seq || last.event.seq !== last.seq - 1;
  if (head.seq === 0 || !grown) return;
  const at = now(kit);
  const signed = await means.sign(statementBytes({ ...head, at }));
  const event = { type: 'checkpointed' as const, ...head, ...signed };
  const copied = means.archives.length > 0;
  await store.commit({
    expect: [],
    entries: [{ stream: 'installation', event, by: BOT, at }],
    wakeups: [],
    effects: copied
      ? [
          {
            key: `archive:${head.seq}`,
            lane: 'archive',
            mode: 'once',
            effect: { kind: 'archive', entry: head.seq },
            due: kit.clock.now(),
          },
        ]
      : [],
  });
}
