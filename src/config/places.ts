import type { AccessWish } from './access-schema.ts';
import type { ApprovalWish } from './approval-schema.ts';
import type { Path } from './problem.ts';
import type { Configuration } from './schema.ts';
import { targetWishes } from './service-schema.ts';

/** What a part of the file says of approval and access. */
interface Saying {
  readonly approval?: ApprovalWish | undefined;
  readonly access?: AccessWish | undefined;
}

/** A part of the file that may say something of approval and access, and where it stands. */
export interface Place {
  readonly at: Path;
  readonly says: Saying;
}

/** Every place, the widest first. */
export function everyPlace(configuration: Configuration): readonly Place[] {
  const { environments, services } = configuration;
  return [
    { at: [], says: configuration },
    ...Object.entries(environments).map(([id, one]) => ({ at: ['environments', id], says: one ?? {} })),
    ...Object.entries(services).flatMap(([id, service]) => [
      { at: ['services', id], says: service },
      ...[...targetWishes(service)].map(([environment, says]) => ({ at: targetAt(id, environment), says })),
    ]),
  ];
}

/** The places that speak of one target, the nearest to it first: target, service, environment, file. */
export function placesAround(configuration: Configuration, service: string, environment: string): readonly Place[] {
  const wide = configuration.services[service];
  const near = wide === undefined ? undefined : targetWishes(wide).get(environment);
  return [
    { at: targetAt(service, environment), says: near ?? {} },
    { at: ['services', service], says: wide ?? {} },
    { at: ['environments', environment], says: configuration.environments[environment] ?? {} },
    { at: [], says: configuration },
  ];
}

function targetAt(service: string, environment: string): Path {
  return ['services', service, 'environments', environment];
}
