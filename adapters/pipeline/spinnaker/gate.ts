import { PortFailure } from '../../../src/ports/failure.ts';
import type { AdapterTools } from '../../shared/adapter.ts';
import { readAuthority } from '../../shared/http/authority.ts';
import type { ClientCertificate } from '../../shared/http/fenced-fetch.ts';
import { createService, type Service } from '../../shared/http/service.ts';
import type { Provider } from './schema.ts';

interface Login {
  readonly words: string;
  /** Asked for each time: a token may be renewed where it is kept. */
  headers(): Promise<Readonly<Record<string, string>>>;
  readonly clientCertificate?: ClientCertificate;
}

/** Gate, with our login in every call. Throws where a secret or a file is not as it must be. */
export async function createGate(id: string, provider: Provider, { clock, secrets }: AdapterTools): Promise<Service> {
  const [login, authority] = await Promise.all([
    loginOf(provider, (reference) => secrets.read(reference)),
    readAuthority(id, provider.certificateAuthority),
  ]);
  const user = provider.user === undefined ? {} : { 'x-spinnaker-user': provider.user };
  const service = createService({
    port: id,
    system: 'Spinnaker',
    login: login.words,
    baseUrl: provider.url,
    authority,
    clientCertificate: login.clientCertificate,
    clock,
    headers: async () => ({ ...(await login.headers()), ...user }),
  });
  const told = async <T>(call: Promise<T>) => call.catch((error: unknown) => Promise.reject(asRefused(error, login)));
  return {
    ...service,
    get: (question) => told(service.get(question)),
    ask: (question) => told(service.ask(question)),
    send: (order, fence) => told(service.send(order, fence)),
  };
}

async function loginOf({ auth }: Provider, read: (reference: string) => Promise<string>): Promise<Login> {
  if ('token' in auth) {
    await read(auth.token);
    return { words: 'the token', headers: async () => ({ authorization: `Bearer ${await read(auth.token)}` }) };
  }
  if ('password' in auth) {
    const both = Buffer.from(`${auth.user}:${await read(auth.password)}`).toString('base64');
    return { words: 'the user and password', headers: async () => ({ authorization: `Basic ${both}` }) };
  }
  const [certificate, key] = await Promise.all([read(auth.certificate), read(auth.key)]);
  return { words: 'the client certificate', headers: async () => ({}), clientCertificate: { certificate, key } };
}

/** Whom Gate does not know it sends to a login page instead of saying 401. */
function asRefused(error: unknown, { words }: Login): unknown {
  if (!(error instanceof PortFailure) || !/^30[1237]$/.test(error.details.code ?? '')) return error;
  const message = `Spinnaker does not accept the credentials: it shows its login page. Check ${words} of the configuration.`;
  return new PortFailure(message, { ...error.details, kind: 'forbidden', retryable: false });
}
