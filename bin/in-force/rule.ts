/** What is known when the file of an instance and the log may name different configurations. */
export interface Claim {
  /** The instance starts, or somebody changed the file, saved it anew or sent a signal. */
  readonly occasion: 'start' | 'change';
  /** Other instances may work on the same database. */
  readonly shared: boolean;
  /** What the log names as in force; absent in a new installation. */
  readonly present?: {
    /** The file says the same. */
    readonly same: boolean;
    /** Its text is in the log; older versions wrote none. */
    readonly known: boolean;
    /** When it was put in force, milliseconds since 1970. */
    readonly since: number;
  };
  /** What the file says was in force before, and something else came after it. */
  readonly former: boolean;
  /** When the file was saved, milliseconds since 1970. */
  readonly savedAt?: number;
}

/** `as-it-is`: file and log agree. `file`: it is put in force for all. `log`: this instance joins what is in force. */
export type Counts = 'as-it-is' | 'file' | 'log';

/**
 * Which configuration counts. A start must not bring back what others have replaced, or configurations would take turns whenever an
 * instance with an old file starts anew; everything else that somebody does to a file is meant.
 */
export function whatCounts({ occasion, shared, present, former, savedAt }: Claim): Counts {
  if (present === undefined) return 'file';
  if (present.same) return 'as-it-is';
  if (occasion === 'change' || !shared || !present.known || !former) return 'file';
  return savedAt !== undefined && savedAt > present.since ? 'file' : 'log';
}
