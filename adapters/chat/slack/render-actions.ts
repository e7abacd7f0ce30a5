import type {
  ActionsBlock,
  ActionsBlockElement,
  ConfirmationDialog,
  Overflow,
  Button as SlackButton,
} from '@slack/types';
import type { Announcement, Button, LinkButton } from '../../../src/domain/announcement.ts';
import { clip, plain } from '../../../src/domain/text.ts';
import { cleaned } from '../../shared/cleaned.ts';
import { LIMITS } from './limits.ts';
import { webAddress } from './mrkdwn.ts';
import { withQuestions } from './questions.ts';

/** A verb in an `action_id` or an overflow option: `approve`, or `reject?` when it asks for words first. */
export interface Pressed {
  readonly verb: string;
  readonly asks: boolean;
}

/** Rows of buttons; `left` says how many did not fit. At most one is primary, seldom ones stand behind a menu. */
export function actions(
  announcement: Announcement,
  id: (name: string) => string,
  rows: number,
): { readonly blocks: readonly ActionsBlock[]; readonly left: number } {
  const usable = announcement.buttons.filter(fits);
  const menu = usable.filter(belongsInMenu).slice(0, LIMITS.overflow);
  const primary = usable.find((button) => button.style === 'primary' && !menu.includes(button));
  const elements: ActionsBlockElement[] = usable
    .filter((button) => !menu.includes(button))
    .map((button, index) => pressable(button, index, button === primary));
  elements.push(...announcement.links.flatMap((one, index) => linked(one, index, announcement)));
  if (menu.length > 0) elements.push(overflow(menu));
  const shown = elements.slice(0, rows * LIMITS.actions);
  const blocks: ActionsBlock[] = [];
  for (let start = 0; start < shown.length; start += LIMITS.actions) {
    const row = shown.slice(start, start + LIMITS.actions);
    blocks.push({ type: 'actions', block_id: withQuestions(id(`actions${blocks.length}`), usable), elements: row });
  }
  return { blocks, left: announcement.buttons.length + announcement.links.length - countOf(shown, menu.length) };
}

/** The verb of an `action_id` that `actions` made; nothing for any other. */
export function pressedAction(actionId: string): Pressed | undefined {
  const match = /^cs:([a-z]+)(\?)?:\d+$/.exec(actionId);
  return match?.[1] === undefined ? undefined : { verb: match[1], asks: match[2] === '?' };
}

/** Verb and value of an overflow option that `actions` made; nothing for any other. */
export function pressedOption(optionValue: string): (Pressed & { readonly value: string }) | undefined {
  const match = /^([a-z]+)(\?)? (.*)$/su.exec(optionValue);
  if (match?.[1] === undefined) return undefined;
  return { verb: match[1], asks: match[2] === '?', value: match[3] ?? '' };
}

/** A value that is cut would mean something else: such a button is left out. A dialog's memory needs room beside the value. */
function fits({ value, ask }: Button): boolean {
  return value.length <= LIMITS.buttonValue && (ask === undefined || JSON.stringify(value).length <= 2000);
}

/** A menu has one dialog for all its entries and short values only: what needs more stays a button. */
function belongsInMenu(button: Button): boolean {
  return button.seldom === true && button.confirm === undefined && optionValue(button).length <= LIMITS.optionValue;
}

function pressable(button: Button, index: number, primary: boolean): SlackButton {
  const style = primary ? 'primary' : button.style === 'danger' ? 'danger' : undefined;
  const { confirm } = button;
  return {
    type: 'button',
    action_id: `cs:${button.verb}${button.ask === undefined ? '' : '?'}:${index}`,
    text: { type: 'plain_text', text: label(button.label, button.verb), emoji: false },
    ...(button.value === '' ? {} : { value: button.value }),
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm: dialog(confirm, style) }),
  };
}

function dialog(confirm: NonNullable<Button['confirm']>, style: 'primary' | 'danger' | undefined): ConfirmationDialog {
  return {
    title: words(confirm.title, LIMITS.confirmTitle, 'Are you sure?'),
    text: words(confirm.text, LIMITS.confirmText, 'Are you sure?'),
    confirm: words(confirm.yes, LIMITS.confirmButton, 'Yes'),
    deny: words('Go Back', LIMITS.confirmButton, 'Go Back'),
    ...(style === undefined ? {} : { style }),
  };
}

function linked(one: LinkButton, index: number, announcement: Announcement): readonly SlackButton[] {
  const url = webAddress(one.url);
  if (url === undefined) return [];
  const text = label(one.label, 'Open');
  return [
    {
      type: 'button',
      action_id: `cs-link:${index}`,
      text: { type: 'plain_text', text, emoji: false },
      url,
      accessibility_label: clip(cleaned(`${text}: ${plain(announcement.title)}`), LIMITS.accessibilityLabel),
    },
  ];
}

function overflow(menu: readonly Button[]): Overflow {
  return {
    type: 'overflow',
    action_id: 'cs-more',
    options: menu.map((button) => ({
      text: { type: 'plain_text', text: label(button.label, button.verb), emoji: false },
      value: optionValue(button),
    })),
  };
}

function optionValue(button: Button): string {
  return `${button.verb}${button.ask === undefined ? '' : '?'} ${button.value}`;
}

/** Slack's guidance: no emoji in buttons. */
function label(value: string, otherwise: string): string {
  const bare = cleaned(value)
    .replace(/\p{Extended_Pictographic}|\u{fe0f}|\u{200d}/gu, '')
    .trim();
  return clip(bare === '' ? otherwise : bare, LIMITS.buttonText);
}

function words(value: string, limit: number, otherwise: string) {
  const text = clip(cleaned(value).trim() || otherwise, limit);
  return { type: 'plain_text' as const, text, emoji: false };
}

function countOf(shown: readonly ActionsBlockElement[], menu: number): number {
  return shown.length + (shown.some((one) => one.type === 'overflow') ? menu - 1 : 0);
}
