import type { Button, LinkButton } from '../../../src/domain/announcement.ts';
import { clip } from '../../../src/domain/text.ts';
import { cleaned } from '../../shared/cleaned.ts';
import { BUDGET, LIMITS } from './limits.ts';
import { escaped, webAddress } from './markdown.ts';
import { pressData } from './press.ts';
import type { CardElement } from './wire.ts';

/** The buttons of a card, at most `most`; `left` says how many are missing. At most one stands out, and seldom ones stand in a menu. */
export function actions(
  buttons: readonly Button[],
  links: readonly LinkButton[],
  most: number,
): { readonly actions: readonly CardElement[]; readonly left: number } {
  const usable = buttons.filter(({ value }) => value.length <= BUDGET.actionValue);
  const primary = usable.find(({ style, seldom }) => style === 'primary' && seldom !== true);
  const wanted = [...usable.map((button) => pressable(button, button === primary)), ...links.flatMap(opening)];
  const shown: CardElement[] = [];
  let beside = 0;
  for (const action of wanted) {
    if (shown.length >= most) break;
    const inMenu = action['mode'] === 'secondary' || beside >= LIMITS.primaryActions;
    // A menu cannot unfold a card.
    if (inMenu && action.type === 'Action.ShowCard') continue;
    if (!inMenu) beside += 1;
    shown.push(inMenu ? behind(action) : action);
  }
  return { actions: shown, left: buttons.length + links.length - shown.length };
}

/** What a client asks when a reader with a view of their own opens the card. */
export function refreshAction(key: string): CardElement {
  return {
    type: 'Action.Execute',
    title: 'Refresh',
    verb: 'refresh',
    data: pressData({ verb: 'refresh', value: key }),
  };
}

function pressable(button: Button, primary: boolean): CardElement {
  const { confirm, seldom } = button;
  const style = primary ? 'positive' : button.style === 'danger' ? 'destructive' : undefined;
  const dress = style === undefined ? {} : { style };
  const title = label(button.label, button.verb);
  if (confirm !== undefined) {
    return { type: 'Action.ShowCard', title, ...dress, card: sure(button, confirm) };
  }
  return { ...press(button, title, dress), ...(seldom === true ? { mode: 'secondary' } : {}) };
}

/** Does the verb at once, or opens the dialog that asks for words or fields before. */
function press({ verb, value, ask }: Button, title: string, dress: Readonly<Record<string, string>>): CardElement {
  if (ask !== undefined || verb === 'form') {
    const data = pressData({ verb, value, ...(ask === undefined ? {} : { ask }) }, true);
    return { type: 'Action.Submit', title, ...dress, data };
  }
  const data = pressData({ verb, value });
  // Clients that do not know Execute send the same by the older way.
  const fallback = { type: 'Action.Submit', title, ...dress, data };
  return { type: 'Action.Execute', title, ...dress, verb: 'press', data, fallback };
}

/** Unfolds below the button and asks once more. */
function sure(button: Button, { title, text, yes }: NonNullable<Button['confirm']>): CardElement {
  const asked = escaped(clip(title, BUDGET.label)).trim() || 'Are you sure?';
  const why = escaped(clip(text, BUDGET.confirmText)).trim();
  return {
    type: 'AdaptiveCard',
    body: [
      { type: 'TextBlock', text: asked, weight: 'bolder', wrap: true },
      ...(why === '' ? [] : [{ type: 'TextBlock', text: why, wrap: true, spacing: 'small' }]),
    ],
    actions: [press(button, label(yes, 'Yes'), {})],
  };
}

function opening(one: LinkButton): readonly CardElement[] {
  const url = webAddress(one.url);
  return url === undefined ? [] : [{ type: 'Action.OpenUrl', title: label(one.label, 'Open'), url }];
}

function behind(action: CardElement): CardElement {
  const fallback = action['fallback'];
  return {
    ...action,
    mode: 'secondary',
    ...(typeof fallback === 'object' ? { fallback: { ...fallback, mode: 'secondary' } } : {}),
  };
}

function label(value: string, otherwise: string): string {
  return clip(cleaned(value).replace(/\s+/g, ' ').trim() || otherwise, BUDGET.actionTitle);
}
