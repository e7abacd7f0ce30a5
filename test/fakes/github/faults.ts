/** What goes wrong with a call. `after`: GitHub has obeyed, and only the answer is bad. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly message?: string;
      readonly after?: boolean;
    }
  /** The connection is cut. */
  | { readonly kind: 'drop'; readonly after?: boolean }
  /** The answer never comes. */
  | { readonly kind: 'hang'; readonly after?: boolean }
  /** The answer comes so much later, in milliseconds. */
  | { readonly kind: 'late'; readonly ms: number }
  /** Words instead of JSON. */
  | { readonly kind: 'garbage' };

interface PlannedFault {
  readonly fault: Fault;
  /** `POST`, or any method. */
  readonly method?: string;
  /** Part of the path, e.g. `/dispatches`; any path when absent. */
  readonly path?: string;
  /** How many calls it hits; one unless said otherwise. */
  readonly times?: number;
}

export interface Faults {
  plan(planned: PlannedFault): void;
  /** The fault that this call meets, used up by it. */
  take(method: string, path: string): Fault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let open: { planned: PlannedFault; left: number }[] = [];

  function take(method: string, path: string): Fault | undefined {
    const met = open.find(({ planned }) => (planned.method ?? method) === method && path.includes(planned.path ?? ''));
    if (met === undefined) return undefined;
    met.left -= 1;
    open = open.filter(({ left }) => left > 0);
    return met.planned.fault;
  }

  return {
    plan: (planned) => void open.push({ planned, left: planned.times ?? 1 }),
    take,
    clear: () => {
      open = [];
    },
  };
}
