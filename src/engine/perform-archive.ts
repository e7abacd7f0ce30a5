import { type Checkpoint, checkpointFile } from '../domain/checkpoint.ts';
import type { Kit } from './kit.ts';
import { DONE, type Performer } from './performing.ts';

const PAGE = 200;

/**
 * Copies the signed checkpoint of an entry to every archive. One that fails keeps no other from its copy; then all are tried again, which
 * does no harm where the copy is already.
 */
export const archive: Performer<'archive'> = async (kit, _groups, effect) => {
  const archives = kit.checkpoints?.archives ?? [];
  const checkpoint = archives.length === 0 ? undefined : await checkpointOf(kit, effect.entry);
  if (checkpoint === undefined) return DONE;
  const bytes = Buffer.from(checkpointFile(checkpoint), 'utf8');
  const name = `checkpoint-${checkpoint.seq}.json`;
  const results = await Promise.allSettled(archives.map((one) => one.put(name, bytes)));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return DONE;
};

/** The checkpoint stands in the log soon after the entry that it signs. */
async function checkpointOf(kit: Kit, seq: number): Promise<Checkpoint | undefined> {
  for (let after = seq; ; ) {
    const entries = await kit.store.entries({ stream: 'installation', after, limit: PAGE });
    for (const { event, at } of entries) {
      if (event.type !== 'checkpointed' || event.seq !== seq) continue;
      const { hash, key, signature } = event;
      return { seq, hash, at, key, signature };
    }
    const last = entries.at(-1);
    if (last === undefined) return undefined;
    // Somebody changed the text of an entry: reading on by what it says would never end.
    if (last.seq <= after) throw new Error('The numbers of the log do not grow. Run `audit verify`.');
    after = last.seq;
  }
}
