import { randomUUID } from 'node:crypto';
import type { ImageConfiguration, OperationStatus, OperationType, ServiceStatus } from '@aws-sdk/client-apprunner';

export interface FakeOperation {
  readonly Id: string;
  readonly Type: OperationType;
  Status: OperationStatus | 'PONDERING';
  /** Seconds since 1970, as App Runner tells times. */
  readonly StartedAt: number;
  EndedAt?: number;
  lost?: boolean;
}

export interface FakeService {
  readonly arn: string;
  readonly name: string;
  status: ServiceStatus;
  image: string;
  readonly configuration: ImageConfiguration;
  automatic: boolean;
  /** Built from a branch instead of an image. */
  code: boolean;
  /** Newest last. */
  readonly operations: FakeOperation[];
  readonly tags: Map<string, string>;
}

export interface World {
  readonly services: Map<string, FakeService>;
}

export const REGION = 'eu-west-1';

export function createWorld(): World {
  return { services: new Map() };
}

/** A service that was created a while ago, with an image. */
export function addService(world: World, name: string, image: string): FakeService {
  const service: FakeService = {
    arn: `arn:aws:apprunner:${REGION}:123456789012:service/${name}/8fe1e10304f84fd2b0df550fe98a71fa`,
    name,
    status: 'RUNNING',
    image,
    configuration: { Port: '8080', RuntimeEnvironmentVariables: { MODE: 'live' } },
    automatic: false,
    code: false,
    operations: [],
    tags: new Map(),
  };
  world.services.set(service.arn, service);
  addOperation(service, 'CREATE_SERVICE');
  endOperation(service, 'SUCCEEDED');
  return service;
}

export function addOperation(service: FakeService, Type: OperationType): FakeOperation {
  const operation: FakeOperation = { Id: randomUUID(), Type, Status: 'PENDING', StartedAt: seconds() };
  service.operations.push(operation);
  service.status = 'OPERATION_IN_PROGRESS';
  return operation;
}

/** Ends the last operation with App Runner's own word. */
export function endOperation(service: FakeService, status: FakeOperation['Status']): void {
  const operation = service.operations.at(-1);
  if (operation === undefined) throw new RangeError(`The fake has no operation on ${service.name}`);
  Object.assign(operation, { Status: status, EndedAt: seconds() });
  service.status = 'RUNNING';
}

function seconds(): number {
  return Math.round(Date.now()) / 1000;
}
