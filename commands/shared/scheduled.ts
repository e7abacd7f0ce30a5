import { momentOf } from '../../src/calendar/moments.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import type { CommandContext } from './spec.ts';

/** What `--at` says, read in the team's time zone: nothing, a moment (ISO 8601 in UTC), or why it cannot be one. */
export function scheduledAt(
  { catalog, clock }: Pick<CommandContext, 'catalog' | 'clock'>,
  at: string | undefined,
): { readonly scheduledFor?: string } | Refusal {
  if (at === undefined) return {};
  const found = momentOf(at, catalog.timeZone ?? 'Etc/UTC', clock.now());
  return typeof found === 'string' ? { scheduledFor: found } : found;
}
