import { type Refusal, refusal } from '../domain/refusal.ts';
import { ALLOW, type Gate, type GateFacts } from './gate.ts';

/**
 * The calendar keeps the target closed. Hotfixes and rollbacks pass. What was asked for in the open and comes to its turn within a
 * freeze waits for the end of it; what was scheduled for this moment was promised for it, and gets a clear no.
 */
export const calendarOpen: Gate = {
  id: 'calendar-open',
  moments: ['request', 'plan', 'dispatch'],
  check({ kind, closure, target, scheduledFor, clearedAt }) {
    if (closure === undefined || kind !== 'regular') return ALLOW;
    if (clearedAt !== undefined && scheduledFor === undefined) return ALLOW;
    return { kind: 'refuse', refusal: closedRefusal(closure, target) };
  },
};

function closedRefusal(
  { kind, title, opens }: NonNullable<GateFacts['closure']>,
  { service, environment }: GateFacts['target'],
): Refusal {
  const until = opens === undefined ? 'No end of it is in sight' : `It opens ${opens}`;
  const next = `${opens === undefined ? 'Wait' : 'Wait until then, ask for a later moment with `--at "tomorrow 9:00"`'}, or use \`hotfix\` if customers are harmed.`;
  return kind === 'freeze'
    ? refusal('frozen', `${service} in ${environment} is frozen: ${title}. ${until}.`, next)
    : refusal('outside-hours', `${service} is deployed to ${environment} only within: ${title}. ${until}.`, next);
}
