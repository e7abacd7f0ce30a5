import type { CallKind } from './world.ts';

/** One way in which the Bot Connector (or the login) may let us down. */
export interface Fault {
  /** `*` for every kind. */
  readonly call: CallKind | '*';
  /** Only calls for this conversation (without its thread). */
  readonly conversation?: string;
  readonly kind:
    | /** Answers `status` without having done anything. */ 'status'
    /** Did it, then answers `status` (502 when absent). */
    | 'status-after'
    /** Closes the connection, having done it or not. */
    | 'cut-before'
    | 'cut-after'
    /** Never answers, having done it or not. */
    | 'hang-before'
    | 'hang-after'
    /** Does it and answers after `ms`. */
    | 'late'
    /** Status 200 with a body that is no JSON; nothing was done. */
    | 'garbage';
  readonly status?: number;
  /** Teams' own word, in the body's `error.code`. */
  readonly code?: string;
  /** Seconds, as a Retry-After header; no header when absent. */
  readonly retryAfter?: number;
  readonly ms?: number;
  /** How many calls it befalls; absent: one. */
  readonly times?: number;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault that befalls this call, used up by it. */
  take(call: CallKind, conversation: string): Fault | undefined;
}

export function createFaults(): Faults {
  const pending: { readonly fault: Fault; left: number }[] = [];
  return {
    add: (fault) => void pending.push({ fault, left: fault.times ?? 1 }),
    clear: () => void pending.splice(0),
    take: (call, conversation) => {
      const found = pending.find(
        ({ fault, left }) =>
          left > 0 &&
          (fault.call === '*' || fault.call === call) &&
          (fault.conversation === undefined || fault.conversation === conversation),
      );
      if (found !== undefined) found.left -= 1;
      return found?.fault;
    },
  };
}
