import { clip } from '../../../src/domain/text.ts';
import type { Choice } from '../../../src/ports/chat.ts';
import { words } from './dialog-text.ts';

/** The longest value that is offered, in UTF-16 units. No limit is published; git hosts take names of some 250. Never cut, since half a name is another name. */
export const VALUE_LIMIT = 500;
const LABEL_LIMIT = 80;
const HINT_LIMIT = 80;

/** A choice as cards and searches show it. */
export interface CardChoice {
  readonly title: string;
  readonly value: string;
}

/** What can be offered of these, in their order. Those without a value, or with one that is too long, are left out. */
export function cardChoices(choices: readonly Choice[], limit: number, hints = true): readonly CardChoice[] {
  return choices
    .filter(({ value }) => value !== '' && value.length <= VALUE_LIMIT)
    .slice(0, limit)
    .map(({ value, label, hint }) => ({ title: titleOf(value, label, hints ? hint : undefined), value }));
}

function titleOf(value: string, label: string, hint: string | undefined): string {
  const title = words(label, LABEL_LIMIT) || clip(value, LABEL_LIMIT);
  const more = hint === undefined ? '' : words(hint, HINT_LIMIT);
  return more === '' || more === title ? title : `${title} · ${more}`;
}
