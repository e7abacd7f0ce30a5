import type { Checked, CheckFrame } from './checks.ts';
import { type Path, type Problem, valueAt } from './problem.ts';
import { refers } from './refers.ts';
import { type ServiceWish, type TargetWish, targetWishes } from './service-schema.ts';
import { afterOf } from './target.ts';

/** The order of environments that `after` makes: every step must be there, and none may wait for itself. */
export function checkOrder(frame: CheckFrame): Checked {
  const { services } = frame.configuration;
  const inServices = Object.entries(services).flatMap(([id, service]) => [...ofService(frame, id, service)]);
  return { faults: [...unknownSteps(frame), ...inServices], warnings: [] };
}

function* unknownSteps(frame: CheckFrame): Generator<Problem> {
  const { environments, services } = frame.configuration;
  for (const [id, one] of Object.entries(environments)) yield* ofPlace(frame, ['environments', id], one?.after);
  for (const [id, service] of Object.entries(services)) {
    for (const [environment, wish] of targetWishes(service))
      yield* ofPlace(frame, ['services', id, 'environments', environment], wish.after);
  }
}

function* ofPlace(frame: CheckFrame, at: Path, after: TargetWish['after']): Generator<Problem> {
  for (const [index, { environment }] of (after ?? []).entries())
    yield* refers(frame, 'environment', environment, stepAt(frame, [...at, 'after', index]));
}

/** Where the name of the environment stands, written alone or with its bake. */
function stepAt({ content }: CheckFrame, path: Path): Path {
  const step = valueAt(content, path);
  return typeof step === 'object' ? [...path, 'environment'] : path;
}

function* ofService(frame: CheckFrame, id: string, service: ServiceWish): Generator<Problem> {
  if (frame.isPruned(['services', id])) return;
  const targets = targetWishes(service);
  const { environments } = frame.configuration;
  const order = new Map([...targets].map(([one, wish]) => [one, afterOf(wish, environments[one] ?? undefined)]));
  for (const [environment, after] of order) {
    const at = saidAt(id, environment, targets.get(environment));
    for (const [index, step] of after.entries()) {
      const path = stepAt(frame, [...at, index]);
      if (!Object.hasOwn(environments, step.environment)) continue;
      if (!targets.has(step.environment)) yield notThere(path, id, environment, step.environment);
      else if (leadsTo(order, step.environment, environment)) yield circle(path, environment, step.environment);
    }
  }
}

function saidAt(service: string, environment: string, wish: TargetWish | undefined): Path {
  const place =
    wish?.after === undefined ? ['environments', environment] : ['services', service, 'environments', environment];
  return [...place, 'after'];
}

/** Must `goal` come before `from`, or before what must come before it? */
function leadsTo(order: ReadonlyMap<string, readonly { environment: string }[]>, from: string, goal: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    if (here === goal) return true;
    if (seen.has(here)) continue;
    seen.add(here);
    open.push(...(order.get(here) ?? []).map(({ environment }) => environment));
  }
  return false;
}

function notThere(path: Path, service: string, environment: string, step: string): Problem {
  return {
    path,
    at: 'value',
    message: `"${service}" comes to "${environment}" after "${step}", but does not run in "${step}"`,
    remedy: `Add "${step}" to the environments of "${service}", or write \`after: []\` for its "${environment}".`,
  };
}

function circle(path: Path, environment: string, step: string): Problem {
  const itself = environment === step;
  return {
    path,
    at: 'value',
    message: itself ? `"${environment}" waits for itself` : `"${environment}" and "${step}" wait for each other`,
    remedy: 'Nothing could ever be deployed there: remove one of the steps.',
  };
}
