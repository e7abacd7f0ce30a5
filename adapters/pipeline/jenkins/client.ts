import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { AdapterTools } from '../../shared/adapter.ts';
import { readAuthority } from '../../shared/http/authority.ts';
import type { Answered } from '../../shared/http/failure.ts';
import { orNothing } from '../../shared/http/or-nothing.ts';
import { createService, type Order, type Service, type ServiceSetup } from '../../shared/http/service.ts';
import { Crumb, type Provider } from './schema.ts';

/** One Jenkins with one login. */
export interface Jenkins extends Omit<Service, 'send' | 'read'> {
  /** Where people open it, without a slash at the end. */
  readonly webUrl: string;
  /** A write; many answer with a redirect to some page, which is as good as any other success. */
  send(order: Order, fence?: Fence): Promise<Answered>;
}

/** Where a Jenkins, or a proxy before it, sends those whom it does not know. */
const LOGIN_PAGE = /\/(?:login|securityRealm|oauth2?|saml)\b/i;

/** Reads the authority's file and the secret once, so that a fault in them shows when the programme starts. */
export async function createJenkins(id: string, provider: Provider, tools: AdapterTools): Promise<Jenkins> {
  const { auth } = provider;
  const webUrl = provider.url.replace(/\/+$/, '');
  const reference = 'apiToken' in auth ? auth.apiToken : auth.password;
  await tools.secrets.read(reference);
  const basic = async () => {
    const pair = `${auth.user}:${await tools.secrets.read(reference)}`;
    return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  };
  const common: ServiceSetup = {
    port: id,
    system: 'Jenkins',
    login: 'apiToken' in auth ? 'the user and API token' : 'the user and password',
    baseUrl: webUrl,
    authority: await readAuthority(id, provider.certificateAuthority),
    clock: tools.clock,
    headers: basic,
    manner: { complaint },
  };
  // An API token needs no crumb: https://www.jenkins.io/doc/book/security/csrf-protection/#working-with-scripted-clients
  const crumbs = 'apiToken' in auth ? undefined : createCrumbs(createService(common));
  const service = createService({
    ...common,
    headers: async (call) => ({ ...(await basic()), ...(call.method === 'GET' ? {} : await crumbs?.crumb()) }),
  });

  async function send(order: Order, fence?: Fence): Promise<Answered> {
    const write = () => service.send({ ...order, redirects: true }, fence);
    const answer = await write().catch((error: unknown) => {
      // It was refused at the door, so nothing has happened yet.
      if (crumbs === undefined || !isStaleCrumb(error)) throw error;
      crumbs.forget();
      return write();
    });
    if (answer.status < 300 || !LOGIN_PAGE.test(String(answer.headers['location']))) return answer;
    const message = `Jenkins sends us to its login page instead of doing anything about ${order.what}. Check ${common.login} of the configuration.`;
    throw new PortFailure(message, { port: id, kind: 'forbidden', retryable: false, code: 'login-page' });
  }

  return { webUrl, get: service.get, ask: service.ask, tail: service.tail, send };
}

interface Crumbs {
  crumb(): Promise<Readonly<Record<string, string>>>;
  forget(): void;
}

/** A crumb belongs to the session in which it was given, so both are kept together, until they are refused. */
function createCrumbs(service: Service): Crumbs {
  let kept: ReturnType<Crumbs['crumb']> | undefined;

  async function fetched(): Promise<Readonly<Record<string, string>>> {
    const answer = await orNothing(service.ask({ what: 'a crumb', path: 'crumbIssuer/api/json' }));
    // Without protection against forged requests there is no issuer.
    if (answer === undefined) return {};
    const { crumb, crumbRequestField } = service.read({ what: 'a crumb' }, answer, Crumb);
    const cookies = String(answer.headers['set-cookie'] ?? '').split('\n');
    return { [crumbRequestField]: crumb, cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') };
  }

  async function crumb(): Promise<Readonly<Record<string, string>>> {
    kept ??= fetched();
    const mine = kept;
    return mine.catch((error: unknown) => {
      if (kept === mine) kept = undefined;
      throw error;
    });
  }

  return {
    crumb,
    forget: () => {
      kept = undefined;
    },
  };
}

function isStaleCrumb(error: unknown): boolean {
  return error instanceof PortFailure && error.details.code === '403' && /no valid crumb/i.test(error.message);
}

/** Jenkins refuses in HTML: the server's own page, its page "Error" with one paragraph, or at least a title. */
function complaint(data: unknown): string {
  if (typeof data !== 'string') return '';
  const shapes = [/<h2>HTTP ERROR \d+ ([^<]+)/, /<h1>\s*Error\s*<\/h1>\s*<p[^>]*>([^<]+)/, /<title>([^<]+)/];
  const said = shapes.map((shape) => shape.exec(data)?.[1]?.trim()).find((words) => words !== undefined);
  return said ?? '';
}
