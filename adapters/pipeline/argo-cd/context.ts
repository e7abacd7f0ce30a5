import type { Run } from '../../../src/domain/run.ts';
import { type FailureDetails, PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools } from '../../shared/adapter.ts';
import { readAuthority } from '../../shared/http/authority.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import { createService, type Service } from '../../shared/http/service.ts';
import { Application, type Provider, Settings } from './schema.ts';

/** What every member of the provider works with. */
export interface Context {
  /** Key of the provider in the configuration. */
  readonly id: string;
  /** Address as people open it, without a slash at the end. */
  readonly webUrl: string;
  readonly service: Service;
  readonly tools: AdapterTools;
}

/** Reads the authority's file and the token once, so that a fault in them shows when the programme starts. */
export async function createContext(id: string, provider: Provider, tools: AdapterTools): Promise<Context> {
  const webUrl = provider.url.replace(/\/+$/, '');
  await tools.secrets.read(provider.token);
  const service = createService({
    port: id,
    system: 'Argo CD',
    login: 'the token',
    baseUrl: `${webUrl}/api/v1`,
    authority: await readAuthority(id, provider.certificateAuthority),
    clock: tools.clock,
    // Read for each call: tokens end and are replaced.
    headers: async () => ({ authorization: `Bearer ${await tools.secrets.read(provider.token)}` }),
  });
  return { id, webUrl, service, tools };
}

/** A start request in Argo CD's own terms. */
export interface Wanted {
  readonly settings: Settings;
  /** In words, for failures. */
  readonly what: string;
  readonly path: string;
  /** Which application of that name, as queries say it; bodies use the same words. */
  readonly which: { readonly appNamespace?: string; readonly project?: string };
}

export function wanted(request: StartRequest): Wanted {
  const settings = Settings.parse(request.settings);
  const { application, appNamespace, project } = settings;
  return {
    settings,
    what: `the application ${application}`,
    path: `applications/${pathOf(application)}`,
    which: {
      ...(appNamespace === undefined ? {} : { appNamespace }),
      ...(project === undefined ? {} : { project }),
    },
  };
}

/** Our id makes the run; the name of the application is there for people. */
export function runOf(context: Context, request: StartRequest): Run {
  const { settings } = wanted(request);
  return { provider: context.id, id: runId(settings.application, request.correlation), url: pageOf(context, request) };
}

export function runId(application: string, correlation: string): string {
  return `${application}/${correlation}`;
}

export function pageOf({ webUrl }: Context, request: StartRequest): string {
  const { application, appNamespace } = wanted(request).settings;
  return `${webUrl}/applications/${appNamespace === undefined ? '' : `${pathOf(appNamespace)}/`}${pathOf(application)}`;
}

/** Argo CD marks no answers, so each look reads the whole application; its steps are in there, and nothing else is asked. */
export async function readApplication({ service }: Context, request: StartRequest): Promise<Application> {
  const { what, path, which } = wanted(request);
  try {
    return await service.get({ what, path, query: which, form: Application });
  } catch (error) {
    if (!(error instanceof PortFailure) || error.details.code !== '403' || which.project !== undefined) throw error;
    // Of what is not there Argo CD says the same, unless the project is named.
    const advice = 'Or there is none of that name: with its `project` in the settings Argo CD would say so.';
    throw new PortFailure(`${error.message} ${advice}`, error.details);
  }
}

/** Changes single fields of the application. It is no start: whatever becomes of it, no run is in doubt. */
export async function patchApplication(
  { service }: Context,
  request: StartRequest,
  patch: unknown,
  fence?: Fence,
): Promise<Application> {
  const { what, path, which, settings } = wanted(request);
  const json = { name: settings.application, ...which, patch: JSON.stringify(patch), patchType: 'merge' };
  try {
    const order = { what, path, method: 'PATCH', json } as const;
    return service.read({ what }, await service.send(order, fence), Application);
  } catch (error) {
    if (!(error instanceof PortFailure) || error.details.inDoubt !== true) throw error;
    throw new PortFailure(error.message, { ...error.details, inDoubt: false, retryable: true });
  }
}

export function refused(
  { id }: Context,
  code: string,
  message: string,
  more: Partial<FailureDetails> = {},
): PortFailure {
  return new PortFailure(message, { port: id, kind: 'refused', retryable: false, code, ...more });
}
