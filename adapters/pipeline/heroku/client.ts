import type { z } from 'zod';
import type { AdapterTools } from '../../shared/adapter.ts';
import { type Attempt, misbehaved } from '../../shared/http/failure.ts';
import { fetchesOf } from '../../shared/http/fenced-fetch.ts';
import { createService, type Service } from '../../shared/http/service.ts';
import { fetchTail } from '../../shared/http/transport.ts';
import type { Provider } from './schema.ts';

/** One Heroku with one login. */
export interface Heroku extends Service {
  /** Page by page, newest first, until the caller has enough or so many pages were read. `by`: the property that Heroku orders them by. */
  newest<Item>(question: {
    readonly what: string;
    readonly path: string;
    readonly item: z.ZodType<readonly Item[]>;
    readonly by: 'created_at' | 'version';
  }): AsyncGenerator<readonly Item[]>;
  /**
   * The end of what a build or a release command printed. The address is itself the permission: our login is not sent there. Nothing
   * when it is gone, or cannot be had now.
   */
  output(url: string | null | undefined): Promise<string | undefined>;
}

const SYSTEM = 'Heroku';
const LOGIN = 'the token';
const TIMEOUT_MS = 10_000;
const PAGE = 200;
const MOST_PAGES = 5;
const OUTPUT_BYTES = 32_000;

/** Reads the token once, so that a fault in it shows when the programme starts. */
export async function createHeroku(id: string, provider: Provider, { clock, secrets }: AdapterTools): Promise<Heroku> {
  await secrets.read(provider.token);
  const service = createService({
    port: id,
    system: SYSTEM,
    login: LOGIN,
    baseUrl: provider.url,
    clock,
    timeoutMs: TIMEOUT_MS,
    headers: async () => ({
      accept: 'application/vnd.heroku+json; version=3',
      authorization: `Bearer ${await secrets.read(provider.token)}`,
    }),
  });
  const { plain } = fetchesOf(undefined);

  /** Lists go by ranges; one that goes on is answered 206 and names the next: https://devcenter.heroku.com/articles/platform-api-reference#ranges */
  const newest: Heroku['newest'] = async function* newest({ what, path, item, by }) {
    let range = `${by} ..; order=desc, max=${PAGE}`;
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const answer = await service.ask({ what, path, headers: { range } });
      const read = item.safeParse(answer.data);
      if (!read.success) {
        const attempt: Attempt = { port: id, system: SYSTEM, login: LOGIN, what, writes: false, now: clock.now() };
        throw misbehaved(attempt, read.error.issues[0]?.message ?? '');
      }
      yield read.data;
      const next = answer.headers['next-range'];
      if (answer.status !== 206 || typeof next !== 'string') return;
      range = next;
    }
  };

  const output: Heroku['output'] = async (url) => {
    if (url === undefined || url === null || !URL.canParse(url)) return undefined;
    const found = await fetchTail(clock, url, OUTPUT_BYTES, TIMEOUT_MS, { fetch: plain }).catch(() => undefined);
    return found?.status === 200 ? found.text : undefined;
  };

  return { ...service, newest, output };
}
