import { createHash } from 'node:crypto';
import { LIMITS } from './limits.ts';

/** Stand-ins for values that are too long for a select's option. */
export interface ShortKeys {
  shorten(value: string): string;
  /** The value behind a key; nothing when this process never gave it out. */
  lengthen(key: string): string | undefined;
}

const MOST = 5000;
const MARK = '~~';

/** Values of at most 75 characters stand for themselves; longer ones (branches may be) get a key kept in memory. */
export function createShortKeys(): ShortKeys {
  const values = new Map<string, string>();
  return {
    shorten: (value) => {
      if (value.length <= LIMITS.optionValue && !value.startsWith(MARK)) return value;
      const key = `${MARK}${createHash('sha256').update(value).digest('base64url')}`;
      if (values.size >= MOST) values.clear();
      values.set(key, value);
      return key;
    },
    lengthen: (key) => (key.startsWith(MARK) ? values.get(key) : key),
  };
}
