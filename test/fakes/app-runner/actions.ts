import { addOperation, type FakeService, type World } from './world.ts';

type Input = Readonly<Record<string, unknown>>;

export interface Call {
  readonly world: World;
  readonly quirks: Quirks;
  readonly violations: string[];
  readonly input: Input;
}

export interface Quirks {
  /** Takes a deployment and names no operation: https://github.com/aws/apprunner-roadmap/issues/139 */
  namesNone?: boolean;
  /** Somebody gives the service this image instead. */
  otherImage?: string;
}

/** Becomes one of AWS's refusals by name. */
export class Refused extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** The actions that the adapter asks for, with the members that each may have: https://docs.aws.amazon.com/apprunner/latest/api/API_Operations.html */
export const ACTIONS: Readonly<Record<string, (call: Call) => unknown>> = {
  DescribeService: describe,
  ListOperations: list,
  ListTagsForResource: tags,
  TagResource: tag,
  UpdateService: update,
  StartDeployment: deploy,
};

const ANSWER_KEYS = ['ImageIdentifier', 'ImageConfiguration', 'ImageRepositoryType'];

function describe(call: Call) {
  return { Service: shape(serviceOf(call, ['ServiceArn'])) };
}

/** Newest first. */
function list(call: Call) {
  const service = serviceOf(call, ['ServiceArn', 'MaxResults', 'NextToken']);
  const most = Number(call.input['MaxResults'] ?? 1000);
  if (most < 1 || (most > 20 && call.input['MaxResults'] !== undefined))
    throw new Refused('InvalidRequestException', 'MaxResults');
  const from = Number(call.input['NextToken'] ?? 0);
  const all = service.operations.filter(({ lost }) => lost !== true).toReversed();
  const page = all
    .slice(from, from + most)
    .map(({ lost: _, ...operation }) => ({ ...operation, TargetArn: service.arn }));
  return { OperationSummaryList: page, ...(from + most < all.length ? { NextToken: String(from + most) } : {}) };
}

function tags(call: Call) {
  const service = serviceOf(call, ['ResourceArn']);
  return { Tags: [...service.tags].map(([Key, Value]) => ({ Key, Value })) };
}

/** A value has at most 256 characters: https://docs.aws.amazon.com/apprunner/latest/api/API_Tag.html */
function tag(call: Call) {
  const service = serviceOf(call, ['ResourceArn', 'Tags']);
  for (const { Key, Value } of (call.input['Tags'] ?? []) as readonly { Key: string; Value: string }[]) {
    if (Key.length > 128 || Value.length > 256) throw new Refused('InvalidRequestException', 'Tag too long');
    service.tags.set(Key, Value);
  }
  return {};
}

function update(call: Call) {
  const service = serviceOf(call, ['ServiceArn', 'SourceConfiguration']);
  const source = (call.input['SourceConfiguration'] ?? {}) as Input;
  known(call, source, ['ImageRepository', 'CodeRepository', 'AutoDeploymentsEnabled', 'AuthenticationConfiguration']);
  const repository = (source['ImageRepository'] ?? {}) as Input;
  known(call, repository, ANSWER_KEYS);
  free(service);
  const lost = ['ImageConfiguration', 'ImageRepositoryType'].filter((key) => repository[key] === undefined);
  call.violations.push(...lost.map((key) => `UpdateService forgets the ${key} of the service`));
  service.image = call.quirks.otherImage ?? String(repository['ImageIdentifier']);
  const { Id } = addOperation(service, 'UPDATE_SERVICE');
  return { Service: shape(service), ...(call.quirks.namesNone === true ? {} : { OperationId: Id }) };
}

function deploy(call: Call) {
  const service = serviceOf(call, ['ServiceArn']);
  free(service);
  return { OperationId: addOperation(service, 'START_DEPLOYMENT').Id };
}

function free({ status }: FakeService): void {
  if (status === 'RUNNING') return;
  throw new Refused('InvalidStateException', `Service cannot be updated in the current state: ${status}`);
}

function serviceOf(call: Call, keys: readonly string[]): FakeService {
  known(call, call.input, keys);
  const service = call.world.services.get(String(call.input['ServiceArn'] ?? call.input['ResourceArn']));
  if (service === undefined) throw new Refused('ResourceNotFoundException', 'Service not found');
  return service;
}

function known({ violations }: Call, part: Input, keys: readonly string[]): void {
  const odd = Object.keys(part).filter((key) => !keys.includes(key));
  violations.push(...odd.map((key) => `no member "${key}"`));
}

/** As https://docs.aws.amazon.com/apprunner/latest/api/API_Service.html shows one, without what nobody reads. */
function shape({ arn, name, status, image, configuration, automatic, code }: FakeService) {
  const source = code
    ? {
        CodeRepository: {
          RepositoryUrl: 'https://github.com/acme/web',
          SourceCodeVersion: { Type: 'BRANCH', Value: 'main' },
        },
      }
    : { ImageRepository: { ImageIdentifier: image, ImageConfiguration: configuration, ImageRepositoryType: 'ECR' } };
  return {
    ServiceName: name,
    ServiceId: arn.split('/').at(-1),
    ServiceArn: arn,
    ServiceUrl: 'psbqam834h.eu-west-1.awsapprunner.com',
    CreatedAt: 1_600_000_000,
    UpdatedAt: 1_600_000_000,
    Status: status,
    SourceConfiguration: {
      ...source,
      AutoDeploymentsEnabled: automatic,
      AuthenticationConfiguration: { AccessRoleArn: 'arn:aws:iam::123456789012:role/apprunner-ecr' },
    },
    InstanceConfiguration: { Cpu: '1024', Memory: '2048' },
    NetworkConfiguration: { EgressConfiguration: { EgressType: 'DEFAULT' } },
  };
}
