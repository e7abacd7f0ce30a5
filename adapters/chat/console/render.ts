import type { Announcement, Button, Chart, LinkButton, Progress, Section } from '../../../src/domain/announcement.ts';
import { type Person, sameHuman } from '../../../src/domain/person.ts';
import type { StepState } from '../../../src/domain/run.ts';
import { type Frame, frameVoice, words } from '../../../src/domain/tell/words/say.ts';
import { duration, type Inline, type Text } from '../../../src/domain/text.ts';
import { drawn } from '../../shared/chart-bars.ts';
import { type Html, html, NOTHING } from './markup.ts';
import { asking } from './pages/asking.ts';
import { avatar, isWeb, moment, pill, pressed, sign } from './pages/pieces.ts';

/** For whom, and where: links to our own pages stay on the address the reader came by, where the cookie is. */
export interface Reader {
  readonly person: Person;
  readonly account: string;
  readonly baseUrl: string | undefined;
  /** No buttons. */
  readonly readOnly: boolean;
  /** The message that the buttons of a card press, where it is not the card's own id. */
  readonly message?: string;
}

/** A card: the announcement of message `id`, with buttons that press it. */
export function card(id: string, announcement: Announcement, reader: Reader): Html {
  const { tone, lines, facts, sections, progress, chart, context } = announcement;
  const { word, rest } = headline(announcement);
  const frame = frameVoice(announcement);
  const lang = frame.language !== 'en' && html` lang="${frame.language}"`;
  return html`<div class="card ${tone}"${lang}>
    <p class="card-title">${word === undefined ? NOTHING : pill(tone, word)} <span>${text(rest, reader)}</span></p>
    ${lines.map((line) => html`<p class="line">${text(line, reader)}</p>`)}
    ${facts.length > 0 && html`<dl class="facts">${facts.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${text(value, reader)}</dd></div>`)}</dl>`}
    ${progress === undefined ? NOTHING : progressBar(progress)}
    ${chart === undefined ? NOTHING : barChart(chart)}
    ${sections.map((one, index) => section(`${id}-s${index}`, one, reader, frame))}
    ${buttons(id, announcement, reader)}
    ${context.length > 0 && html`<p class="context">${text(context, reader)}</p>`}
  </div>`;
}

export function text(parts: Text, reader: Reader): Html {
  return html`${parts.map((part) => inline(part, reader))}`;
}

function inline(part: Inline, reader: Reader): Html {
  if (typeof part === 'string') return isolated(part);
  switch (part.kind) {
    case 'strong':
      return html`<strong>${isolated(part.text)}</strong>`;
    case 'code':
      return html`<code><bdi>${part.text}</bdi></code>`;
    case 'link':
      return link(part.url, part.text, reader);
    case 'time':
      return moment(part.at, part.style, part.shown);
    case 'person': {
      const mine = sameHuman(part.person, reader.person) ? ' me' : '';
      return part.notify
        ? html`<span class="mention${mine}">@<bdi>${part.person.name}</bdi></span>`
        : html`<span class="person">${avatar(part.person)}<bdi>${part.person.name}</bdi></span>`;
    }
    case 'group':
      return html`<span class="mention">@<bdi>${part.name}</bdi></span>`;
  }
}

/** A text that turns the direction of writing must not turn what stands around it. */
function isolated(words: string): Html {
  return /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(words) ? html`<bdi>${words}</bdi>` : html`${words}`;
}

function link(url: string, words: string, { baseUrl }: Reader): Html {
  const own = ownPath(url, baseUrl);
  if (own !== undefined) return html`<a href="${own}"><bdi>${words}</bdi></a>`;
  if (!isWeb(url)) return html`<bdi>${words}</bdi>`;
  return html`<a href="${url}" target="_blank" rel="noopener noreferrer"><bdi>${words}</bdi></a>`;
}

/** The path when the address is one of our own pages. */
export function ownPath(url: string, baseUrl: string | undefined): string | undefined {
  if (/^\/(?![/\\])/.test(url)) return url;
  if (baseUrl === undefined || !url.startsWith(`${baseUrl}/`)) return undefined;
  const path = url.slice(baseUrl.length);
  return /^\/(?![/\\])/.test(path) ? path : undefined;
}

/** The state's word goes into a pill when the title begins with one; otherwise the tone's word stands in for it. */
function headline(announcement: Announcement): { readonly word: string | undefined; readonly rest: Text } {
  const { title, tone } = announcement;
  const first = title[0];
  const begun = typeof first === 'string' ? first : first?.kind === 'strong' ? first.text : '';
  const cut = begun.indexOf(' · ');
  if (first !== undefined && cut > 0 && cut <= 24) {
    const left = begun.slice(cut + 3);
    const again: Inline = typeof first === 'string' ? left : { kind: 'strong', text: left };
    return { word: begun.slice(0, cut), rest: [again, ...title.slice(1)] };
  }
  const next = title[1];
  if (typeof next === 'string' && next.startsWith(' · ') && begun !== '' && begun.length <= 30) {
    return { word: begun, rest: [next.slice(3), ...title.slice(2)] };
  }
  return { word: tone === 'neutral' ? undefined : words(frameVoice(announcement), `tone.${tone}`), rest: title };
}

const STEP_WORDS: Readonly<
  Record<StepState, { readonly word: string; readonly tone: 'neutral' | 'active' | 'good' | 'bad' }>
> = {
  waiting: { word: 'waiting', tone: 'neutral' },
  running: { word: 'running', tone: 'active' },
  succeeded: { word: 'done', tone: 'good' },
  failed: { word: 'failed', tone: 'bad' },
  skipped: { word: 'skipped', tone: 'neutral' },
};

function progressBar({ percent, words, steps }: Progress): Html {
  const shown = Number.isFinite(percent) ? Math.max(0, Math.min(100, Math.round(percent))) : 0;
  return html`<div class="progress">
    <div class="progress-head"><span>${words}</span><span class="percent">${shown} %</span></div>
    <progress max="100" value="${shown}" aria-label="Progress: ${words}">${shown} %</progress>
    ${steps.length > 0 && stepList(steps)}
  </div>`;
}

export function stepList(steps: Progress['steps']): Html {
  return html`<ol class="steps">${steps.map(({ name, state, tookMs }) => {
    const { word, tone } = STEP_WORDS[state];
    const took = tookMs === undefined ? '' : ` · ${duration(tookMs)}`;
    return html`<li class="step ${tone}">${sign(tone)}<span class="step-name"><bdi>${name}</bdi></span><span class="step-state">${word}${took}</span></li>`;
  })}</ol>`;
}

/** The picture is for eyes only: every label and length stands beside it in words. Its widths are no styles, which the page forbids. */
function barChart(chart: Chart): Html {
  return html`<figure class="chart">
    <figcaption><span class="chart-title">${chart.title}</span> ${isolated(chart.takeaway)}</figcaption>
    <ul>${drawn(chart).map(({ label, words, part, bad }) => {
      const width = Math.round(part * 1000) / 10;
      return html`<li class="bar${bad && html` bad`}"><span class="bar-label"><bdi>${label}</bdi></span><svg aria-hidden="true"><rect width="${width}%" height="100%" rx="3"/></svg><span class="bar-words">${words}</span></li>`;
    })}</ul>
  </figure>`;
}

/** Longer lists wait to be unfolded. */
const SHOWN_AT_ONCE = 4;

function section(id: string, { title, items, total, url }: Section, reader: Reader, frame: Frame): Html {
  const left = total - items.length;
  const more = left > 0 ? words(frame, 'list.more', { count: left }) : undefined;
  const whole = url === undefined ? html`${more}` : link(url, more ?? words(frame, 'list.whole'), reader);
  const short = total <= SHOWN_AT_ONCE && html` open`;
  return html`<details class="section" id="${id}"${short}>
    <summary>${title} <span class="count">${total}</span></summary>
    <ul>${items.map((item) => html`<li>${text(item, reader)}</li>`)}${(more !== undefined || url !== undefined) && html`<li class="more">${whole}</li>`}</ul>
  </details>`;
}

function buttons(id: string, announcement: Announcement, reader: Reader): Html {
  const shown = reader.readOnly ? [] : announcement.buttons;
  if (shown.length === 0 && announcement.links.length === 0) return NOTHING;
  const numbered = shown.map((one, index) => ({ one, name: `${id}-b${index}` }));
  const seldom = numbered.filter(({ one }) => one.seldom === true);
  const often = numbered.filter(({ one }) => one.seldom !== true);
  const press = ({ one, name }: { one: Button; name: string }): Html => button(id, name, one, reader);
  return html`<div class="actions">
    ${often.map(press)}${announcement.links.map((one) => linkButton(one, reader))}
    ${seldom.length > 0 && html`<details class="menu" id="${id}-more"><summary class="button">${words(frameVoice(announcement), 'card.more')}</summary><div class="menu-items">${seldom.map(press)}</div></details>`}
  </div>`;
}

function button(shown: string, name: string, one: Button, { account, message = shown }: Reader): Html {
  const { label, verb, value, style, confirm, ask } = one;
  const hidden = html`${pressed(account)}<input type="hidden" name="message" value="${message}"><input type="hidden" name="verb" value="${verb}"><input type="hidden" name="value" value="${value}">`;
  return asking({ id: name, action: '/console/press', hidden, label, style, confirm, ask });
}

function linkButton({ label, url }: LinkButton, reader: Reader): Html {
  const own = ownPath(url, reader.baseUrl);
  if (own !== undefined) return html`<a class="button" href="${own}">${label}</a>`;
  if (!isWeb(url)) return NOTHING;
  return html`<a class="button" href="${url}" target="_blank" rel="noopener noreferrer">${label}<span class="leaves" aria-hidden="true">↗</span></a>`;
}
