import { words } from './dialog-text.ts';
import type { AdaptiveCard } from './wire.ts';

/*
 * What Teams takes as the answer to `task/fetch`, `task/submit`, `composeExtension/fetchTask` and `composeExtension/submitAction`.
 * Source: "Invoke and dismiss dialogs", learn.microsoft.com.
 */

/** Opens a dialog with this card, or puts the card in place of the one that is open. */
export function openDialog(title: string, card: AdaptiveCard): object {
  return {
    task: {
      type: 'continue',
      value: {
        title: words(title, 60) || 'Countersign',
        height: card.body.length > 3 ? 'large' : 'medium',
        width: 'medium',
        card: { contentType: 'application/vnd.microsoft.card.adaptive', content: card },
      },
    },
  };
}

/** Closes the dialog; with a message it is shown in the dialog's place until it is dismissed. */
export function closeDialog(message?: string): object {
  const text = message === undefined ? '' : words(message, 1000);
  return text === '' ? {} : { task: { type: 'message', value: text } };
}
