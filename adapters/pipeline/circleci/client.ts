import type { z } from 'zod';
import type { AdapterTools } from '../../shared/adapter.ts';
import { readAuthority } from '../../shared/http/authority.ts';
import { silentFailure } from '../../shared/http/failure.ts';
import { fetchesOf } from '../../shared/http/fenced-fetch.ts';
import type { Call } from '../../shared/http/outgoing.ts';
import { createService, type Service } from '../../shared/http/service.ts';
import { fetchTail, isTooSlow } from '../../shared/http/transport.ts';
import { type Provider, pageOf } from './schema.ts';

/** One CircleCI with one login. */
export interface CircleCI extends Service {
  /** Version 1.1, for the little that the second does not tell. */
  readonly first: Service;
  /** Where people open it, without a slash at the end. */
  readonly webUrl: string;
  /** Page by page, newest first as CircleCI gives them, until `enough` says so or so many pages were read. */
  pages<Item>(
    question: Call & { readonly item: z.ZodType<Item>; readonly polled?: boolean },
    most: number,
  ): AsyncGenerator<readonly Item[]>;
  /** All of it, so many pages at most. */
  list<Item>(question: Call & { readonly item: z.ZodType<Item> }, most: number): Promise<readonly Item[]>;
  /** A text that is kept elsewhere, under an address that is itself the permission: our login is not sent there. Nothing when it is gone. */
  elsewhere(what: string, url: string, bytes: number): Promise<string | undefined>;
}

const SYSTEM = 'CircleCI';
const LOGIN = 'the API token';
const TIMEOUT_MS = 10_000;

/** Reads the authority's file and the token once, so that a fault in them shows when the programme starts. */
export async function createCircleCI(id: string, provider: Provider, tools: AdapterTools): Promise<CircleCI> {
  const { clock, secrets } = tools;
  const url = provider.url.replace(/\/+$/, '');
  const authority = await readAuthority(id, provider.certificateAuthority);
  await secrets.read(provider.token);
  const headers = async () => ({ 'circle-token': await secrets.read(provider.token) });
  const common = { port: id, system: SYSTEM, login: LOGIN, authority, clock, headers, timeoutMs: TIMEOUT_MS };
  const second = createService({ ...common, baseUrl: `${url}/api/v2` });
  const first = createService({ ...common, baseUrl: `${url}/api/v1.1` });
  const { plain } = fetchesOf(authority);

  const pages: CircleCI['pages'] = async function* pages({ item, ...question }, most) {
    let token: string | undefined;
    for (let page = 1; page <= most; page += 1) {
      const query = { ...question.query, 'page-token': token };
      const found = await second.get({ ...question, query, form: pageOf(item) });
      yield found.items;
      token = found.next_page_token ?? undefined;
      if (token === undefined || token === '') return;
    }
  };

  const list: CircleCI['list'] = async (question, most) => {
    const all = [];
    for await (const items of pages({ ...question, polled: true }, most)) all.push(...items);
    return all;
  };

  const elsewhere: CircleCI['elsewhere'] = async (what, address, bytes) => {
    try {
      const found = await fetchTail(clock, address, bytes, TIMEOUT_MS, { fetch: plain });
      return found.status === 200 ? found.text : undefined;
    } catch (error) {
      const attempt = { port: id, system: SYSTEM, login: LOGIN, what, writes: false, now: clock.now() };
      throw silentFailure(attempt, error, isTooSlow(error));
    }
  };

  return { ...second, first, webUrl: webUrlOf(provider), pages, list, elsewhere };
}

/** CircleCI has its pages below `app.`, beside its API. */
function webUrlOf({ url, webUrl }: Provider): string {
  if (webUrl !== undefined) return webUrl.replace(/\/+$/, '');
  const { protocol, host } = new URL(url);
  return `${protocol}//app.${host}`;
}
