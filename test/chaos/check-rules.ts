import type { Entry } from '../../src/domain/event.ts';
import { type Person, sameHuman } from '../../src/domain/person.ts';
import type { Countersignature } from '../../src/domain/policy.ts';
import { GLASS, GROUPS } from './governance.ts';
import { type Told, walk } from './log-reading.ts';

/** A word that was taken back may still be given by whoever had it in hand, for so many milliseconds. */
const LATE_MS = 2000;

interface Asked {
  readonly group: string;
  readonly count: number;
}

interface Case {
  rules: readonly Asked[];
  signed: Countersignature[];
  instead: { readonly group: string; readonly to: string }[];
  glass: boolean;
  /** Accounts of whoever had a hand in the commits that are brought. */
  hands: readonly { readonly system: string; readonly id: string }[];
}

interface Lent {
  readonly to: string;
  readonly from: string;
  until: string;
}

/**
 * Whatever is dispatched has met every rule that was shown for it, with people of the groups who neither asked for it nor wrote it, each
 * counted once; or one of those who may broke the glass. Whoever lends a word must have lent it then.
 */
export function unmetRules(entries: readonly Entry[]): readonly string[] {
  const cases = new Map<string, Case>();
  const lent: Lent[] = [];
  const faults: string[] = [];
  walk(entries, {
    other: (entry) => lend(lent, entry),
    deployment(told) {
      const known = cases.get(told.id) ?? { rules: [], signed: [], instead: [], glass: false, hands: [] };
      cases.set(told.id, known);
      note(known, told);
      faults.push(...(told.event.type === 'countersigned' ? wrongWord(told, known, lent) : []));
      faults.push(...(told.event.type === 'glass-broken' ? wrongGlass(told) : []));
      if (told.event.type !== 'dispatched' || known.glass || met(known)) return;
      const rules = known.rules.map(({ group, count }) => `${count} of ${group}`).join(' and ');
      const by = known.signed.map((one) => `${one.by.id} (${one.groups.join()})`).join(', ') || 'nobody';
      faults.push(`${told.id} was dispatched with ${by} for ${rules}`);
    },
  });
  return faults;
}

function lend(lent: Lent[], { stream, event, at }: Entry): void {
  const from = stream.slice('person:'.length);
  if (event.type !== 'delegated' && event.type !== 'delegation-ended') return;
  const former = lent.findLast((one) => one.from === from);
  if (former !== undefined && former.until > at) former.until = at;
  if (event.type === 'delegated') lent.push({ from, to: event.to.id, until: event.until });
}

function note(known: Case, { request, event }: Told): void {
  switch (event.type) {
    case 'findings-gathered':
      known.hands = event.findings.changeSet.commits.flatMap(({ hands }) => hands.map(({ account }) => account));
      return;
    case 'approval-asked':
    case 'queued':
      known.rules =
        request.kind === 'rollback'
          ? []
          : event.plan.stages.flatMap((stage) => (stage.kind === 'approval' ? stage.rules : []));
      return;
    case 'approvals-voided':
      Object.assign(known, { signed: [], instead: [], glass: false });
      return;
    case 'escalated':
      known.instead.push(event);
      return;
    case 'glass-broken':
      known.glass = true;
      return;
    case 'countersigned':
      known.signed.push(event.countersignature);
      return;
    default:
  }
}

function wrongGlass({ id, entry }: Told): readonly string[] {
  return GLASS.some((who) => who === entry.by.id) ? [] : [`${entry.by.id} broke the glass of ${id}`];
}

function wrongWord({ id, request, entry, event }: Told, { hands }: Case, lent: readonly Lent[]): readonly string[] {
  if (event.type !== 'countersigned') return [];
  const { by, onBehalfOf, groups } = event.countersignature;
  const behind = onBehalfOf === undefined ? [by] : [by, onBehalfOf];
  const parts = behind.flatMap((one) => [
    ...(sameHuman(one, request.requester) ? [`${one.id} asked for ${id}, and their word was counted`] : []),
    ...(hands.some((hand) => owns(one, hand)) ? [`${one.id} wrote some of ${id}, and their word was counted`] : []),
  ]);
  const strange = groups.filter((group) => !behind.some((one) => GROUPS[group]?.some((who) => who === one.id)));
  const since = new Date(Date.parse(entry.at) - LATE_MS).toISOString();
  const isLent = lent.some(({ from, to, until }) => from === onBehalfOf?.id && to === by.id && until > since);
  return [
    ...parts,
    ...strange.map((group) => `${by.id} countersigned ${id} as one of ${group}, and is not`),
    ...(onBehalfOf === undefined || isLent ? [] : [`${by.id} countersigned ${id} for ${onBehalfOf.id}, unasked`]),
  ];
}

function owns({ accounts }: Person, { system, id }: { readonly system: string; readonly id: string }): boolean {
  return accounts.some((own) => own.system === system && own.id.toLowerCase() === id.toLowerCase());
}

/** Tries every way to share the words among the rules; there are never many. */
function met({ rules, signed, instead, hands }: Case): boolean {
  const humans = signed.filter(({ by }, index) => {
    const twice = signed.slice(0, index).some((former) => sameHuman(former.by, by));
    return !twice && !hands.some((hand) => owns(by, hand));
  });
  const seats = rules.flatMap(({ group, count }) => {
    const fits = [group, ...instead.filter((step) => step.group === group).map(({ to }) => to)];
    return Array.from({ length: count }, () => fits);
  });
  return seated(seats, humans);
}

function seated([seat, ...others]: readonly (readonly string[])[], free: readonly Countersignature[]): boolean {
  if (seat === undefined) return true;
  return free.some(
    (one) =>
      one.groups.some((group) => seat.includes(group)) &&
      seated(
        others,
        free.filter((other) => other !== one),
      ),
  );
}
