import type { Reply } from '../../../src/ports/chat.ts';
import { type Clock, isoNow } from '../../../src/ports/clock.ts';
import type { Ear } from './chat.ts';
import type { Heard } from './inbound.ts';
import { type Html, html } from './markup.ts';
import type { Message, Messages } from './messages.ts';
import { type FormView, requestForm } from './pages/composer.ts';
import type { Frame } from './pages/layout.ts';
import { readerOf } from './pages/layout.ts';
import { sign } from './pages/pieces.ts';
import { card } from './render.ts';

/** What came of a post, before it is dressed for the script or for a browser without one. */
export type Outcome =
  /** A message stands in the channel now, for one or for all. */
  | { readonly kind: 'note'; readonly message: Message }
  | { readonly kind: 'form'; readonly view: FormView }
  | { readonly kind: 'mend'; readonly errors: Readonly<Record<string, string>>; readonly channel: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 413 | 415 | 503; readonly sentence: string };

export interface DeskTools {
  readonly ear: Ear;
  readonly messages: Messages;
  readonly clock: Clock;
}

/** Hands over what was heard, and writes the answer down where whoever acted will see it. */
export async function handOver(heard: Heard, account: string, { ear, messages, clock }: DeskTools): Promise<Outcome> {
  if (heard.kind === 'odd') return { kind: 'refused', status: 400, sentence: heard.sentence };
  const inbox = ear.inbox();
  if (inbox === undefined) return closed();
  const { incoming, channel, asked } = heard;
  return ear.during(
    (async () => {
      const reply = await inbox.receive(incoming);
      if (reply.kind !== 'say') return unwritten(reply, channel);
      const { announcement, visibility } = reply;
      const to = visibility === 'private' ? { to: account } : {};
      const at = isoNow(clock);
      const key = `reply:${incoming.key}`;
      return {
        kind: 'note',
        message: await messages.post({ key, channel, at, revision: 0, announcement, asked, ...to }),
      };
    })(),
  );
}

function unwritten(reply: Exclude<Reply, { kind: 'say' }>, channel: string): Outcome {
  if (reply.kind === 'form') return { kind: 'form', view: { form: reply.form, channel } };
  if (reply.kind === 'mend') return { kind: 'mend', errors: reply.errors, channel };
  return { kind: 'nothing' };
}

export function closed(): Outcome {
  return {
    kind: 'refused',
    status: 503,
    sentence: 'Countersign is starting or stopping and takes nothing now. Try again in a moment.',
  };
}

/** For the page's script, which puts it where it belongs. */
export function asJson(outcome: Outcome, frame: Frame): Response {
  switch (outcome.kind) {
    case 'note':
      return json(200, {
        kind: 'note',
        id: outcome.message.id,
        summary: outcome.message.announcement.summary,
        html: noticeOf(outcome.message, frame).text,
      });
    case 'form':
      return json(200, { kind: 'form', html: requestForm(frame, outcome.view).text });
    case 'mend':
      return json(200, { kind: 'mend', errors: outcome.errors });
    case 'nothing':
      return json(200, { kind: 'nothing' });
    case 'refused':
      return json(outcome.status, {
        kind: 'refused',
        html: refusalNotice(outcome.sentence).text,
        summary: outcome.sentence,
      });
  }
}

/** An answer shown at the head of a page that has no stream of messages. */
function noticeOf({ id, announcement }: Message, frame: Frame): Html {
  return html`<div class="notice" id="n-${id}">${card(`n-${id}`, announcement, { ...readerOf(frame), message: id })}</div>`;
}

export function refusalNotice(sentence: string): Html {
  return html`<p class="notice refusal" role="alert">${sign('bad')}<span>${sentence}</span></p>`;
}

function json(status: number, value: unknown): Response {
  return Response.json(value, { status, headers: { 'cache-control': 'no-store' } });
}
