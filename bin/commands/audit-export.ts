import { open, rename, rm } from 'node:fs/promises';
import { sealedText } from '../../src/domain/audit.ts';
import { canonicalJson } from '../../src/domain/canonical.ts';
import type { Entry } from '../../src/domain/event.ts';
import { counted } from '../../src/domain/text.ts';
import type { Ledger } from '../../src/ports/store.ts';
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
}

const BATCH = 500;

/**
 * Writes the entries in order. Each line holds the sealed text and its hash, so that a reader can check the chain without
 * Countersign: SHA-256 of the text is the hash, and `previous` in the text is the hash of the line before.
 */
export async function exportAudit(store: Pick<Ledger, 'entries'>, wish: ExportWish, io: CommandIo): Promise<number> {
  const sink = wish.out === undefined ? outSink(io) : await fileSink(wish.out);
  let entries = 0;
  let last: Entry | undefined;
  try {
    if (wish.format === 'csv') await sink.write(csvLine(CSV_COLUMNS));
    for await (const batch of batches(store, wish)) {
      await sink.write(batch.map((entry) => lineOf(entry, wish.format)).join(''));
      entries += batch.length;
      last = batch.at(-1);
    }
    await sink.done();
  } catch (error) {
    await sink.undo();
    throw error;
  }
  const end = last === undefined ? '' : `, up to ${last.seq}:${last.hash}`;
  io.err(`${counted(entries, 'entry', 'entries')}${end}.\n`);
  return 0;
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
