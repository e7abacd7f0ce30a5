import { readFile } from 'node:fs/promises';
import { type FoundEntry, type Head, type Newer, verify } from '../../src/domain/audit.ts';
import {
  type Checkpoint,
  checkpointFault,
  type Prover,
  proverOf,
  readCheckpointFile,
  watchCheckpoints,
} from '../../src/domain/checkpoint.ts';
import { counted } from '../../src/domain/text.ts';
import { VOCABULARY } from '../../src/domain/vocabulary.ts';
import type { Store } from '../../src/ports/store.ts';
import { readExport } from './audit-read.ts';
import type { CommandIo } from './io.ts';

export interface VerifyWish {
  readonly head?: Head;
  readonly file?: string;
  readonly key?: readonly string[];
  readonly checkpoint?: string;
}

/**
 * Exit code 0: whole; 1: something was changed; 2: whole, but rows could not be compared, because only a newer version knows all of
 * their forms. The head is printed, to be noted down and given to `--head` later.
 */
export async function verifyAudit(
  store: Pick<Store, 'found' | 'differences'>,
  wish: VerifyWish,
  io: CommandIo,
): Promise<number> {
  const chain = await verifyChain(store.found(), wish, io);
  if (chain === undefined) return 1;
  const { newer } = chain;
  let different = 0;
  for await (const { stream, what } of store.differences()) {
    if (newer?.streams.has(stream) === true) continue;
    different += 1;
    io.err(`The row of ${stream} is not what the log says: ${what}.\n`);
  }
  io.out(chain.words);
  if (newer !== undefined) io.err(newerWords(newer));
  if (different === 0) return newer === undefined ? 0 : 2;
  io.err(`${counted(different, 'row')} changed outside of Countersign; the log itself was not.\n`);
  return 1;
}

/** Verifies an exported file, from its first entry on, without the database. Exit code 0: whole; 1: something was changed. */
export async function verifyFile(path: string, wish: VerifyWish, io: CommandIo): Promise<number> {
  const file = readExport(path);
  const chain = await verifyChain(file.found, wish, io);
  if (chain === undefined) return 1;
  const carried = file.carried();
  const wrong = carried === undefined ? undefined : carriedFault(carried, chain);
  if (wrong !== undefined) {
    io.err(`The checkpoint at the end of the file is not in order: ${wrong}.\n`);
    return 1;
  }
  io.out(chain.words);
  if (carried !== undefined) io.out(carriedWords(carried, chain.provers.length > 0));
  return 0;
}

/** It must sign just the end of the file that it stands in. */
function carriedFault(carried: Checkpoint, { head, provers }: Chain): string | undefined {
  if (carried.seq !== head.seq || carried.hash !== head.hash)
    return 'it signs another entry than the last one before it';
  return provers.length === 0 ? undefined : checkpointFault(carried, provers);
}

function carriedWords({ seq, at, installation }: Checkpoint, proven: boolean): string {
  const by = installation === undefined ? '' : ` by ${installation.replace(/\p{Cc}/gu, ' ')}`;
  const how = proven ? 'in order' : 'not checked: name the public key with --key';
  return `The file ends with a checkpoint of entry ${seq}, signed${by} at ${at.replace(/\p{Cc}/gu, ' ')}; signature ${how}.\n`;
}

/** A chain that was found whole. */
interface Chain {
  readonly words: string;
  readonly head: Head;
  readonly provers: readonly Prover[];
  readonly newer?: Newer;
}

/** Nothing when it is broken; then that has been told. */
async function verifyChain(
  found: AsyncIterable<FoundEntry>,
  wish: VerifyWish,
  io: CommandIo,
): Promise<Chain | undefined> {
  if (wish.head !== undefined && wish.checkpoint !== undefined)
    throw new Error('Name --head or --checkpoint, not both.');
  const provers = await Promise.all((wish.key ?? []).map(async (path) => proverOf(await readFile(path, 'utf8'))));
  const kept = wish.checkpoint === undefined ? undefined : readCheckpointFile(await readFile(wish.checkpoint, 'utf8'));
  const wrong = kept === undefined ? undefined : keptFault(kept, provers);
  if (wrong !== undefined) {
    io.err(`The checkpoint that was kept elsewhere proves nothing: ${wrong}.\n`);
    return undefined;
  }
  const book = watchCheckpoints(found, provers);
  const verdict = await verify(book.found, wish.head ?? kept);
  const { checkpoints, last, fault } = book.sum();
  const broken = verdict.kind === 'broken' ? verdict : fault && { ...fault, stream: 'installation' };
  if (broken !== undefined) {
    const { seq, stream, what } = broken;
    io.err(`The log is broken at entry ${seq}${stream === '' ? '' : ` (${stream})`}: ${what}.\n`);
    io.err('Keep the database as it is, and compare it with the last backup or export.\n');
    return undefined;
  }
  if (verdict.kind === 'broken') return undefined;
  const { entries, head, newer } = verdict;
  const signed =
    checkpoints === 0
      ? ''
      : `${counted(checkpoints, 'checkpoint')} up to entry ${last}; signatures ${provers.length === 0 ? 'not checked: name the public key with --key' : 'in order'}.\n`;
  const words = `The log is whole: ${counted(entries, 'entry', 'entries')}. Head ${head.seq}:${head.hash}\n${signed}${kept === undefined ? '' : `It holds what the checkpoint of entry ${kept.seq} from ${kept.at} signed.\n`}`;
  return { words, head, provers, ...(newer === undefined ? {} : { newer }) };
}

/** A checkpoint that nobody can prove is no evidence. */
function keptFault(checkpoint: Checkpoint, provers: readonly Prover[]): string | undefined {
  if (provers.length === 0) return 'its signature cannot be checked without --key';
  return checkpointFault(checkpoint, provers);
}

function newerWords({ needs, streams }: Newer): string {
  const what = `${counted(streams.size, 'history', 'histories')} in it (${[...streams].slice(0, 3).join(', ')}${streams.size > 3 ? ', ...' : ''})`;
  return `A newer version of Countersign wrote to ${what}, in forms of vocabulary ${needs}; this version knows those up to ${VOCABULARY}. Their rows were not compared: let \`audit verify\` of that version do it.\n`;
}
