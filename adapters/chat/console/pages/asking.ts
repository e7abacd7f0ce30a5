import type { Button, Question } from '../../../../src/domain/announcement.ts';
import { type Html, html } from '../markup.ts';

/** A button of a page, as a form of its own so that it works without a script. */
export interface Asking {
  /** Stays the same while the button means the same; focus finds its way back by it. */
  readonly id: string;
  readonly action: string;
  readonly hidden: Html;
  readonly label: string;
  readonly style: Button['style'];
  readonly confirm?: Button['confirm'] | undefined;
  readonly ask?: Question | undefined;
}

/** Pressed at once; or, where words or a second thought are needed, unfolded first. The page's script makes that a dialog. */
export function asking(one: Asking): Html {
  if (one.confirm === undefined && one.ask === undefined) {
    return html`<form method="post" action="${one.action}" data-send>${one.hidden}<button id="${one.id}" class="button ${one.style}">${one.label}</button></form>`;
  }
  const { id, ask, confirm } = one;
  const yes = ask?.submit ?? confirm?.yes ?? one.label;
  return html`<details class="ask" id="${id}-ask">
    <summary id="${id}" class="button ${one.style}" data-dialog>${one.label}</summary>
    <form method="post" action="${one.action}" class="ask-form" data-send>
      ${one.hidden}
      <h2 class="ask-title">${ask?.title ?? confirm?.title}</h2>
      ${confirm !== undefined && html`<p>${confirm.text}</p>`}
      ${ask !== undefined && question(id, ask)}
      <div class="actions"><button class="button ${one.style === 'plain' ? 'primary' : one.style}">${yes}</button></div>
    </form>
  </details>`;
}

function question(id: string, { label, maxLength, required }: Question): Html {
  const must = required ? html` required` : html``;
  return html`<label class="field"><span>${label}${!required && html` <small>optional</small>`}</span>
    <textarea id="${id}-answer" name="answer" rows="3" maxlength="${maxLength}"${must}></textarea></label>`;
}
