import type { Question } from '../../../src/domain/announcement.ts';
import { type FormMemory, memoryData } from './dialog-memory.ts';
import { words } from './dialog-text.ts';
import { ANSWER, type PressData, pressData } from './press.ts';
import type { AdaptiveCard } from './wire.ts';

/** The most that is asked for in one field, in UTF-16 units. */
const LONGEST = 3000;

/**
 * Asks for the words that a button needs. The question came back through the client, so it is shown and nothing more: the words are
 * looked at again where the verb is done.
 */
export function askCard(press: PressData & { readonly ask: Question }, memory: FormMemory = {}): AdaptiveCard {
  const { verb, value, ask } = press;
  const label = words(ask.label, 200) || 'Your words';
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    body: [
      {
        type: 'Input.Text',
        id: ANSWER,
        label,
        isMultiline: true,
        maxLength: Math.min(Math.max(1, Math.floor(ask.maxLength) || 1), LONGEST),
        ...(ask.required ? { isRequired: true, errorMessage: 'Some words are needed here.' } : {}),
      },
    ],
    actions: [
      {
        type: 'Action.Submit',
        title: words(ask.submit, 40) || 'Send',
        data: { ...pressData({ verb, value }), ...memoryData(memory) },
      },
    ],
  };
}
