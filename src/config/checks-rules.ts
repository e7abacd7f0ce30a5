import type { ApprovalWish } from './approval-schema.ts';
import type { Checked, CheckFrame } from './checks.ts';
import { everyPlace, placesAround } from './places.ts';
import { policyOf } from './policy.ts';
import { keysOf, type Path, type Problem, pathText, valueAt } from './problem.ts';
import { allRefer, refers } from './refers.ts';
import { targetWishes } from './service-schema.ts';

/** Rules that nobody could ever meet, rights of groups that are not there, and targets that nobody guards. */
export function checkRules(frame: CheckFrame): Checked {
  const faults = everyPlace(frame.configuration).flatMap(({ at, says }) => [
    ...ofApproval(frame, [...at, 'approval'], says.approval ?? {}),
    ...Object.entries(says.access ?? {}).flatMap(([right, holders]) =>
      typeof holders === 'string' ? [] : [...allRefer(frame, 'group', holders, [...at, 'access', right])],
    ),
  ]);
  return { faults: [...faults, ...loosened(frame)], warnings: [...unguarded(frame), ...tooLate(frame)] };
}

function* ofApproval(frame: CheckFrame, at: Path, wish: ApprovalWish): Generator<Problem> {
  yield* unmeetable(frame, [...at, 'rules'], wish.rules ?? []);
  for (const [index, { rules }] of (wish.further ?? []).entries())
    yield* unmeetable(frame, [...at, 'further', index, 'rules'], rules);
  for (const [index, { to }] of (wish.escalations ?? []).entries())
    yield* refers(frame, 'group', to, [...at, 'escalations', index, 'to']);
  yield* allRefer(frame, 'person', wish.breakGlass, [...at, 'breakGlass']);
}

function* unmeetable(frame: CheckFrame, at: Path, rules: NonNullable<ApprovalWish['rules']>): Generator<Problem> {
  const known = keysOf(valueAt(frame.content, ['groups']));
  for (const [index, { group, count }] of rules.entries()) {
    const path: Path = [...at, index];
    if (!known.includes(group)) {
      yield* refers(frame, 'group', group, [...path, 'group']);
      continue;
    }
    const size = sizeOf(frame, group);
    if (size === undefined || size >= count) continue;
    const message = `${count} of "${group}" are needed, but the group has only ${size}`;
    yield { path: [...path, 'count'], at: 'value', message, remedy: 'Ask for fewer, or add people to the group.' };
  }
}

/** How many can be in the group at once, where the file itself says it; of a rotation one has the turn. */
function sizeOf(frame: CheckFrame, group: string): number | undefined {
  const wish = frame.configuration.groups[group];
  if (wish === undefined || frame.isPruned(['groups', group])) return undefined;
  if ('rotation' in wish) return 1;
  return 'people' in wish ? new Set(wish.people).size : undefined;
}

/**
 * A service that takes away every rule everywhere, also where customers are concerned and a wider place asks for countersignatures. Four
 * eyes may be given up, but in the open: with the target's own word, which is warned of. Hidden in a word about all environments, it is refused.
 */
function* loosened({ configuration, isPruned }: CheckFrame): Generator<Problem> {
  for (const [id, service] of Object.entries(configuration.services)) {
    if (service.approval?.rules?.length !== 0 || isPruned(['services', id])) continue;
    for (const [environment, wish] of targetWishes(service)) {
      const customerFacing = wish.customerFacing ?? configuration.environments[environment]?.customerFacing ?? false;
      if (!customerFacing || wish.approval?.rules !== undefined) continue;
      const [, , ...wider] = placesAround(configuration, id, environment);
      if (policyOf(wider.map(({ says }) => says.approval)).rules.length === 0) continue;
      yield {
        path: ['services', id, 'approval', 'rules'],
        at: 'value',
        code: 'rules-taken-away',
        message: `This takes away every countersignature for "${id}", also in "${environment}", which customers use`,
        remedy: `Remove it. Where nobody needs to countersign, say \`approval: { rules: [] }\` for that environment under \`services.${id}.environments\`.`,
      };
    }
  }
}

/** Customers use it, and a single person can change it: allowed, but seldom meant. */
function* unguarded({ configuration, isPruned }: CheckFrame): Generator<Problem> {
  for (const [id, service] of Object.entries(configuration.services)) {
    for (const [environment, wish] of targetWishes(service)) {
      const around = configuration.environments[environment];
      const customerFacing = wish.customerFacing ?? around?.customerFacing ?? false;
      const { rules } = policyOf(placesAround(configuration, id, environment).map(({ says }) => says.approval));
      const unsure = [['approval'], ['environments', environment], ['services', id]].some((path) => isPruned(path));
      if (!customerFacing || rules.length > 0 || unsure) continue;
      yield {
        path: ['services', id, 'environments'],
        at: 'value',
        message: `Customers use "${id}" in "${environment}", but nobody needs to countersign`,
        remedy: `Add a rule under \`approval\` of the environment "${environment}".`,
      };
    }
  }
}

/** Escalations that could only come when the request is closed already. */
function* tooLate({ configuration }: CheckFrame): Generator<Problem> {
  const told = new Set<string>();
  for (const [id, service] of Object.entries(configuration.services)) {
    for (const environment of targetWishes(service).keys()) {
      const places = placesAround(configuration, id, environment);
      const { expiresMs } = policyOf(places.map(({ says }) => says.approval));
      const said = places.find(({ says }) => says.approval?.escalations !== undefined);
      for (const [index, { after }] of (said?.says.approval?.escalations ?? []).entries()) {
        const path: Path = [...(said?.at ?? []), 'approval', 'escalations', index, 'after'];
        if (after < expiresMs || told.has(pathText(path))) continue;
        told.add(pathText(path));
        const message = `Requests for "${id}" in "${environment}" are closed before this escalation`;
        yield {
          path,
          at: 'value',
          message,
          remedy: 'Escalate earlier, or let requests stay open longer by `expires`.',
        };
      }
    }
  }
}
