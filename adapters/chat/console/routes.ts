import type { Choice } from '../../../src/ports/chat.ts';
import type { Route } from '../../../src/ports/http.ts';
import { complete } from './complete.ts';
import { evidenceWish, showEvidence, showPeriod } from './evidence.ts';
import { getForm, postCommand, postDismiss, postWho } from './posts.ts';
import {
  frameOf,
  guarded,
  type Site,
  showChat,
  showDeployment,
  showDeployments,
  showDora,
  showHelp,
  showMe,
  showTargets,
} from './site.ts';

/** Every address of the console. */
export function routesOf(site: Site): readonly Route[] {
  type Answer = (request: Request, query: URLSearchParams, path: string) => Promise<Response> | Response;
  const route = (method: 'GET' | 'POST', path: string, answer: Answer): Route => ({
    method,
    path,
    handle: (request) => {
      const { searchParams, pathname } = new URL(request.url);
      return guarded(site, request, () => answer(request, searchParams, pathname));
    },
  });
  const frame = (request: Request) => frameOf(site, request);

  return [
    route('GET', '/', (request, query) => showChat(site, frame(request), query.get('channel'), query.get('before'))),
    route('GET', '/me', (request) => showMe(site, frame(request))),
    route('GET', '/targets', (request) => showTargets(site, frame(request))),
    route('GET', '/deployments', (request, query) => showDeployments(site, frame(request), query)),
    route('GET', '/deployments/*', (request, _query, path) => {
      const wish = evidenceWish(idOf(path));
      return wish === undefined
        ? showDeployment(site, frame(request), idOf(path))
        : showEvidence(site, frame(request), wish);
    }),
    route('GET', '/evidence', (request, query) => showPeriod(site, frame(request), query)),
    route('GET', '/dora', (request, query) => showDora(site, frame(request), query)),
    route('GET', '/help', (request) => showHelp(frame(request))),
    route('GET', '/console/assets/*', (request) => site.assets.get(request)),
    route('GET', '/console/events', (request) => site.live.open(request)),
    route('GET', '/console/complete', async (_request, query) => Response.json(await choices(site, query))),
    route('GET', '/console/form', (request) => getForm(site, request)),
    route('POST', '/console/say', (request) => postCommand(site, request, 'say')),
    route('POST', '/console/press', (request) => postCommand(site, request, 'press')),
    route('POST', '/console/form', (request) => postCommand(site, request, 'form')),
    route('POST', '/console/dismiss', (request) => postDismiss(site, request)),
    route('POST', '/console/who', (request) => postWho(site, request)),
  ];
}

function idOf(path: string): string {
  try {
    return decodeURIComponent(path.slice('/deployments/'.length));
  } catch {
    return '';
  }
}

/** For the command line (`field=line`), or for one field of the form. */
async function choices({ tools, ear, readOnly }: Site, query: URLSearchParams): Promise<readonly Choice[]> {
  const inbox = ear.inbox();
  const typed = (query.get('text') ?? '').slice(0, 500);
  const service = query.get('service') ?? '';
  if (inbox === undefined || readOnly) return [];
  if (query.get('field') === 'ref') return inbox.choices('ref', typed, service === '' ? {} : { service });
  return complete(typed, {
    catalog: tools.reading.catalog(),
    deployments: () => tools.reading.deployments({ limit: 20 }),
    refs: (of, text) => inbox.choices('ref', text, { service: of }),
  });
}
