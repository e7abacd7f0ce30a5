import { randomUUID } from 'node:crypto';
import type { Tone } from '../../../../src/domain/announcement.ts';
import { shortSha } from '../../../../src/domain/change-set.ts';
import { stateWords } from '../../../../src/domain/deployment.ts';
import { BOT, type Person } from '../../../../src/domain/person.ts';
import { toneOf } from '../../../../src/domain/tell/context.ts';
import { type Html, html } from '../markup.ts';

const SIGNS: Readonly<Record<Tone, Html>> = {
  neutral: html`<circle cx="8" cy="8" r="5.25"/>`,
  waiting: html`<circle cx="8" cy="8" r="6.25"/><path d="M8 4.5V8l2.25 1.5"/>`,
  active: html`<circle class="faint" cx="8" cy="8" r="5.75"/><path class="turning" d="M8 2.25A5.75 5.75 0 0 1 13.75 8"/>`,
  good: html`<path d="m3 8.5 3.25 3.25L13 4.75"/>`,
  bad: html`<path d="m4 4 8 8m0-8-8 8"/>`,
};

/** A sign, a colour and a word: never the colour alone. */
export function pill(tone: Tone, word: string): Html {
  return html`<span class="pill ${tone}">${sign(tone)}${word}</span>`;
}

export function sign(tone: Tone): Html {
  return html`<svg class="sign" viewBox="0 0 16 16" aria-hidden="true">${SIGNS[tone]}</svg>`;
}

export function statePill(state: string): Html {
  return pill(toneOf(state), stateWords(state).word);
}

/** The person's initials on a colour that stays the person's. */
export function avatar(person: Pick<Person, 'id' | 'name'>): Html {
  if (person.id === BOT.id) return html`<span class="avatar bot" aria-hidden="true">${logo()}</span>`;
  const words = person.name.trim().split(/[\s._-]+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('');
  let sum = 0;
  for (const letter of person.id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 8;
  return html`<span class="avatar hue-${sum}" aria-hidden="true">${letters.toUpperCase()}</span>`;
}

export function who(person: Person): Html {
  return html`<span class="who">${avatar(person)}<bdi>${person.name}</bdi></span>`;
}

/** In UTC from here; the page's script turns it into the reader's own time. `shown`: as its one reader is told it, by the clock of their zone. */
export function moment(at: string, style: 'clock' | 'date' = 'date', shown?: string): Html {
  if (shown !== undefined) return html`<time datetime="${at}">${shown}</time>`;
  const words = style === 'clock' ? at.slice(11, 16) : at.slice(0, 16).replace('T', ' ');
  return html`<time datetime="${at}" data-style="${style}">${words} UTC</time>`;
}

export function commit(sha: string, url?: string): Html {
  const short = html`<code class="sha" title="${sha}">${shortSha(sha)}</code>`;
  return url === undefined ? short : outside(url, short);
}

/** A link that leaves the console; an address that is no web address is shown as words only. */
function outside(url: string, words: Html): Html {
  if (!isWeb(url)) return words;
  return html`<a href="${url}" target="_blank" rel="noopener noreferrer">${words}</a>`;
}

export function isWeb(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
}

export function deploymentLink(id: string): Html {
  return html`<a class="number" href="/deployments/${encodeURIComponent(id)}">${id}</a>`;
}

/** What every form carries: who presses, and an id for this one press. */
export function pressed(account: string): Html {
  return html`<input type="hidden" name="as" value="${account}"><input type="hidden" name="key" value="${randomUUID()}" data-key>`;
}

export function empty(title: string, words: Html): Html {
  return html`<div class="empty"><p class="empty-title">${title}</p><p>${words}</p></div>`;
}

export function logo(): Html {
  return html`<svg class="logo" viewBox="0 0 24 24" aria-hidden="true"><rect width="24" height="24" rx="6"/><path d="m5.5 12.5 3.25 3.25L13 10.5"/><path d="m11.5 15.25.5.5 6.5-8"/></svg>`;
}
