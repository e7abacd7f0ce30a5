import { MAIN_CHANNEL } from './channels.ts';
import { asJson, closed, handOver, type Outcome, refusalNotice } from './desk.ts';
import { formBody } from './guard.ts';
import { filledFields, type Heard, heardForm, heardPress, heardSay, mayUse, visibleTo } from './inbound.ts';
import { requestForm } from './pages/composer.ts';
import type { Frame } from './pages/layout.ts';
import { cookieFor, viewerOf } from './people.ts';
import { frameOf, type Site, showChat } from './site.ts';

/** The kinds of post that carry a command. */
const READERS = { say: heardSay, press: heardPress, form: heardForm } as const;

export async function postCommand(site: Site, request: Request, kind: keyof typeof READERS): Promise<Response> {
  const body = await formBody(request);
  if (body.kind !== 'form') return oversized(site, request, body.kind);
  const { fields } = body;
  const frame = frameOf(site, request, fields.get('as'));
  const { viewer } = frame;
  // The page that was pressed may have come from another instance.
  await site.messages.current();
  const heard: Heard = READERS[kind](fields, viewer, { command: frame.catalog.command, messages: site.messages });
  const outcome = await handOver(heard, viewer.account.id, {
    ear: site.ear,
    messages: site.messages,
    clock: site.tools.clock,
  });
  if (scripted(request)) return asJson(outcome, frame);
  return plainAnswer(site, request, frame, fields, outcome);
}

/** Takes a private answer away from the one who has read it. */
export async function postDismiss(site: Site, request: Request): Promise<Response> {
  const body = await formBody(request);
  if (body.kind !== 'form') return oversized(site, request, body.kind);
  const frame = frameOf(site, request, body.fields.get('as'));
  await site.messages.current();
  const message = site.messages.byId(body.fields.get('message') ?? '');
  if (message?.to !== undefined && visibleTo(message, frame.viewer)) await site.messages.remove(message.id);
  return scripted(request)
    ? asJson({ kind: 'nothing' }, frame)
    : seeOther(`/?channel=${encodeURIComponent(message?.channel ?? MAIN_CHANNEL)}`);
}

/** Becomes somebody else. */
export async function postWho(site: Site, request: Request): Promise<Response> {
  const body = await formBody(request);
  if (body.kind !== 'form') return oversized(site, request, body.kind);
  const viewer = viewerOf(site.tools.reading.catalog(), request, body.fields.get('as'));
  const back = body.fields.get('back') ?? '/';
  // Somebody else's private notes stay behind.
  const url = /^\/(?![/\\])/.test(back) ? new URL(back, 'http://console') : new URL('http://console/');
  const gone = !mayUse(url.searchParams.get('channel') ?? MAIN_CHANNEL, viewer);
  return seeOther(gone ? '/' : `${url.pathname}${url.search}`, { 'set-cookie': cookieFor(viewer) });
}

/** The form again while its fields change: alerts and environments of what has been chosen so far. */
export async function getForm(site: Site, request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const frame = frameOf(site, request, query.get('as'));
  const inbox = site.ear.inbox();
  if (inbox === undefined) return asJson(closed(), frame);
  const form = await inbox.form(filledFields(query));
  return asJson({ kind: 'form', view: { form, channel: query.get('channel') ?? MAIN_CHANNEL } }, frame);
}

/** Without a script an answer is a page: back to where the press was, or the form above the box. */
async function plainAnswer(
  site: Site,
  request: Request,
  frame: Frame,
  fields: URLSearchParams,
  outcome: Outcome,
): Promise<Response> {
  const channel = fields.get('channel');
  switch (outcome.kind) {
    case 'note':
      return seeOther(`/?channel=${encodeURIComponent(outcome.message.channel)}#${outcome.message.id}`);
    case 'nothing':
      return seeOther(backTo(request, channel));
    case 'form':
      return showChat(site, frame, channel, null, { form: requestForm(frame, outcome.view) });
    case 'mend': {
      const form = await site.ear.inbox()?.form(filledFields(fields));
      if (form === undefined) return seeOther('/');
      const view = { form, channel: outcome.channel, errors: outcome.errors };
      return showChat(site, frame, channel, null, { form: requestForm(frame, view), status: 422 });
    }
    case 'refused':
      return showChat(site, frame, channel, null, { notice: refusalNotice(outcome.sentence), status: outcome.status });
  }
}

function backTo(request: Request, channel: string | null): string {
  const referer = request.headers.get('referer') ?? '';
  const pathname = URL.canParse(referer) ? new URL(referer).pathname : '/';
  if (pathname.startsWith('/deployments/')) return pathname;
  return channel === null ? '/' : `/?channel=${encodeURIComponent(channel)}`;
}

function oversized(site: Site, request: Request, kind: 'too-large' | 'no-form'): Response {
  const outcome: Outcome =
    kind === 'too-large'
      ? { kind: 'refused', status: 413, sentence: 'That is too long. Shorten it and send it again.' }
      : { kind: 'refused', status: 415, sentence: 'Only forms of this page are taken.' };
  return asJson(outcome, frameOf(site, request));
}

function scripted(request: Request): boolean {
  return request.headers.get('accept')?.startsWith('application/json') === true;
}

function seeOther(location: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status: 303, headers: { location, ...headers } });
}
