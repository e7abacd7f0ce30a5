import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The database of a data folder; says so when there is none, instead of making an empty one and finding it whole. */
export function storedAt(dataFolder: string): string {
  const path = join(dataFolder, 'countersign.db');
  if (!existsSync(path))
    throw new Error(
      `There is no log in ${dataFolder} yet. Name the data folder with --data, or start Countersign first.`,
    );
  return path;
}
