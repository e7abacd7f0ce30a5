import { open, rename, rm } from 'node:fs/promises';
import { sealedText } from '../../src/domain/audit.ts';
import { canonicalJson, sha256 } from '../../src/domain/canonical.ts';
import { type Checkpoint, checkpointFile, type Signer, statementBytes } from '../../src/domain/checkpoint.ts';
import type { Entry } from '../../src/domain/event.ts';
import { counted } from '../../src/domain/text.ts';
import type { Ledger } from '../../src/ports/store.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { CommandIo } from './io.ts';

export const EXPORT_FORMATS = ['jsonl', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportWish {
  /** ISO 8601 in UTC, inclusive. */
  readonly from?: string;
  /** ISO 8601 in UTC, exclusive. */
  readonly to?: string;
  readonly format: ExportFormat;
  readonly out?: string;
  readonly signing?: Signing;
}

/** What signs the end of an export. */
export interface Signing {
  readonly signer: Signer;
  /** Name of the installation. */
  readonly installation: string;
}

const BATCH = 500;

/**
 * Writes the entries in order. Each line holds the sealed text and its hash, so that a reader can check the chain without
 * Countersign: SHA-256 of the text is the hash, and `previous` in the text is the hash of the line before. With `signing` the last line
 * is a checkpoint of the last entry, in the form of the file that is kept elsewhere. Exit code 1: an entry is not what was written; it
 * is exported as it is, but not signed.
 */
export async function exportAudit(store: Pick<Ledger, 'entries'>, wish: ExportWish, io: CommandIo): Promise<number> {
  const sink = wish.out === undefined ? outSink(io) : await fileSink(wish.out);
  let entries = 0;
  let last: Entry | undefined;
  let fault: number | undefined;
  try {
    if (wish.format === 'csv') await sink.write(csvLine(CSV_COLUMNS));
    for await (const batch of batches(store, wish)) {
      await sink.write(batch.map((entry) => lineOf(entry, wish.format)).join(''));
      entries += batch.length;
      fault ??= batch.find((entry) => sha256(sealedText(entry)) !== entry.hash)?.seq;
      last = batch.at(-1);
    }
    const { signing } = wish;
    if (signing !== undefined && last !== undefined && fault === undefined)
      await sink.write(checkpointLine(signed(last, signing), wish.format));
    await sink.done();
  } catch (error) {
    await sink.undo();
    throw error;
  }
  const end = last === undefined ? '' : `, up to ${last.seq}:${last.hash}`;
  io.err(`${counted(entries, 'entry', 'entries')}${end}.\n`);
  if (fault === undefined) return 0;
  const unsigned = wish.signing === undefined ? '' : ', so nothing is signed';
  io.err(`Entry ${fault} is not what was written${unsigned}. \`audit verify\` says more.\n`);
  return 1;
}

function signed({ seq, hash }: Entry, { signer, installation }: Signing): Checkpoint {
  const statement = { seq, hash, at: new Date(systemClock().now()).toISOString(), installation };
  return { ...statement, key: signer.key, signature: signer.sign(statementBytes(statement)) };
}

function checkpointLine(checkpoint: Checkpoint, format: ExportFormat): string {
  const text = checkpointFile(checkpoint);
  if (format === 'jsonl') return text;
  const { seq, at, hash } = checkpoint;
  return csvLine([String(seq), at, '', '', 'signed checkpoint', '', '', '', hash, text.trimEnd()]);
}

async function* batches(store: Pick<Ledger, 'entries'>, { from, to }: ExportWish): AsyncGenerator<readonly Entry[]> {
  const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), limit: BATCH };
  let after = 0;
  for (;;) {
    const batch = await store.entries({ ...span, after });
    const end = batch.at(-1);
    if (end === undefined) return;
    yield batch;
    after = end.seq;
  }
}

const CSV_COLUMNS = ['seq', 'at', 'stream', 'version', 'event', 'by', 'name', 'previous', 'hash', 'text'];

function lineOf(entry: Entry, format: ExportFormat): string {
  const { seq, at, stream, version, event, by, previous, hash } = entry;
  const text = sealedText(entry);
  if (format === 'jsonl') return `${canonicalJson({ seq, at, stream, hash, text })}\n`;
  return csvLine([String(seq), at, stream, String(version), event.type, by.id, by.name, previous, hash, text]);
}

/** RFC 4180, and nothing that a spreadsheet would take for a formula: names and reasons are written by people. */
function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${disarmed(cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

function disarmed(cell: string): string {
  return /^[\s]*[=+\-@\t\r\n|%]/.test(cell) ? `'${cell}` : cell;
}

interface Sink {
  write(text: string): Promise<void>;
  done(): Promise<void>;
  undo(): Promise<void>;
}

function outSink(io: CommandIo): Sink {
  const nothing = async () => {};
  return { write: async (text) => io.out(text), done: nothing, undo: nothing };
}

/** Written beside its place and moved there when it is complete, so that half an export is never taken for a whole one. */
async function fileSink(path: string): Promise<Sink> {
  const beside = `${path}.part`;
  const file = await open(beside, 'w', 0o600);
  return {
    write: (text) => file.appendFile(text),
    async done() {
      await file.sync();
      await file.close();
      await rename(beside, path);
    },
    async undo() {
      await file.close().catch(() => {});
      await rm(beside, { force: true });
    },
  };
}
