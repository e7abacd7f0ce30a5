import type { Entry, Request } from '../../src/domain/event.ts';
import { type Person, sameHuman } from '../../src/domain/person.ts';

/** By whom all commits are. */
const AUTHOR = 'ben';

interface Case {
  readonly request: Request;
  readonly signers: Person[];
  /** Somebody let it go without; by whom that may be done is looked at elsewhere. */
  glass: boolean;
}

/**
 * Every countersignature by another human, in whatever chat, who is neither the one who asked nor, where commits are brought forward,
 * their author;
 * no new version goes to production with fewer of them than are asked for.
 */
export function wrongSignatures(entries: readonly Entry[], count: number): readonly string[] {
  const cases = new Map<string, Case>();
  const faults: string[] = [];
  for (const { stream, event } of entries) {
    if (event.type === 'requested') cases.set(stream, { request: event.request, signers: [], glass: false });
    const known = cases.get(stream);
    if (known === undefined) continue;
    const { request, signers } = known;
    if (event.type === 'approvals-voided') signers.length = 0;
    if (event.type === 'approvals-voided' || event.type === 'glass-broken') known.glass = event.type === 'glass-broken';
    if (event.type === 'countersigned') {
      const { by, through } = event.countersignature;
      const told = `${stream} was countersigned by ${by.id} in ${through.system}`;
      if (signers.some((one) => sameHuman(one, by))) faults.push(`${told} a second time`);
      if (sameHuman(request.requester, by)) faults.push(`${told}, who asked for it`);
      if (by.id === AUTHOR && request.kind !== 'rollback') faults.push(`${told}, who wrote it`);
      signers.push(by);
    }
    const asked = request.environment === 'production' && request.kind !== 'rollback';
    if (event.type === 'dispatched' && asked && !known.glass && signers.length < count)
      faults.push(`${stream} was dispatched with ${signers.length} of ${count} countersignatures`);
  }
  return faults;
}
