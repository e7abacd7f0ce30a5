import type { Checked, CheckFrame } from './checks.ts';
import { suggestion } from './nearest.ts';
import { policyOf } from './policy.ts';
import { keysOf, type Path, type Problem, valueAt } from './problem.ts';
import { type ApprovalWish, targetWishes } from './service-schema.ts';

/** Rules that nobody could ever meet, and targets that nobody guards. */
export function checkRules(frame: CheckFrame): Checked {
  const faults = approvalsOf(frame).flatMap(({ at, wish }) => [...unmeetable(frame, at, wish)]);
  return { faults, warnings: [...unguarded(frame)] };
}

interface Place {
  readonly at: Path;
  readonly wish: ApprovalWish | undefined;
}

function approvalsOf({ configuration }: CheckFrame): readonly Place[] {
  const { approval, environments, services } = configuration;
  return [
    { at: ['approval'], wish: approval },
    ...Object.entries(environments).map(([id, one]) => ({ at: ['environments', id, 'approval'], wish: one?.approval })),
    ...Object.entries(services).flatMap(([id, service]) =>
      [...targetWishes(service)].map(([environment, wish]) => ({
        at: ['services', id, 'environments', environment, 'approval'],
        wish: wish.approval,
      })),
    ),
  ];
}

function* unmeetable(frame: CheckFrame, at: Path, wish: ApprovalWish | undefined): Generator<Problem> {
  const known = keysOf(valueAt(frame.content, ['groups']));
  for (const [index, { group, count }] of (wish?.rules ?? []).entries()) {
    const path: Path = [...at, 'rules', index];
    if (!known.includes(group)) {
      const remedy = suggestion(group, known, 'Define it under `groups`.');
      yield { path: [...path, 'group'], at: 'value', message: `There is no group "${group}"`, remedy };
      continue;
    }
    const members = frame.configuration.groups[group];
    if (members === undefined || !('people' in members) || frame.isPruned(['groups', group])) continue;
    const size = new Set(members.people).size;
    if (size >= count) continue;
    const message = `${count} of "${group}" are needed, but the group has only ${size}`;
    yield { path: [...path, 'count'], at: 'value', message, remedy: 'Ask for fewer, or add people to the group.' };
  }
}

/** Customers use it, and a single person can change it: allowed, but seldom meant. */
function* unguarded({ configuration, isPruned }: CheckFrame): Generator<Problem> {
  for (const [id, service] of Object.entries(configuration.services)) {
    for (const [environment, wish] of targetWishes(service)) {
      const around = configuration.environments[environment];
      const customerFacing = wish.customerFacing ?? around?.customerFacing ?? false;
      const { rules } = policyOf([wish.approval, around?.approval, configuration.approval]);
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
