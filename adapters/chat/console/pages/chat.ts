import { plain } from '../../../../src/domain/text.ts';
import type { Channel } from '../channels.ts';
import { type Html, html, NOTHING } from '../markup.ts';
import type { Message } from '../messages.ts';
import { card, type Reader } from '../render.ts';
import { composer } from './composer.ts';
import { type Frame, layout, readerOf } from './layout.ts';
import { empty, logo, moment, pressed } from './pieces.ts';

export interface ChatView {
  readonly channels: readonly Channel[];
  readonly channel: Channel;
  /** What the viewer may see of the channel, oldest first. */
  readonly messages: readonly Message[];
  /** Show what stands before this message. */
  readonly before?: string | undefined;
  /** Shown above the box; the form of a command without arguments, when there is no script. */
  readonly form?: Html | undefined;
}

/** Root messages on one page; older ones are a link away. */
const ROOTS_SHOWN = 40;

export function chatPage(frame: Frame, view: ChatView): Html {
  const { channel } = view;
  const reader = readerOf(frame);
  const body = html`<div class="room">
    <h1 class="room-title">${channel.label}<small>${purpose(channel)}</small></h1>
    <div class="scroll" id="scroll" tabindex="0" role="region" aria-label="Messages of ${channel.label}">${stream(view, reader)}</div>
    ${view.form ?? NOTHING}
    ${frame.readOnly ? NOTHING : composer(frame, channel.id)}
  </div>`;
  return layout(frame, { title: channel.label, current: 'chat', body, aside: channelList(view) });
}

function purpose(channel: Channel): string {
  return channel.id.startsWith('@') ? 'Only you can see these' : '';
}

function channelList({ channels, channel }: ChatView): Html {
  return html`<nav class="channels" aria-label="Channels"><h2>Channels</h2><div id="channels" data-live>${channels.map(
    (one) => {
      const here = one.id === channel.id && html` aria-current="page"`;
      return html`<a class="nav channel" id="c-${encodeURIComponent(one.id)}" href="/?channel=${encodeURIComponent(one.id)}" data-newest="${one.newest}"${here}><span>${one.label}</span></a>`;
    },
  )}</div></nav>`;
}

function stream({ messages, before, channel }: ChatView, reader: Reader): Html {
  const known = new Set(messages.map(({ id }) => id));
  const roots = messages.filter(
    ({ thread, broadcast }) => thread === undefined || broadcast === true || !known.has(thread),
  );
  const end =
    before === undefined
      ? roots.length
      : Math.max(
          0,
          roots.findIndex(({ id }) => id === before),
        );
  const shown = roots.slice(Math.max(0, end - ROOTS_SHOWN), end);
  const first = shown[0];
  const older = first !== undefined && end > ROOTS_SHOWN;
  const back = (id: string): string => `/?channel=${encodeURIComponent(channel.id)}&before=${id}`;
  return html`<div class="stream" id="stream" data-live="list">
    ${older && html`<p class="older" id="older"><a href="${back(first.id)}">Show older messages</a></p>`}
    ${shown.length === 0 && html`<div id="nothing">${nothing(channel)}</div>`}
    ${shown.map((root) =>
      message(
        root,
        messages.filter((one) => one.thread === root.id),
        reader,
      ),
    )}
    ${before !== undefined && html`<p class="older" id="newer"><a href="/?channel=${encodeURIComponent(channel.id)}">Back to the newest messages</a></p>`}
  </div>`;
}

function nothing(channel: Channel): Html {
  const words = channel.id.startsWith('@')
    ? html`What Countersign tells you alone appears here.`
    : html`Type a service and an environment below, or press Enter on an empty line for the form.`;
  return empty('Nothing here yet', words);
}

function message(root: Message, replies: readonly Message[], reader: Reader): Html {
  return html`<article class="message${root.to === undefined ? '' : ' note'}" id="${root.id}" data-summary="${root.announcement.summary}">
    ${logo()}
    <div class="message-body">
      ${head(root)}
      ${root.asked !== undefined && html`<p class="asked">You: <code>${root.asked}</code></p>`}
      ${root.thread !== undefined && html`<p class="asked">Reply in <a href="#${root.thread}">a thread</a></p>`}
      ${card(root.id, root.announcement, reader)}
      ${root.to !== undefined && !reader.readOnly && dismiss(root, reader)}
      ${root.thread === undefined && root.to === undefined && thread(root, replies, reader)}
    </div>
  </article>`;
}

function head({ at, changedAt, to }: Message): Html {
  const edited =
    changedAt === undefined ? NOTHING : html`<span class="edited">edited ${moment(changedAt, 'clock')}</span>`;
  const alone = to === undefined ? NOTHING : html`<span class="alone">Only you can see this</span>`;
  return html`<p class="message-head"><strong>Countersign</strong>${moment(at, 'clock')}${edited}${alone}</p>`;
}

function dismiss({ id }: Message, { account }: Reader): Html {
  return html`<form class="dismiss" method="post" action="/console/dismiss" data-send>${pressed(account)}<input type="hidden" name="message" value="${id}"><button class="quiet" id="${id}-dismiss">Dismiss</button></form>`;
}

function thread(root: Message, replies: readonly Message[], reader: Reader): Html {
  const last = replies.at(-1);
  if (last === undefined) return NOTHING;
  const words = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
  return html`<details class="thread" id="${root.id}-thread">
    <summary><strong>${words}</strong> <span class="thread-last">${plain(last.announcement.title)}</span></summary>
    <ol class="replies">${replies.map((one) => html`<li id="r-${one.id}">${head(one)}${card(`r-${one.id}`, one.announcement, { ...reader, message: one.id })}</li>`)}</ol>
    ${!reader.readOnly && threadBox(root, reader)}
  </details>`;
}

function threadBox(root: Message, { account }: Reader): Html {
  return html`<form class="thread-box" method="post" action="/console/say" data-send>
    ${pressed(account)}<input type="hidden" name="channel" value="${root.channel}"><input type="hidden" name="at" value="${root.id}">
    <label class="unseen" for="${root.id}-say">Command in this thread</label>
    <input id="${root.id}-say" name="text" maxlength="500" autocomplete="off" placeholder="approve, status, cancel …"><button class="button">Send</button>
  </form>`;
}
