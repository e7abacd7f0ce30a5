import { slots } from '../slots.ts';
import type { Connection } from './connection.ts';
import { keys } from './schema.ts';

/** Deliveries that were obeyed. */
export interface KeyTable {
  has(key: string): boolean;
  /** `at` in milliseconds since 1970. */
  add(key: string, at: number): void;
}

export function keyTable({ db, client }: Connection): KeyTable {
  const select = client.prepare<[string], 1>('select 1 from keys where key = ?').pluck();
  const insert = db.insert(keys).values(slots('key', 'at')).prepare();
  return {
    has: (key) => select.get(key) !== undefined,
    add: (key, at) => {
      insert.run({ key, at });
    },
  };
}
