import { type Access, RIGHT_NAMES } from '../domain/access.ts';
import type { PipelineUse, TargetSettings } from '../domain/catalog.ts';
import { type InputSpecs, specsIn } from '../domain/inputs.ts';
import type { AccessWish } from './access-schema.ts';
import { placesAround } from './places.ts';
import { policyOf } from './policy.ts';
import type { Configuration } from './schema.ts';
import type { EnvironmentWish, TargetWish } from './service-schema.ts';

const DEFAULT_TIMEOUT_MS = 3_600_000;

/** Everything that is true of one environment of one service: each thing from the nearest place that says it. */
export function targetOf(
  { service, environment, pipeline }: { service: string; environment: string; pipeline: PipelineUse },
  wish: TargetWish,
  configuration: Configuration,
): TargetSettings {
  const around = configuration.environments[environment] ?? undefined;
  const places = placesAround(configuration, service, environment);
  const access = accessOf(places.map(({ says }) => says.access));
  return {
    environment,
    policy: policyOf(places.map(({ says }) => says.approval)),
    pipeline,
    ...(wish.url === undefined ? {} : { url: wish.url }),
    customerFacing: wish.customerFacing ?? around?.customerFacing ?? false,
    rollbackOnFailure: wish.rollbackOnFailure ?? around?.rollbackOnFailure ?? false,
    timeoutMs: wish.timeout ?? around?.timeout ?? DEFAULT_TIMEOUT_MS,
    ...(Object.keys(access).length === 0 ? {} : { access }),
    ...((wish.waits ?? around?.waits) === 'answered' ? { waits: 'answered' as const } : {}),
    ...furtherSettings(wish, around),
    ...inputsOf(configuration.services[service]?.inputs, environment),
  };
}

function inputsOf(specs: InputSpecs | undefined, environment: string): Pick<TargetSettings, 'inputs'> {
  const here = specsIn(specs ?? {}, environment);
  return Object.keys(here).length === 0 ? {} : { inputs: here };
}

function furtherSettings(
  wish: TargetWish,
  around: EnvironmentWish | undefined,
): Pick<TargetSettings, 'regions' | 'after' | 'reviewMs'> {
  const regions = wish.regions ?? around?.regions ?? [];
  const after = afterOf(wish, around);
  const reviewMs = wish.review ?? around?.review;
  return {
    ...(regions.length === 0 ? {} : { regions }),
    ...(after.length === 0 ? {} : { after }),
    ...(reviewMs === undefined ? {} : { reviewMs }),
  };
}

/** Where the same commit must have succeeded before it may come here. */
export function afterOf(wish: TargetWish, around: EnvironmentWish | undefined): NonNullable<TargetSettings['after']> {
  return wish.after ?? around?.after ?? [];
}

/** Right by right the nearest word, the nearest place first. */
function accessOf(wishes: readonly (AccessWish | undefined)[]): Access {
  const said = RIGHT_NAMES.flatMap((right) => {
    const holders = wishes.find((wish) => wish?.[right] !== undefined)?.[right];
    return holders === undefined ? [] : [[right, typeof holders === 'string' ? [holders] : holders] as const];
  });
  return Object.fromEntries(said);
}
