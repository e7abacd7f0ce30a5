/** One way in which Slack may let us down. */
export interface Fault {
  /** Web API method, e.g. `chat.postMessage`; `*` for every one. */
  readonly method: string;
  /** Only calls for this channel. */
  readonly channel?: string;
  readonly kind: /** Did it, then says 500. */
    | '500-after'
    | '500-before'
    /** With `retryAfter` seconds; without a Retry-After header when it is absent. */
    | '429'
    /** Closes the connection, having done it or not. */
    | 'drop-after'
    | 'drop-before'
    /** Does it and answers after `ms`. */
    | 'late'
    /** Says no with the word in `error`. */
    | 'error'
    /** Status 200 with a body that is no JSON. */
    | 'garbage'
    /** Does nothing and never answers. */
    | 'silent';
  readonly retryAfter?: number;
  readonly ms?: number;
  readonly error?: string;
  /** How many calls it befalls; absent: one. */
  readonly times?: number;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault that befalls this call, used up by it. */
  take(method: string, channel: string): Fault | undefined;
}

export function createFaults(): Faults {
  const pending: { readonly fault: Fault; left: number }[] = [];
  return {
    add: (fault) => void pending.push({ fault, left: fault.times ?? 1 }),
    clear: () => void pending.splice(0),
    take: (method, channel) => {
      const found = pending.find(
        ({ fault, left }) =>
          left > 0 &&
          (fault.method === '*' || fault.method === method) &&
          (fault.channel === undefined || fault.channel === channel),
      );
      if (found !== undefined) found.left -= 1;
      return found?.fault;
    },
  };
}
