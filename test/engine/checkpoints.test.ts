import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { verify } from '../../src/domain/audit.ts';
import {
  checkpointFault,
  proverOf,
  readCheckpointFile,
  signerOf,
  watchCheckpoints,
} from '../../src/domain/checkpoint.ts';
import { checkpoints } from '../../src/engine/duties/checkpoints.ts';
import type { Kit } from '../../src/engine/kit.ts';
import { archive } from '../../src/engine/perform-archive.ts';
import type { Archive } from '../../src/ports/archive.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { asked, openWorld, type World } from './world.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer = signerOf(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const prover = proverOf(publicKey.export({ type: 'spki', format: 'pem' }).toString());
const HOUR = 3_600_000;

const open: World[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((world) => world.close()));
});

/** An archive in memory that can be down for some puts. */
function memory(down = 0): Archive & { readonly kept: Map<string, string>; puts: number } {
  const kept = new Map<string, string>();
  let left = down;
  const own = {
    id: 'memory',
    kept,
    puts: 0,
    async put(name: string, bytes: Uint8Array) {
      own.puts += 1;
      if (left > 0) {
        left -= 1;
        throw new PortFailure('The archive is down.', { port: 'archive', kind: 'unreachable', retryable: true });
      }
      kept.set(name, Buffer.from(bytes).toString());
    },
  };
  return own;
}

/** @param asleep the engine itself signs nothing: the test tends the duty */
async function worldWith(archives: readonly Archive[], asleep = false): Promise<{ world: World; kit: Kit }> {
  let furnished: Kit | undefined;
  const world = await openWorld(':memory:', (kit) => {
    const sign = async (bytes: Uint8Array) => ({ key: signer.key, signature: signer.sign(bytes) });
    furnished = { ...kit, checkpoints: { sign, everyMs: HOUR, archives } };
    return asleep ? kit : furnished;
  });
  open.push(world);
  if (furnished === undefined) throw new Error('The kit was not furnished.');
  return { world, kit: furnished };
}

async function signed(world: World): Promise<readonly number[]> {
  const entries = await world.store.entries({ stream: 'installation', limit: 100 });
  return entries.flatMap(({ event }) => (event.type === 'checkpointed' ? [event.seq] : []));
}

describe('the duty of checkpoints', () => {
  it('signs how the log ends, and says when it looks again', async () => {
    const { world, kit } = await worldWith([], true);
    await asked(world);
    const head = await world.store.head();

    expect(await checkpoints.tend(kit, 'log')).toEqual({ due: world.clock.now() + HOUR });

    expect(await signed(world)).toEqual([head.seq]);
    const book = watchCheckpoints(world.store.found(), [prover]);
    expect((await verify(book.found)).kind).toBe('whole');
    expect(book.sum()).toEqual({ checkpoints: 1, last: head.seq });
  });

  it('signs nothing twice: a log that grew by a checkpoint only has not grown', async () => {
    const { world, kit } = await worldWith([], true);
    await asked(world);
    await checkpoints.tend(kit, 'log');
    await checkpoints.tend(kit, 'log');
    expect(await signed(world)).toHaveLength(1);

    await asked(world);
    await checkpoints.tend(kit, 'log');
    expect(await signed(world)).toHaveLength(2);
  });

  it('signs nothing of an empty log, and is no duty where no key is', async () => {
    const { world, kit } = await worldWith([], true);
    await checkpoints.tend(kit, 'log');
    expect(await signed(world)).toEqual([]);

    const { checkpoints: _none, ...without } = kit;
    expect(await checkpoints.owed(without)).toEqual([]);
    expect(await checkpoints.owed(kit)).toEqual([{ key: 'checkpoint:log', due: world.clock.now() }]);
    expect(await checkpoints.tend(without, 'log')).toBeUndefined();
  });

  it('is found by the watcher by itself', async () => {
    const { world } = await worldWith([]);
    await asked(world);

    await world.until('a checkpoint', async () => (await signed(world)).length > 0);
  });

  it('has every checkpoint copied, to one archive although another one is down', async () => {
    const [up, down] = [memory(), memory(2)];
    const { world } = await worldWith([down, up]);
    await asked(world);
    await world.until('the copies', () => up.kept.size > 0 && down.kept.size > 0);

    const [seq = 0] = await signed(world);
    const name = `checkpoint-${seq}.json`;
    const [signedEntry] = await world.store.entries({ after: seq - 1, limit: 1 });
    expect(up.kept.get(name)).toBe(down.kept.get(name));
    expect(down.puts).toBeGreaterThanOrEqual(3);
    const copy = readCheckpointFile(down.kept.get(name) ?? '');
    expect(copy).toMatchObject({ seq, hash: signedEntry?.hash });
    expect(checkpointFault(copy, [prover])).toBeUndefined();
  });

  it('is not looked for without end in a log whose numbers do not grow', async () => {
    const { kit } = await worldWith([memory()], true);
    let pages = 0;
    const stuck = { event: { type: 'configured' }, seq: 7 };
    const entries = async () => {
      pages += 1;
      if (pages > 5) throw new Error('it reads on and on');
      return [stuck] as never;
    };
    const work = {} as Parameters<typeof archive>[3];

    const copied = archive(
      { ...kit, store: { ...kit.store, entries } },
      {} as never,
      { kind: 'archive', entry: 7 },
      work,
    );

    await expect(copied).rejects.toThrow('audit verify');
    expect(pages).toBe(1);
  });
});
