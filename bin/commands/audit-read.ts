import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { FoundEntry } from '../../src/domain/audit.ts';
import { type Checkpoint, readCheckpointFile } from '../../src/domain/checkpoint.ts';

/** An exported file (jsonl). */
export interface ExportFile {
  /** Its entries; to be walked once. Throws an error in words for people at a line that is none. */
  readonly found: AsyncIterable<FoundEntry>;
  /** After the walk: the checkpoint that it ends with. */
  carried(): Checkpoint | undefined;
}

/** Reads an exported file line by line, however long it is. */
export function readExport(path: string): ExportFile {
  let carried: Checkpoint | undefined;
  async function* lines(): AsyncGenerator<FoundEntry> {
    let number = 0;
    for await (const line of createInterface({
      input: createReadStream(path, 'utf8'),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      number += 1;
      if (line === '') continue;
      if (carried !== undefined) throw new Error(`Line ${number} stands behind the checkpoint that closes an export.`);
      const entry = entryIn(line);
      if (entry === undefined) carried = checkpointIn(line, number);
      else yield entry;
    }
  }
  return { found: lines(), carried: () => carried };
}

/** `version` stands in the sealed text alone. */
function entryIn(line: string): FoundEntry | undefined {
  try {
    const { seq, stream, hash, text } = JSON.parse(line) as Record<string, unknown>;
    if (typeof seq !== 'number' || typeof stream !== 'string' || typeof hash !== 'string' || typeof text !== 'string')
      return undefined;
    const { version } = JSON.parse(text) as Record<string, unknown>;
    return { seq, stream, hash, text, version: typeof version === 'number' ? version : 0 };
  } catch {
    return undefined;
  }
}

function checkpointIn(line: string, number: number): Checkpoint {
  try {
    return readCheckpointFile(line);
  } catch {
    throw new Error(`Line ${number} is not a line of an export (jsonl).`);
  }
}
