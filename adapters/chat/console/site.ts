import { askDora, lastDays } from '../../../src/domain/dora.ts';
import type { ChatTools } from '../../shared/adapter.ts';
import type { Assets } from './assets.ts';
import { type Channel, channelsOf, MAIN_CHANNEL } from './channels.ts';
import type { Ear } from './chat.ts';
import { fromOwnPage, hostAllowed, SAFETY_HEADERS } from './guard.ts';
import { visibleTo } from './inbound.ts';
import type { Live } from './live.ts';
import type { Html } from './markup.ts';
import type { Messages } from './messages.ts';
import { chatPage } from './pages/chat.ts';
import { deploymentPage, missingPage } from './pages/deployment.ts';
import { deploymentsPage } from './pages/deployments.ts';
import { doraAsked, doraPage } from './pages/dora.ts';
import { helpPage } from './pages/help.ts';
import type { Frame } from './pages/layout.ts';
import { mePage } from './pages/me.ts';
import { targetsPage } from './pages/targets.ts';
import { viewerOf, viewers } from './people.ts';
import { sameChannel } from './shelf.ts';
import { deploymentsView, deploymentView, filterOf, targetViews } from './views.ts';

/** Everything the pages and the posts are made of. */
export interface Site {
  readonly tools: ChatTools;
  readonly messages: Messages;
  readonly ear: Ear;
  readonly live: Live;
  readonly assets: Assets;
  readonly readOnly: boolean;
}

/** For whom a page is made: `named` is who the pressed page said it was, which an open page of yesterday still does. */
export function frameOf(site: Site, request: Request, named?: string | null): Frame {
  const catalog = site.tools.reading.catalog();
  const { pathname, search } = new URL(request.url);
  return {
    catalog,
    viewer: viewerOf(catalog, request, named),
    viewers: viewers(catalog),
    readOnly: site.readOnly,
    assets: site.assets.base,
    mark: site.live.mark(),
    here: `${pathname}${search}`,
  };
}

export interface Extra {
  readonly form?: Html;
  readonly notice?: Html;
  readonly status?: number;
}

export async function showChat(
  site: Site,
  frame: Frame,
  wished: string | null,
  before: string | null,
  extra: Extra = {},
): Promise<Response> {
  // Whoever wrote it: what was answered by another instance a moment ago must be on the page.
  await site.messages.current();
  const books = await site.tools.reading.placeBooks();
  const channels = channelsOf(frame.catalog, books, site.messages, frame.viewer);
  const channel = channels.find(({ id }) => sameChannel(id) === sameChannel(wished ?? MAIN_CHANNEL)) ?? first(channels);
  const messages = site.messages.inChannel(channel.id).filter((message) => visibleTo(message, frame.viewer));
  const view = { channels, channel, messages, before: before ?? undefined, form: extra.form };
  const noticed = extra.notice === undefined ? frame : { ...frame, notice: extra.notice };
  return page(chatPage(noticed, view), extra.status);
}

export async function showMe(site: Site, frame: Frame): Promise<Response> {
  return page(await mePage(frame, site.ear));
}

export async function showTargets(site: Site, frame: Frame): Promise<Response> {
  return page(targetsPage(frame, await targetViews(site.tools.reading, site.tools.clock)));
}

export async function showDeployments(site: Site, frame: Frame, query: URLSearchParams): Promise<Response> {
  return page(deploymentsPage(frame, await deploymentsView(site.tools.reading, filterOf(query))));
}

export async function showDeployment(site: Site, frame: Frame, id: string): Promise<Response> {
  const view = await deploymentView(site.tools.reading, site.tools.clock, id);
  if (view === undefined) return page(missingPage(frame, id), 404);
  return page(deploymentPage(frame, view));
}

export async function showDora(site: Site, frame: Frame, query: URLSearchParams): Promise<Response> {
  const { reading, clock } = site.tools;
  const { days, filter, wanted } = doraAsked(frame.catalog, query);
  const dora = await askDora(reading.rollups, lastDays(clock.now(), days), wanted);
  return page(doraPage(frame, { dora, days, filter }));
}

export function showHelp(frame: Frame): Response {
  return page(helpPage(frame));
}

/** A page as an answer that nobody keeps. */
export function page(content: Html, status = 200): Response {
  return new Response(content.text, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  });
}

function first(channels: readonly Channel[]): Channel {
  const [channel] = channels;
  if (channel === undefined) throw new Error('There is always the main channel.');
  return channel;
}

/** Lets a request in, or says why not; and dresses every answer with the headers that keep the page ours. */
export async function guarded(
  site: Site,
  request: Request,
  answer: () => Promise<Response> | Response,
): Promise<Response> {
  const response = await admitted(site, request, answer);
  for (const [name, value] of Object.entries(SAFETY_HEADERS)) response.headers.set(name, value);
  return response;
}

async function admitted(site: Site, request: Request, answer: () => Promise<Response> | Response): Promise<Response> {
  if (!hostAllowed(request, site.tools.reading.catalog().baseUrl)) {
    return words(421, 'This address is not one of the console’s. Open it as http://127.0.0.1 with its port.');
  }
  if (request.method === 'POST') {
    if (site.readOnly) return words(403, 'The console is read only here. Give commands in the chat.');
    if (!fromOwnPage(request)) return words(403, 'This did not come from a page of the console, so it was not done.');
  }
  try {
    return await answer();
  } catch (error) {
    site.tools.log.error({ error, path: new URL(request.url).pathname }, 'console page failed');
    return words(500, 'The page could not be made. The log of the programme says why.');
  }
}

function words(status: number, sentence: string): Response {
  return new Response(`${sentence}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}
